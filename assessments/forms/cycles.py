import datetime

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Team
from assessments.cycle_queries import teams_with_people
from assessments.models import Cycle
from frameworks.models import FrameworkVersion, VersionState

USUAL_DAYS = 14
USUAL_MONTHS = 12


class TeamsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Teams to tick, each with who supervises it and how many people it has."""

    def label_from_instance(self, team: Team) -> SafeString:
        people = "1 person" if team.people == 1 else f"{team.people} people"  # type: ignore[attr-defined]  # annotated
        if team.supervisor is None:
            return format_html("<bdi>{}</bdi>, no supervisor of its own, {}", team, people)
        return format_html("<bdi>{}</bdi>, <bdi>{}</bdi>, {}", team, team.supervisor, people)


class DateInput(forms.DateInput):
    """A date as browsers offer one to pick."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CycleForm(forms.Form):
    name = forms.CharField(
        max_length=Cycle._meta.get_field("name").max_length,
        help_text="People see it everywhere: a season and a year serve well.",
        error_messages={"required": "Give the cycle a name, for example Autumn 2026."},
    )
    version = forms.ModelChoiceField(
        FrameworkVersion.objects.none(),
        label="Framework",
        empty_label=None,
        help_text="The published version that everybody in the cycle is rated against.",
        error_messages={"required": "Choose the framework: a published version is needed."},
    )
    teams = TeamsField(
        Team.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one team."},
    )
    opens_on = forms.DateField(
        label="Opens on",
        widget=DateInput,
        help_text="From this day people can start.",
        error_messages={"required": "Give the day it opens.", "invalid": "Write a date."},
    )
    due_on = forms.DateField(
        label="Due on",
        widget=DateInput,
        help_text="Work after this day is marked overdue, and can still be done.",
        error_messages={"required": "Give the day it is due.", "invalid": "Write a date."},
    )
    valid_months = forms.IntegerField(
        label="A placement holds for, in months",
        min_value=1,
        max_value=120,
        error_messages={"required": "Say how many months a placement holds."},
    )

    def __init__(self, data: QueryDict | None = None, *, today: datetime.date) -> None:
        usual = {
            "opens_on": today,
            "due_on": today + datetime.timedelta(days=USUAL_DAYS),
            "valid_months": USUAL_MONTHS,
        }
        super().__init__(data, initial=usual)
        published = FrameworkVersion.objects.filter(state=VersionState.PUBLISHED)
        self.fields["version"].queryset = published.select_related("framework")  # type: ignore[attr-defined]  # a choice field
        self.fields["teams"].queryset = teams_with_people()  # type: ignore[attr-defined]  # a choice field


class NameFilterForm(forms.Form):
    name = forms.CharField(required=False, max_length=120, label="Name")
