from django import forms

from frameworks.actions import LONGEST_LABEL


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Framework file",
        help_text="The JSON export of one occupation, at most 2 MiB. Nothing is published by this:"
        " you see what was read first.",
        allow_empty_file=True,
    )
    label = forms.CharField(
        label="Version name",
        required=False,
        max_length=LONGEST_LABEL,
        help_text="Only where the file has no version of its own, for example v.26.05.",
    )


class LabelForm(forms.Form):
    label = forms.CharField(label="Version name", max_length=LONGEST_LABEL)
