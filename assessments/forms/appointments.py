import datetime

from django import forms
from django.http import QueryDict

from accounts.forms import PersonChoiceField
from accounts.models import User
from assessments.dates import add_months
from assessments.forms.cycles import DateInput
from frameworks.models import Level, VersionState

LONGEST_REASON = 2000
USUAL_MONTHS = 12


class LevelChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    def label_from_instance(self, level: Level) -> str:
        return f"{level.label}, {level.version.framework.title}"


class AppointmentForm(forms.Form):
    person = PersonChoiceField(
        User.objects.filter(is_active=True),
        label="Who is appointed",
        empty_label="Choose a person",
        error_messages={"required": "Choose who is appointed."},
    )
    up_to_level = LevelChoiceField(
        Level.objects.filter(version__state=VersionState.PUBLISHED)
        .select_related("version__framework")
        .order_by("version__framework__title", "rank"),
        label="May sign up to",
        empty_label="Choose a level",
        help_text="This level and every one below it.",
        error_messages={"required": "Choose the highest level they may sign."},
    )
    ends_on = forms.DateField(
        label="Last day",
        widget=DateInput,
        help_text="At most two years from today.",
        error_messages={"required": "Give its last day.", "invalid": "Write a date."},
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Why they may sign. It is sealed; they and auditors read it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why this person may sign."},
    )

    def __init__(
        self, data: QueryDict | None = None, *, today: datetime.date, person: str = ""
    ) -> None:
        usual = {"person": person, "ends_on": add_months(today, USUAL_MONTHS)}
        super().__init__(data, initial=usual)


class EndAppointmentForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        help_text="Why it ends. It is sealed; they and auditors read it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why it ends."},
    )
