from typing import Any

from django import forms
from django.http import QueryDict

from frameworks.actions import LONGEST_LABEL
from frameworks.models import FrameworkVersion, Statement

NOT_HERE = "This pair is not in the comparison any more. Look at it again."


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


class StatementsForm(forms.Form):
    """A statement of the version compared with, one of the new version, or both."""

    def __init__(
        self, data: QueryDict, *, version: FrameworkVersion, base: FrameworkVersion | None
    ) -> None:
        super().__init__(data)
        self.fields["since"] = forms.IntegerField(required=False, min_value=0)
        of = {"old": [base] if base else [], "new": [version]}
        for name, versions in (of | {"other": of["old"] + of["new"]}).items():
            found = Statement.objects.filter(version__in=versions)
            self.fields[name] = forms.ModelChoiceField(found, required=False)
        self.version = version


class PairForm(StatementsForm):
    """What a person says of statements; after cleaning, `old` and `new` are those it is about."""

    SAME, DIFFERENT, OTHER = "same", "different", "other"

    choice = forms.ChoiceField(choices=[(name, name) for name in (SAME, DIFFERENT, OTHER)])

    @property
    def problem(self) -> str:
        """Give what is wrong in one sentence."""
        return str(self.non_field_errors()[0]) if self.non_field_errors() else NOT_HERE

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if {"old", "new", "other", "since"} & set(self.errors):
            raise forms.ValidationError(NOT_HERE)
        if "choice" not in given:
            raise forms.ValidationError("Choose one of the answers, then save.")
        if given["choice"] == self.OTHER:
            other = given.get("other")
            if other is None:
                raise forms.ValidationError("Choose the statement to pair with, then save.")
            given["old" if other.version_id != self.version.pk else "new"] = other
        needed = any if given["choice"] == self.DIFFERENT else all
        if not needed((given.get("old"), given.get("new"))):
            raise forms.ValidationError("A pair is a statement of each version.")
        return given
