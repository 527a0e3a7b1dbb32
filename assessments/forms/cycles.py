import datetime

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import Team, User
from assessments.actions.cycles import (
    MOST_MONTHS,
    MOST_REPLY_DAYS,
    USUAL_MONTHS,
    USUAL_REPLY_DAYS,
)
from assessments.cycle_queries import teams_with_people
from assessments.models import Cycle, PlacementRule
from assessments.rule_queries import rules, usual_rule
from frameworks.models import FrameworkVersion, VersionState

USUAL_DAYS = 14


class TeamsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Teams to tick, each with who supervises it and how many people it has."""

    def label_from_instance(self, team: Team) -> SafeString:
        people = "1 person" if team.people == 1 else f"{team.people} people"  # type: ignore[attr-defined]  # annotated
        if team.supervisor is None:
            return format_html("<bdi>{}</bdi>, no supervisor of its own, {}", team, people)
        return format_html("<bdi>{}</bdi>, <bdi>{}</bdi>, {}", team, team.supervisor, people)


class RuleField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Rules to choose from, each with what it asks."""

    def label_from_instance(self, rule: PlacementRule) -> str:
        asked = f"{rule}: {rule.threshold}%"
        count: int = rule.must_haves  # type: ignore[attr-defined]  # annotated
        if not count:
            return asked
        return f"{asked}, {count} statement{'' if count == 1 else 's'} must be shown"


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
        max_value=MOST_MONTHS,
        error_messages={"required": "Say how many months a placement holds."},
    )
    rule = RuleField(
        PlacementRule.objects.none(),
        label="Placement rule",
        empty_label=None,
        help_text="How ratings suggest a level. It stays the same for the whole cycle.",
        error_messages={"required": "Choose the rule."},
    )
    reply_days = forms.IntegerField(
        label="Days to reply",
        min_value=1,
        max_value=MOST_REPLY_DAYS,
        help_text="After this many days without a word from the clerk the supervisor may close a"
        " difference as “no answer”.",
        error_messages={"required": "Say how many days the clerk has to reply."},
    )
    needs_standing = forms.BooleanField(
        required=False,
        label="Who signs must hold the level they sign",
        help_text="By a placement of their own that is still valid, or by an appointment. Without"
        " it, every supervisor may sign every level.",
    )
    needs_second_signer = forms.BooleanField(
        required=False,
        label="Some placements need a second signature",
        help_text="At the highest level, and two levels or more away from the suggested one. A"
        " supervisor further up or somebody appointed gives it; nothing is sealed before.",
    )

    def __init__(self, data: QueryDict | None = None, *, today: datetime.date) -> None:
        usual = {
            "opens_on": today,
            "due_on": today + datetime.timedelta(days=USUAL_DAYS),
            "valid_months": USUAL_MONTHS,
            "rule": usual_rule(),
            "reply_days": USUAL_REPLY_DAYS,
        }
        super().__init__(data, initial=usual)
        published = FrameworkVersion.objects.filter(state=VersionState.PUBLISHED)
        self.fields["version"].queryset = published.select_related("framework")  # type: ignore[attr-defined]  # a choice field
        self.fields["teams"].queryset = teams_with_people()  # type: ignore[attr-defined]  # a choice field
        if usual["rule"] is None:  # the first cycle makes rule 1
            del self.fields["rule"]
        else:
            self.fields["rule"].queryset = rules()  # type: ignore[attr-defined]  # a choice field


class SignOffFilterForm(forms.Form):
    """What the list is narrowed to; whatever does not fit narrows nothing."""

    name = forms.CharField(required=False, max_length=120, label="Name")
    on = forms.DateField(required=False, label="In force on")
    signer = forms.ModelChoiceField(User.objects.all(), required=False)
    cycle = forms.ModelChoiceField(Cycle.objects.all(), required=False)


class CycleFilterForm(forms.Form):
    cycle = forms.ModelChoiceField(
        Cycle.objects.all(),
        required=False,
        empty_label="All cycles",
        widget=forms.Select(attrs={"class": "in"}),
    )
