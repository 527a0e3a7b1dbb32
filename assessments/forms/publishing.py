from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from assessments.actions import Policy
from assessments.carryover_queries import CycleToAsk
from frameworks.models import FrameworkVersion


class PublishForm(forms.Form):
    """What becomes of each open cycle; `seen` is the pairing that was shown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        version: FrameworkVersion,
        seen: str,
        cycles: Sequence[CycleToAsk],
    ) -> None:
        finish = {_name(asked): str(Policy.FINISH) for asked in cycles}
        if data is not None:  # who says nothing of a cycle lets it finish
            data = data.copy()
            # What is drawn below is what the next answer is about.
            self.was_seen, data["seen"] = data.get("seen", ""), seen
            for name, choice in finish.items():
                data.setdefault(name, choice)
        super().__init__(data, initial={"seen": seen} | finish)
        self.cycles = {_name(asked): asked.cycle for asked in cycles}
        for asked in cycles:
            self.fields[_name(asked)] = forms.ChoiceField(
                label=f"{asked.cycle}, open until {asked.cycle.due_on:%-d %B %Y}",
                choices=_choices(asked, version),
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": f"Choose what becomes of {asked.cycle}."},
            )

    @property
    def policy(self) -> dict[int, Policy]:
        """Give by cycle what was chosen."""
        return {cycle.pk: Policy(self.cleaned_data[name]) for name, cycle in self.cycles.items()}


def _name(asked: CycleToAsk) -> str:
    return f"cycle-{asked.cycle.pk}"


def _choices(asked: CycleToAsk, version: FrameworkVersion) -> list[tuple[str, str]]:
    now = asked.cycle.starts_on.label
    finish = f"Finish on {now}: nothing changes for anybody in it"
    begun = f"whoever begins from now on rates against {version.label}"
    if not asked.drafts:
        return [(Policy.FINISH, finish), (Policy.MOVE, f"Move on: {begun}")]
    drafts = "1 draft" if asked.drafts == 1 else f"{asked.drafts} drafts"
    move = f"Move {drafts} never submitted, with every answer; {begun}, too"
    return [(Policy.FINISH, finish), (Policy.MOVE, move)]
