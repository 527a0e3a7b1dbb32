from typing import Any

from django import forms

from assessments.forms.rating import NoteField
from assessments.scales import Scale

DIFFER = "differ"


class AnswerForm(forms.Form):
    """What one side says on a statement: a rating to stand, or that the two differ, and why."""

    answer = forms.ChoiceField(
        error_messages={
            "required": "Choose the rating that should stand, or “We differ”.",
            "invalid_choice": "Choose one of the answers shown.",
        }
    )
    reason = NoteField(
        required=False,
        max_length=2000,
        error_messages={"max_length": "A reason has at most 2,000 characters."},
    )

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(value), scale.label(value)) for value in scale.values]
        self.fields["answer"].choices = [*choices, (DIFFER, "We differ")]  # type: ignore[attr-defined]  # it is a ChoiceField

    @property
    def point(self) -> int | None:
        answer = self.cleaned_data["answer"]
        return None if answer == DIFFER else int(answer)
