from typing import Any

from django import forms
from django.http import QueryDict

from assessments.actions import Entry

LARGEST_KEY = 2**63 - 1


class NoteField(forms.CharField):
    """A note; a form posts its line ends as two characters, a script as one."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class RatingForm(forms.Form):
    """One answer of one person; whether it may be stored is decided by the action."""

    statement = forms.IntegerField(min_value=1, max_value=LARGEST_KEY)
    point = forms.IntegerField(required=False, min_value=0, max_value=4)
    note = NoteField(required=False)
    reference = forms.CharField(required=False)
    revision = forms.IntegerField(min_value=0, max_value=LARGEST_KEY)

    @property
    def entry(self) -> Entry:
        data = self.cleaned_data
        return Entry(
            data["statement"], data["point"], data["note"], data["revision"], data["reference"]
        )


def level_form(data: QueryDict, statement_id: int) -> RatingForm:
    """Read one statement's answer out of a whole level's form: point-7, note-7 and so on."""
    return RatingForm(
        {
            "statement": statement_id,
            "point": data.get(f"point-{statement_id}", ""),
            "note": data.get(f"note-{statement_id}", ""),
            "reference": data.get(f"reference-{statement_id}", ""),
            "revision": data.get(f"revision-{statement_id}", "0"),
        }
    )
