from django import forms

from assessments import declarations


class SubmitForm(forms.Form):
    """The declaration under which ratings are submitted, and the revision they were shown at."""

    declared = forms.BooleanField(
        label=declarations.CLERK,
        error_messages={"required": "Say that you rated the statements yourself, then submit."},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
