"""The one app in the Django admin, for support; what re-routes work changes on pages of ours."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import Team, User

admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # not generic when run
    """Names and sign-in of people; no power is given here and nobody is added or deleted."""

    list_display = ("username", "first_name", "last_name", "team", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "groups")
    list_select_related = ("team",)
    search_fields = ("username", "first_name", "last_name", "email", "employee_number")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "employee_number", "title")}),
        ("Changed on their own pages", {"fields": ("is_active", "team", "groups")}),
        ("Access to this site", {"fields": ("is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    read_only: ClassVar = (
        "is_active",
        "team",
        "groups",
        "is_superuser",
        "last_login",
        "date_joined",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.read_only if request.user.is_superuser else (*self.read_only, "is_staff")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Else somebody of the staff could take a superuser's account by a new password.
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """The names of teams; the tree and the supervisors change on pages of ours."""

    list_display = ("name", "parent", "supervisor")
    list_select_related = ("parent", "supervisor")
    search_fields = ("name",)
    readonly_fields = ("parent", "supervisor")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
