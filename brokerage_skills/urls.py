from django.contrib import admin
from django.urls import include, path

from assessments.views import start

urlpatterns = [
    path("", start.start, name="start"),
    path("help/", start.help, name="help"),
    path("", include("accounts.urls")),
    path("", include("assessments.urls")),
    path("frameworks/", include("frameworks.urls")),
    path("records/", include("records.urls")),
    path("admin/", admin.site.urls),
]
