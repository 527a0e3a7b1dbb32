"""Who may sign a placement, decided on plain data and said in words."""

from collections.abc import Sequence
from typing import NamedTuple

TWO_LEVELS = 2


class Candidate(NamedTuple):
    """What is known today of somebody who would sign a clerk's placement; ranks count from 1."""

    is_clerk: bool
    # The clerk is among the candidate's own supervisors up the tree.
    is_below_clerk: bool
    is_active: bool
    # Is the clerk's supervisor, or their delegate today.
    acts: bool
    # Is a supervisor up the clerk's tree or, today, the delegate of one.
    is_above: bool
    # The highest rank of an appointment in force for the framework.
    appointed_rank: int | None
    # The rank of their own placement in the framework, in force and still valid.
    placed_rank: int | None
    has_signed_first: bool

    @property
    def rank(self) -> int:
        """Give the highest rank they hold by placement or appointment, 0 for none."""
        return max(self.placed_rank or 0, self.appointed_rank or 0)


def objection_to_signing(
    candidate: Candidate,
    level_rank: int | None,
    needs_standing: bool,
    *,
    labels: Sequence[str],
    clerk: str,
) -> str | None:
    """Say why this person cannot sign the clerk at this rank; None when they can.

    No rank is "not yet placed", which needs no standing. `labels` are the levels' by rank,
    `clerk` is the clerk's name.
    """
    if objection := _objection_to_person(candidate, clerk):
        return objection
    if not candidate.acts:
        return "Only the clerk's supervisor or their delegate can sign."
    return _objection_to_standing(candidate, level_rank, needs_standing, labels)


def objection_to_second(
    candidate: Candidate,
    level_rank: int | None,
    needs_standing: bool,
    *,
    labels: Sequence[str],
    clerk: str,
) -> str | None:
    """Say why this person cannot give the second signature at this rank; None when they can.

    The arguments are those of `objection_to_signing`.
    """
    if objection := _objection_to_person(candidate, clerk):
        return objection
    if candidate.has_signed_first:
        return "Your side has signed in this: somebody else must give the second signature."
    if not candidate.is_above and not _is_appointed(candidate, level_rank):
        level = "" if level_rank is None else f" to {_label(labels, level_rank)}"
        return (
            f"You are neither above {clerk} nor appointed{level}:"
            " somebody who is must give the second signature."
        )
    return _objection_to_standing(candidate, level_rank, needs_standing, labels)


def objection_to_superseding(
    candidate: Candidate,
    level_rank: int | None,
    needs_standing: bool,
    *,
    labels: Sequence[str],
    clerk: str,
) -> str | None:
    """Say why whoever decides a dispute cannot place the clerk anew at this rank.

    They need not be the clerk's supervisor. The arguments are those of `objection_to_signing`.
    """
    if objection := _objection_to_person(candidate, clerk):
        return objection
    return _objection_to_standing(candidate, level_rank, needs_standing, labels)


def needs_second_signature(
    level_rank: int | None, suggested_rank: int | None, highest_rank: int, cycle_asks: bool
) -> bool:
    """Say whether two must sign: the highest level, or two levels and more from the suggested.

    No rank is "not yet placed" and counts as 0. Never where the cycle does not ask for it.
    """
    apart = abs((level_rank or 0) - (suggested_rank or 0))
    return cycle_asks and (level_rank == highest_rank or apart >= TWO_LEVELS)


def _objection_to_person(candidate: Candidate, clerk: str) -> str | None:
    if candidate.is_clerk:
        return "You cannot sign for yourself."
    if candidate.is_below_clerk:
        return f"{clerk} supervises you: somebody else must sign."
    if not candidate.is_active:
        return "Your access is closed: somebody else must sign."
    return None


def _is_appointed(candidate: Candidate, level_rank: int | None) -> bool:
    return candidate.appointed_rank is not None and candidate.appointed_rank >= (level_rank or 0)


def _objection_to_standing(
    candidate: Candidate, level_rank: int | None, needs_standing: bool, labels: Sequence[str]
) -> str | None:
    if not needs_standing or level_rank is None or candidate.rank >= level_rank:
        return None
    asked = _label(labels, level_rank)
    if level_rank < len(labels):
        asked += " or higher"
    held = _holds(candidate, labels)
    return f"{held}; this cycle asks for {asked}. An administrator can appoint you."


def _holds(candidate: Candidate, labels: Sequence[str]) -> str:
    if not candidate.rank:
        return "You hold no level that is valid today"
    if candidate.rank == candidate.placed_rank:
        return f"You hold {_label(labels, candidate.rank)}"
    return f"You are appointed up to {_label(labels, candidate.rank)}"


def _label(labels: Sequence[str], rank: int) -> str:
    return labels[rank - 1] if rank <= len(labels) else f"level {rank}"
