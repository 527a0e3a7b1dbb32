from django.urls import path

from records import views

app_name = "records"

urlpatterns = [
    path("", views.record_list, name="record_list"),
    path("check/", views.record_check, name="record_check"),
    path("pack/", views.record_pack, name="record_pack"),
    path("<int:sequence>/", views.record_detail, name="record_detail"),
    path("<int:sequence>/download/", views.record_download, name="record_download"),
    path("<int:sequence>/pdf/", views.record_pdf, name="record_pdf"),
]
