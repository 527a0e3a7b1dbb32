from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Team
from assessments.models import Cycle

BY_LEVEL, BY_COVER = "level", "cover"
BY_NAME, BY_PLACEMENT, BY_ALONE = "name", "placement", "alone"


class SkillsForm(forms.Form):
    """What the table is narrowed to, and its order; whatever does not fit narrows nothing."""

    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="All teams")
    level = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        required=False,
        label="Ratings",
        empty_label="Signed, in force",
    )
    order = forms.ChoiceField(
        choices=[(BY_LEVEL, "By level"), (BY_COVER, "Least covered first")],
        required=False,
        label="Statements",
    )
    clerks = forms.ChoiceField(
        choices=[
            (BY_NAME, "By name"),
            (BY_PLACEMENT, "Highest level first"),
            (BY_ALONE, "Most done alone first"),
        ],
        required=False,
    )

    def __init__(
        self, *args: Any, teams: QuerySet[Team], levels: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]  # a choice field
        self.fields["cycle"].queryset = Cycle.objects.all()  # type: ignore[attr-defined]  # as above
        self.fields["level"].choices = [("", "All levels"), *levels]  # type: ignore[attr-defined]  # as above
        if teams.count() < 2:
            del self.fields["team"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "in"
