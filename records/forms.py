from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms import ColleagueField, DayInput
from accounts.models import Team, User
from records.record_files import NotARecordFile, RecordFile, read_digest, read_record_file

# Far more than the longest record: forty statements, three ratings each, over several rounds.
MOST_BYTES = 5 * 1024 * 1024


class CheckForm(forms.Form):
    """A digest or a file; after cleaning `given` is the file as read, or None for a digest."""

    digest = forms.CharField(
        label="Digest",
        required=False,
        max_length=200,
        help_text="The 64 digits and letters printed on a record, in groups or in one.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Or the file of a record",
        required=False,
        allow_empty_file=True,
        help_text="As it was downloaded here. It is compared, not kept.",
    )
    error_title = "Nothing was checked yet"
    marks_optional = False  # one of the two is asked for
    given: RecordFile | None = None

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if (file := found.get("file")) is not None:
            self._read("file", lambda: self._of_file(file))
        elif found.get("digest"):
            self._read("digest", lambda: read_digest(found["digest"]))
        elif not self.errors:
            raise forms.ValidationError("Give a digest or a file.")
        return found

    def _of_file(self, file: Any) -> str:
        data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise NotARecordFile("The file is larger than 5 MiB: it is not one record.")
        self.given = read_record_file(data)
        return self.given.digest

    def _read(self, field: str, read: Any) -> None:
        try:
            self.cleaned_data["digest"] = read()
        except NotARecordFile as error:
            self.add_error(field, str(error))


class PackForm(forms.Form):
    """Whose records a pack holds, and of which days."""

    marks_optional = False  # each only narrows

    person = ColleagueField(
        User.objects.none(),
        required=False,
        label="Person",
        empty_label="Everybody",
        error_messages={"invalid_choice": "Choose one of these people."},
    )
    team = forms.ModelChoiceField(
        Team.objects.none(),
        required=False,
        label="Team",
        empty_label="Every team",
        help_text="Whoever is in it today, or in a team below it.",
        error_messages={"invalid_choice": "Choose one of these teams."},
    )
    since = forms.DateField(
        required=False,
        label="Sealed from",
        widget=DayInput,
        error_messages={"invalid": "Write a date."},
    )
    until = forms.DateField(
        required=False,
        label="Sealed until",
        widget=DayInput,
        error_messages={"invalid": "Write a date."},
    )

    def __init__(
        self, *args: Any, people: QuerySet[User], teams: QuerySet[Team], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a choice field
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]  # as above
        if not teams:
            del self.fields["team"]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first.")
        elif not self.errors and not any(found.values()):
            raise forms.ValidationError("Choose whose records, or from which days.")
        return found
