"""Where an assessment stands, as a chip and as steps."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.timezone import localtime

from accounts.models import User
from assessments import workflow
from assessments.models import Assessment, Event
from assessments.workflow import State


class Chip(NamedTuple):
    """A state as an icon, a word and a colour."""

    icon: str
    word: str
    kind: str


CHIPS = {
    State.DRAFT: Chip("half", "In progress", "go"),
    State.SUBMITTED: Chip("clock", "Submitted", "go"),
    State.REVIEWED: Chip("differ", "Both sides rated", "go"),
    State.RECONCILED: Chip("pen", "Ready to be signed off", "go"),
    State.SIGNED_OFF: Chip("done", "Signed off", "ok"),
    State.CLOSED: Chip("lock", "Closed", ""),
}
RETURNED = Chip("warn", "Returned", "warn")
MOVED = Chip("right", "Moved to a new version", "")


def chip_of(assessment: Assessment) -> Chip:
    if assessment.state == State.DRAFT and assessment.round > 1:
        return RETURNED
    return CHIPS[State(assessment.state)]


class ShownStep(NamedTuple):
    """One step of the way, as parts/_steps.html draws it."""

    icon: str
    title: str
    when: str
    text: str
    is_now: bool


# What each stage is waiting for, and the event that ends it.
STAGES = (
    (State.DRAFT, workflow.SUBMIT.name),
    (State.SUBMITTED, workflow.COMPLETE_REVIEW.name),
    (State.REVIEWED, workflow.RECONCILE.name),
    (State.RECONCILED, workflow.SIGN_OFF.name),
)


def steps_of(
    assessment: Assessment, events: Iterable[Event], supervisor: User | None, as_clerk: bool
) -> list[ShownStep]:
    """Give the four steps with the day each was done in this round; none when it was closed."""
    if assessment.state == State.CLOSED:
        return []
    done = {event.kind: event for event in events if event.round == assessment.round}
    states = [state for state, _ in STAGES]
    now = states.index(State(assessment.state)) if assessment.state in states else len(states)
    words = _words(assessment, supervisor, as_clerk)
    return [
        _step(place, now, words[place], done.get(kind)) for place, (_, kind) in enumerate(STAGES)
    ]


def _step(place: int, now: int, words: tuple[str, str], event: Event | None) -> ShownStep:
    title, text = words
    if place < now:
        when = format_date(localtime(event.at), "j F Y") if event else ""
        # That the answers can change is true no more.
        return ShownStep("done", title, when, text if place else "", is_now=False)
    if place == now:
        return ShownStep("half", title, "now", text, is_now=True)
    return ShownStep("ring", title, "", text, is_now=False)


def _words(
    assessment: Assessment, supervisor: User | None, as_clerk: bool
) -> tuple[tuple[str, str], ...]:
    rater = format_html("<bdi>{}</bdi>", supervisor) if supervisor else "The supervisor"
    clerk = "You" if as_clerk else format_html("<bdi>{}</bdi>", assessment.clerk)
    verb, whose = ("rate", "your") if as_clerk else ("rates", "the clerk's")
    return (
        (
            format_html("{} {} every statement", clerk, verb),
            "Each answer can change until they are submitted.",
        ),
        (
            format_html("{} rates the same statements", rater),
            f"Without seeing {whose} answers; neither side sees the other's meanwhile.",
        ),
        ("Both sides are compared", "From here on both see every answer and every note."),
        (
            format_html("{} signs off a level", rater),
            "With the reasons, a sealed record, and what leads to the next level.",
        ),
    )
