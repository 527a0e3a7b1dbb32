from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import format_html

from assessments.rule_queries import OfVersion
from frameworks.models import Competency

LONGEST_REASON = 2000


class RuleForm(forms.Form):
    """A threshold, a reason, and between them the statements of each level to tick."""

    threshold = forms.IntegerField(
        label="Threshold, in per cent",
        min_value=1,
        max_value=100,
        help_text="A level is shown when at least this much of its statements that count is"
        " shown, rounded up to whole statements.",
        error_messages={"required": "Give the threshold, for example 80."},
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Why this rule is added. It is kept with the rule; administrators and auditors"
        " read it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why this rule is added."},
    )

    def __init__(
        self, data: QueryDict | None = None, *, published: Iterable[OfVersion] = ()
    ) -> None:
        super().__init__(data)
        published = list(published)
        self._levels = []
        for group in published:
            title = f", {group.version.framework.title}" if len(published) > 1 else ""
            highest = group.levels[-1][0]
            for level, statements in group.levels:
                above = "" if level == highest else " and every level above"
                self.fields[f"level_{level.pk}"] = forms.MultipleChoiceField(
                    label=f"Must be shown for {level.label}{above}{title}",
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    choices=[
                        (found.competency_id, format_html("<bdi>{}</bdi>", found.text))
                        for found in statements
                    ],
                )
                self._levels.append(f"level_{level.pk}")
        self.order_fields(["threshold", *self._levels, "reason"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = [pk for name in self._levels for pk in given.pop(name, [])]
        return {**given, "must_have": chosen}

    def must_have(self) -> QuerySet[Competency]:
        """Give the competencies that were chosen in a valid form."""
        return Competency.objects.filter(pk__in=self.cleaned_data["must_have"])
