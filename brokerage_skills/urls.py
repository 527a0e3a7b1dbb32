from django.contrib import admin
from django.urls import include, path

from assessments.views import start
from brokerage_skills import views

urlpatterns = [
    path("", start.start, name="start"),
    path("help/", start.help, name="help"),
    path("healthz/live", views.health_live, name="health_live"),
    path("healthz/ready", views.health_ready, name="health_ready"),
    path("", include("accounts.urls")),
    path("", include("assessments.urls")),
    path("frameworks/", include("frameworks.urls")),
    path("records/", include("records.urls")),
    path("admin/", admin.site.urls),
]
