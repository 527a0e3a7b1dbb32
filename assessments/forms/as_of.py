import datetime

from django import forms
from django.utils import timezone

LAST_OF_DAY = datetime.time.max


class DayInput(forms.DateInput):
    input_type = "date"


class TimeInput(forms.TimeInput):
    """A time of day as browsers offer one to pick, to the second."""

    input_type = "time"


class AsOfForm(forms.Form):
    """A moment to read something as of: a day, and a time of it where it matters."""

    on = forms.DateField(
        label="Day",
        widget=DayInput(format="%Y-%m-%d", attrs={"class": "in"}),
        error_messages={
            "required": "Choose a day.",
            "invalid": "Give the day as a date, for example 2026-03-14.",
        },
    )
    time = forms.TimeField(
        label="Time",
        required=False,
        widget=TimeInput(attrs={"step": 1, "class": "in"}),
        error_messages={"invalid": "Give the time as hours and minutes, for example 14:30."},
    )

    @property
    def moment(self) -> datetime.datetime:
        """Give the last moment that was named: of the day, of the minute or of the second.

        In the time zone of the firm.
        """
        time = self.cleaned_data["time"]
        if time is None:
            time = LAST_OF_DAY
        elif self.data["time"].count(":") < 2:
            time = time.replace(second=59, microsecond=999_999)
        else:
            time = time.replace(microsecond=999_999)
        day: datetime.date = self.cleaned_data["on"]
        return datetime.datetime.combine(day, time, timezone.get_current_timezone())


class PlacementAsOfForm(forms.Form):
    """A day, whom it is about, and words of the statement it is about."""

    name = forms.CharField(
        label="Person",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "in", "placeholder": "Anybody"}),
    )
    words = forms.CharField(
        label="Words of a statement",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "in", "placeholder": "Any"}),
    )
    on = forms.DateField(
        label="Day",
        widget=DayInput(format="%Y-%m-%d", attrs={"class": "in"}),
        error_messages={
            "required": "Choose a day.",
            "invalid": "Give the day as a date, for example 2026-03-14.",
        },
    )
