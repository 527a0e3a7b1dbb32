from typing import Any

from django import forms
from django.http import QueryDict

from accounts.forms import SignatureForm
from accounts.models import User
from assessments.forms.rating import NoteField
from assessments.forms.supervisor import LONGEST_REASON, SignOffForm
from assessments.models import DisputedStatement
from assessments.scales import Scale
from frameworks.models import Level, Statement

UPHOLD, PLACE_ANEW = "uphold", "place_anew"


class AcknowledgeForm(forms.Form):
    seen = forms.BooleanField(
        error_messages={"required": "Say that you have seen it, then confirm."},
    )
    reply = NoteField(
        label="Your reply",
        help_text=(
            "Whoever reads the placement later can read this beside it. It is sealed and cannot"
            " be changed."
        ),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, meaning: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].label = meaning


class DisputeForm(forms.Form):
    statements = forms.ModelMultipleChoiceField(
        Statement.objects.none(),
        label="Which statements?",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only these are rated again, by somebody who signed nothing in it.",
        error_messages={"required": "Choose at least one statement."},
    )
    reason = NoteField(
        label="What do you see otherwise, and why?",
        help_text="Name what happened and when. It is read by whoever decides, and kept.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write what you see otherwise, and why."},
    )

    def __init__(self, *args: Any, version_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = Statement.objects.filter(version=version_id).select_related("level")
        self.fields["statements"].queryset = self.found  # type: ignore[attr-defined]  # a choice field

    @property
    def by_level(self) -> list[tuple[Level, list[tuple[Statement, bool]]]]:
        """Give the statements of each level, each with whether it was chosen."""
        chosen = {str(value) for value in self["statements"].value() or []}
        levels: dict[int, tuple[Level, list[tuple[Statement, bool]]]] = {}
        for statement in self.found:
            found = levels.setdefault(statement.level_id, (statement.level, []))
            found[1].append((statement, str(statement.pk) in chosen))
        return list(levels.values())


class DeciderForm(forms.Form):
    decider = forms.ModelChoiceField(
        User.objects.none(),
        label="Who decides?",
        help_text="Somebody who neither signed nor rated in it and does not work for the clerk.",
        error_messages={"required": "Choose who decides."},
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = User.objects.filter(pk__in=[person.pk for person in people])
        self.fields["decider"].queryset = found  # type: ignore[attr-defined]  # a choice field


class DisputedStatementForm(forms.Form):
    """The decider's rating of one disputed statement; `prefix` is the statement's number."""

    point = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    note = NoteField(required=False, max_length=LONGEST_REASON)

    def __init__(self, data: QueryDict | None, *, row: DisputedStatement, scale: Scale) -> None:
        initial = {"point": row.point, "note": row.note}
        super().__init__(data, prefix=f"s{row.statement_id}", initial=initial)
        self.row = row
        self.fields["point"].choices = [(value, scale.label(value)) for value in scale.values]  # type: ignore[attr-defined]  # a choice field

    @property
    def chosen(self) -> str:
        value = self["point"].value()
        return "" if value is None else str(value)


class DecideForm(SignOffForm):
    """Uphold with a reason, or place anew as a sign-off does."""

    outcome = forms.ChoiceField(
        label="Your decision",
        widget=forms.RadioSelect,
        choices=[(UPHOLD, "The placement stands"), (PLACE_ANEW, "I place anew")],
        error_messages={"required": "Choose whether the placement stands."},
    )
    field_order: tuple[str, ...] = (
        "outcome",
        "level",
        "category",
        "justification",
        "confirm_set_aside",
        "password",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].required = False
        self.fields["level"].label = "If you place anew: at which level?"
        self.fields["justification"].required = True
        self.fields["justification"].label = "Why"
        self.fields["justification"].help_text = "The clerk reads it, and it is sealed."
        self.fields["justification"].error_messages["required"] = "Write why you decide so."
        del self.fields["revision"]
        if "confirm_set_aside" in self.fields:
            self.fields["confirm_set_aside"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = SignatureForm.clean(self) or {}
        if cleaned.get("outcome") != PLACE_ANEW:
            return cleaned
        if not cleaned.get("level"):
            self.add_error("level", "Choose a level, or “Not yet placed”.")
        elif self.placed != self.judgement.suggested and not cleaned.get("category"):
            self.add_error("category", "Say what kind of reason it is.")
        return cleaned
