import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
)
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, QueryDict

from accounts.models import Team, User
from accounts.permissions import ADMINISTRATORS, AUDITORS

PASSWORD_RULES = "At least 12 characters; not a common one, and not like your name."  # noqa: S105  # says what is asked


class SignInForm(AuthenticationForm):
    error_title = "You are not signed in yet"
    error_messages = {  # noqa: RUF012  # as Django has it
        **AuthenticationForm.error_messages,
        "invalid_login": "The user name and the password do not go together. Capital letters"
        " count. If you forgot the password, choose a new one by e-mail.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"
        self.fields["username"].error_messages["required"] = "Write your user name."
        self.fields["password"].error_messages["required"] = "Write your password."


PASSWORD_ERRORS: dict[str, Any] = {
    "password_incorrect": "That is not your password now. Nothing was changed.",
    "password_mismatch": "The two new passwords differ. Write the same one twice.",
}


def _explain_new_passwords(fields: dict[str, forms.Field]) -> None:
    fields["new_password1"].help_text = PASSWORD_RULES
    fields["new_password1"].error_messages["required"] = "Write a new password."
    fields["new_password2"].label = "New password again"
    fields["new_password2"].help_text = ""
    fields["new_password2"].error_messages["required"] = "Write the new password a second time."


class OwnPasswordForm(PasswordChangeForm):
    error_title = "Your password is not changed yet"
    error_messages = PASSWORD_ERRORS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].error_messages["required"] = "Write your password as it is now."
        _explain_new_passwords(self.fields)


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic when run
    error_title = "Your password is not saved yet"
    error_messages = PASSWORD_ERRORS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _explain_new_passwords(self.fields)


class PersonChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    def label_from_instance(self, obj: User) -> str:
        return f"{obj} ({obj.username}{'' if obj.is_active else ', deactivated'})"


class PersonForm(forms.Form):
    """What is known of a person."""

    first_name = forms.CharField(
        label="First name", max_length=150, error_messages={"required": "Write their first name."}
    )
    last_name = forms.CharField(
        label="Last name", max_length=150, error_messages={"required": "Write their last name."}
    )
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
        error_messages={"required": "Write the name they sign in with."},
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


class DeactivateForm(forms.Form):
    """What has to be said when somebody leaves: who takes their teams, why their work closes."""

    reason = forms.CharField(
        label="Why is their own assessment closed?",
        help_text="It cannot be finished without them. The reason is kept with it.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why it is closed."},
    )
    nobody = forms.BooleanField(
        label="Nobody takes them for now: they are listed as having no supervisor",
        required=False,
    )

    def __init__(self, *args: Any, closes: bool, teams: list[Team], left: bool, person: User):
        super().__init__(*args)
        self.teams = teams
        if not closes:
            del self.fields["reason"]
        for team in teams:
            self.fields[f"successor-{team.pk}"] = PersonChoiceField(
                User.objects.filter(is_active=True).exclude(pk=person.pk),
                label=f"Who supervises {team} from now on?",
                required=False,
                empty_label="Choose somebody",
            )
        if left:
            self.order_fields(["reason", *(f"successor-{team.pk}" for team in teams), "nobody"])
        else:
            del self.fields["nobody"]

    @property
    def said(self) -> dict[str, Any]:
        """Give what was asked, as the action takes it."""
        chosen = {team: self.cleaned_data[f"successor-{team.pk}"] for team in self.teams}
        return {
            "reason": self.cleaned_data.get("reason", ""),
            "successors": {team: person for team, person in chosen.items() if person},
            "nobody": self.cleaned_data.get("nobody", False),
        }


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
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Write the team's name."}
    )
    parent = forms.ModelChoiceField(
        Team.objects.all(), label="Part of", required=False, empty_label="No other team"
    )
    supervisor = PersonChoiceField(
        User.objects.filter(is_active=True),
        label="Supervisor",
        required=False,
        empty_label="Nobody: the team above decides",
    )

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever is named already can stay, so that a new name for the team is just that.
        choices = User.objects.filter(Q(is_active=True) | Q(supervised_teams=team)).distinct()
        self.fields["supervisor"].queryset = choices if team else choices.filter(is_active=True)  # type: ignore[attr-defined]  # a ModelChoiceField


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail address"
        self.fields["email"].error_messages["required"] = "Write your e-mail address."

    def get_users(self, email: str) -> Any:
        return User.objects.filter(email__iexact=email, is_active=True)


class ColleagueField(PersonChoiceField):
    """People as colleagues know them: by name and team."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj}, {obj.team}" if obj.team else str(obj)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DelegationForm(forms.Form):
    """Who acts for whom, from one day to another; a supervisor is not asked for whom."""

    from_supervisor = ColleagueField(
        User.objects.none(),
        label="For whom",
        empty_label="Choose a supervisor",
        error_messages={"required": "Choose the supervisor who is away."},
    )
    to_supervisor = ColleagueField(
        User.objects.filter(is_active=True).select_related("team"),
        label="Who acts",
        help_text="Supervisors stand first.",
        empty_label="Choose a person",
        error_messages={"required": "Choose who acts."},
    )
    starts_on = forms.DateField(
        label="From",
        widget=DayInput,
        error_messages={"required": "Give the first day.", "invalid": "Write a date."},
    )
    ends_on = forms.DateField(
        label="Last day",
        widget=DayInput,
        help_text="It ends by itself after this day; at most a year after the first.",
        error_messages={"required": "Give the last day.", "invalid": "Write a date."},
    )
    reason = forms.CharField(
        label="Why",
        help_text="Both of you and auditors read it.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write why."},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        giver: User | None,
        today: datetime.date,
        chosen: str = "",
    ) -> None:
        super().__init__(data, initial={"starts_on": today, "from_supervisor": chosen})
        supervises = Exists(Team.objects.filter(supervisor=OuterRef("pk")))
        people = self.fields["to_supervisor"].queryset  # type: ignore[attr-defined]  # a ModelChoiceField
        people = people.order_by(supervises.desc(), "last_name", "first_name", "username")
        if giver is not None:
            del self.fields["from_supervisor"]
            people = people.exclude(pk=giver.pk)
        self.fields["to_supervisor"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField
        if giver is not None:
            return
        supervisors = User.objects.filter(is_active=True, supervised_teams__isnull=False)
        self.fields["from_supervisor"].queryset = supervisors.select_related("team").distinct()  # type: ignore[attr-defined]  # as above


class Signer(NamedTuple):
    """Who signs, with what they sent, and whether they gave their password a moment ago."""

    person: User
    request: HttpRequest
    is_confirmed: bool


class SignatureForm(forms.Form):
    """Asks whoever signs for their password again; `seen` stands for what they were shown."""

    password = forms.CharField(
        label="Your password",
        help_text="It stands for your signature. It is not asked again within five minutes.",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Give your password: it stands for your signature."},
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, signer: Signer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signer
        if signer.is_confirmed:
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        # Wrong ones count as they do at sign-in.
        username = self.signer.person.username
        if authenticate(self.signer.request, username=username, password=password) is None:
            raise forms.ValidationError("This is not your password. Nothing was signed.")
        return password
