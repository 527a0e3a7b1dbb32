from django import forms

from assessments.forms.supervisor import LONGEST_REASON, SignOffForm


class CorrectForm(SignOffForm):
    reason = forms.CharField(
        label="What was wrong?",
        help_text="It is sealed; the clerk and auditors read it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what was wrong: the clerk reads it."},
    )
    field_order = ("reason", *SignOffForm.field_order)
