from django.urls import path

from frameworks.views import publishing, uploading, versions

app_name = "frameworks"

urlpatterns = [
    path("", versions.framework_list, name="framework_list"),
    path("upload/", uploading.version_upload, name="version_upload"),
    path("versions/<int:pk>/", versions.version_detail, name="version_detail"),
    path("versions/<int:pk>/publish/", publishing.version_publish, name="version_publish"),
    path("versions/<int:pk>/retire/", publishing.version_retire, name="version_retire"),
    path("versions/<int:pk>/label/", versions.version_label, name="version_label"),
    path("versions/<int:pk>/discard/", versions.version_discard, name="version_discard"),
    path("versions/<int:pk>/source/", versions.version_source, name="version_source"),
]
