"""Two people settle one statement: from what each said last to what stands."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import TextChoices

from assessments.scales import NOT_PART_OF_ROLE, Scale


class Outcome(TextChoices):
    OPEN = "", "Open"
    AGREED = "agreed", "Agreed"
    DIFFER = "differ", "We differ"
    NO_ANSWER = "no_answer", "No answer"
    # Whoever had opened it took that back before the other side answered.
    TAKEN_BACK = "taken_back", "Taken back"


class Said(NamedTuple):
    """What one side said last: the rating it proposes (None: "we differ") and when."""

    point: int | None
    at: datetime.datetime


def needs_reconciling(by_clerk: int, by_supervisor: int, scale: Scale) -> bool:
    """Say whether two ratings must be put before both sides.

    So when one side alone says "not part of the role", when they lie on different sides of
    "demonstrates", or two or more points apart.
    """
    if by_clerk == by_supervisor:
        return False
    if NOT_PART_OF_ROLE in (by_clerk, by_supervisor):
        return True
    if scale.point(by_clerk).demonstrates != scale.point(by_supervisor).demonstrates:
        return True
    return abs(by_clerk - by_supervisor) >= 2


def settle(clerk: Said | None, supervisor: Said | None) -> Outcome:
    """Give how it came out: agreed when both name one rating, differ when both say so."""
    if clerk is None or supervisor is None or clerk.point != supervisor.point:
        return Outcome.OPEN
    return Outcome.DIFFER if clerk.point is None else Outcome.AGREED


def last_agreed(said: Iterable[tuple[str, int | None]]) -> int | None:
    """Give the rating on which both last agreed, from (side, rating) in the order it was said."""
    latest: dict[str, int | None] = {}
    agreed = None
    for side, point in said:
        latest[side] = point
        if len(latest) == 2 and len(set(latest.values())) == 1 and point is not None:
            agreed = point
    return agreed


def no_answer_from(
    clerk: Said | None, supervisor: Said | None, reply_days: int, zone: datetime.tzinfo
) -> datetime.date | None:
    """Give the day from which silence may be closed as "no answer"; None: nobody is asked.

    The clerk is asked once the supervisor has said something that they have not answered.
    """
    if supervisor is None or (clerk is not None and clerk.at > supervisor.at):
        return None
    return supervisor.at.astimezone(zone).date() + datetime.timedelta(days=reply_days)
