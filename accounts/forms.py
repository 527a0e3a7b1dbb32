from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.validators import UnicodeUsernameValidator

from accounts.models import Team, User
from accounts.permissions import ADMINISTRATORS, AUDITORS


class PersonChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, obj: User) -> str:
        return f"{obj} ({obj.username})"


class PersonForm(forms.Form):
    """What is known of a person."""

    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    title = forms.CharField(
        label="Title", max_length=120, required=False, help_text="As it stands on their records."
    )
    employee_number = forms.CharField(label="Employee number", max_length=40, required=False)
    email = forms.EmailField(
        label="E-mail", required=False, help_text="A new password is sent there."
    )


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label="User name",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="They sign in with it. It cannot be changed later.",
    )
    team = forms.ModelChoiceField(
        Team.objects.all(), label="Team", required=False, empty_label="In no team"
    )
    field_order = ("first_name", "last_name", "username")


class MoveForm(forms.Form):
    team = forms.ModelChoiceField(
        Team.objects.all(), label="Team", required=False, empty_label="In no team"
    )


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label="Roles",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (ADMINISTRATORS, "Administrator: frameworks, cycles and people"),
            (AUDITORS, "Auditor: reads every sign-off and record, changes nothing"),
        ],
    )


class TeamForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120)
    parent = forms.ModelChoiceField(
        Team.objects.all(), label="Part of", required=False, empty_label="No other team"
    )
    supervisor = PersonChoiceField(
        User.objects.filter(is_active=True),
        label="Supervisor",
        required=False,
        empty_label="Nobody: the team above decides",
    )


class PeopleFileForm(forms.Form):
    file = forms.FileField(label="CSV file", help_text="In UTF-8, at most 1 MiB and 2,000 people.")
    check_only = forms.BooleanField(label="Only check the file, write nothing", required=False)


class PersonFilterForm(forms.Form):
    search = forms.CharField(label="Name, user name or number", max_length=100, required=False)
    team = forms.ModelChoiceField(
        Team.objects.all(), label="Team", required=False, empty_label="All teams"
    )


class ForgottenPasswordForm(PasswordResetForm):
    """Django's own leaves out people who never had a password; ours begin without one."""

    def get_users(self, email: str) -> Any:
        return User.objects.filter(email__iexact=email, is_active=True)
