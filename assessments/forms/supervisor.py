from typing import Any

from django import forms

from assessments.placement import NOT_YET_PLACED, Suggestion
from frameworks.models import Level

LONGEST_REASON = 2000


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="Why do you return it?",
        help_text="Say what to look at again. It is read before rating again, and kept.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Write why you return it, so that the clerk knows what to look at."
        },
    )


class CloseForm(forms.Form):
    reason = forms.CharField(
        label="Why do you close it?",
        help_text="The clerk reads this, and it is kept.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why you close it; the reason is kept with it."},
    )


class SignOffForm(forms.Form):
    level = forms.ChoiceField(
        label="Place at",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a level, or “Not yet placed”.",
            "invalid_choice": "Choose one of the levels shown.",
        },
    )
    justification = forms.CharField(
        label="Why this level",
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    confirm_set_aside = forms.BooleanField(
        required=False,
        error_messages={"required": "Confirm that the levels set aside were not judged."},
    )
    # The page draws it from the assessment: after a conflict the next try carries the new one.
    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "The page was incomplete. Nothing was signed; look at it and sign again.",
            "invalid": "The page was incomplete. Nothing was signed; look at it and sign again.",
        },
    )

    def __init__(
        self, *args: Any, levels: list[Level], suggestion: Suggestion, set_aside: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.levels = {str(level.pk): level for level in levels}
        self.suggestion = suggestion
        self.suggested = None if suggestion.suggested is None else levels[suggestion.suggested]
        places = [(str(level.pk), self._label(level.label, level)) for level in levels]
        places.append(("none", self._label(NOT_YET_PLACED, None)))
        self.fields["level"].choices = places  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["justification"].help_text = self._when_needed()
        if set_aside:
            self.fields["confirm_set_aside"].required = True
            self.fields["confirm_set_aside"].label = f"I know that {set_aside}"
        else:
            del self.fields["confirm_set_aside"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "level" not in cleaned or cleaned.get("justification"):
            return cleaned
        if self.placed != self.suggested:
            sentence = "You place at another level than the suggested one: write why."
            self.add_error("justification", sentence)
        elif self.suggestion.much_left_out:
            sentence = "Write why the level holds although more than a fifth of it is left out."
            self.add_error("justification", sentence)
        return cleaned

    @property
    def placed(self) -> Level | None:
        return self.levels.get(self.cleaned_data["level"])

    def _label(self, label: str, level: Level | None) -> str:
        return f"{label} (suggested)" if level == self.suggested else label

    def _when_needed(self) -> str:
        if self.suggestion.much_left_out:
            return "Needed: more than a fifth of the suggested level is left out."
        return (
            "Needed only for another level than the suggested one. It becomes part of the record."
        )
