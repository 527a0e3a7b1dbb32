from django.urls import path

from frameworks.views import comparing, publishing, uploading, versions

app_name = "frameworks"

urlpatterns = [
    path("", versions.framework_list, name="framework_list"),
    path("upload/", uploading.version_upload, name="version_upload"),
    path("versions/<int:pk>/", versions.version_detail, name="version_detail"),
    path("versions/<int:pk>/compare/", comparing.version_compare, name="version_compare"),
    path("versions/<int:pk>/changes/", comparing.version_changes, name="version_changes"),
    path("versions/<int:pk>/pair/", comparing.version_pair, name="version_pair"),
    path("versions/<int:pk>/pair/undo/", comparing.version_pair_undo, name="version_pair_undo"),
    path("versions/<int:pk>/publish/", publishing.version_publish, name="version_publish"),
    path("versions/<int:pk>/retire/", publishing.version_retire, name="version_retire"),
    path("versions/<int:pk>/label/", versions.version_label, name="version_label"),
    path("versions/<int:pk>/discard/", versions.version_discard, name="version_discard"),
    path("versions/<int:pk>/source/", versions.version_source, name="version_source"),
]
