from typing import Any

from django import forms

from accounts.forms import SignatureForm
from assessments.judgement_queries import Judgement, why_justify
from assessments.models import JustificationCategory
from assessments.placement import NOT_YET_PLACED
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


class SignOffForm(SignatureForm):
    level = forms.ChoiceField(
        label="Place at",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a level, or “Not yet placed”.",
            "invalid_choice": "Choose one of the levels shown.",
        },
    )
    category = forms.ChoiceField(
        label="What kind of reason is it?",
        choices=[("", "No other level, no reason needed"), *JustificationCategory.choices],
        required=False,
        help_text="Asked for only where you place at another level than the suggested one.",
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

    field_order: tuple[str, ...] = (
        "level",
        "category",
        "justification",
        "confirm_set_aside",
        "password",
    )

    def __init__(self, *args: Any, judgement: Judgement, set_aside: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.judgement = judgement
        levels = [row.level for row in judgement.levels]
        self.levels = {str(level.pk): level for level in levels}
        places = [(str(level.pk), self._label(level.label, level)) for level in levels]
        places.append(("none", self._label(NOT_YET_PLACED, None)))
        self.fields["level"].choices = places  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["justification"].help_text = self._when_needed()
        if needed := why_justify(judgement, is_override=False):
            self.fields["justification"].required = True
            self.fields["justification"].error_messages["required"] = needed
        if set_aside:
            self.fields["confirm_set_aside"].required = True
            self.fields["confirm_set_aside"].label = f"I know that {set_aside}"
        else:
            del self.fields["confirm_set_aside"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "level" not in cleaned:
            return cleaned
        is_override = self.placed != self.judgement.suggested
        needed = why_justify(self.judgement, is_override=is_override)
        if needed and not cleaned.get("justification"):
            # In place of what is asked for the suggested level.
            self.errors.pop("justification", None)
            self.add_error("justification", needed)
        if is_override and not cleaned.get("category"):
            self.add_error("category", "Say what kind of reason it is.")
        return cleaned

    @property
    def placed(self) -> Level | None:
        return self.levels.get(self.cleaned_data["level"])

    def _label(self, label: str, level: Level | None) -> str:
        return f"{label} (suggested)" if level == self.judgement.suggested else label

    def _when_needed(self) -> str:
        if why_justify(self.judgement, is_override=False):
            if self.judgement.sides_differ:
                return (
                    f"Needed: the clerk's own ratings give {self.judgement.by_clerk.label}."
                    " It becomes part of the record."
                )
            return "Needed: more than a fifth of the suggested level is left out."
        return (
            "Needed only for another level than the suggested one. It becomes part of the record."
        )


class SecondSignatureForm(SignatureForm):
    revision = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "The page was incomplete. Nothing was signed; look at it and sign again.",
            "invalid": "The page was incomplete. Nothing was signed; look at it and sign again.",
        },
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Why do you decline?",
        help_text="The first signer reads it and decides anew. It is kept.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why you decline; the first signer reads it."},
    )
