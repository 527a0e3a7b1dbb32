from django import forms

from accounts.forms import SignatureForm
from assessments.forms.supervisor import LONGEST_REASON


class RevokeForm(SignatureForm):
    reason = forms.CharField(
        label="Reason",
        help_text="Why it must not stand. It is sealed; the clerk and auditors read it.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write why you revoke it: the clerk reads it."},
    )
    field_order = ("reason", "password")
