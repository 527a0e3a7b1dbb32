"""Who supervises whom, decided on plain data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple


class TeamNode(NamedTuple):
    """A team of the tree; `supervisor_id` is None when there is none or they are not active."""

    parent_id: int | None
    supervisor_id: int | None


def supervisors_up(
    team_id: int | None, person_id: int, teams: Mapping[int, TeamNode]
) -> Iterator[int]:
    """Yield the supervisors of a person, nearest first: up the tree, never the person.

    A loop in the tree ends the walk. Each supervisor is yielded once.
    """
    seen_teams: set[int] = set()
    seen: set[int] = set()
    while team_id is not None and team_id in teams and team_id not in seen_teams:
        seen_teams.add(team_id)
        node = teams[team_id]
        if node.supervisor_id not in (None, person_id) and node.supervisor_id not in seen:
            seen.add(node.supervisor_id)
            yield node.supervisor_id
        team_id = node.parent_id


def reviewers(
    team_of: Mapping[int, int | None], teams: Mapping[int, TeamNode]
) -> dict[int, int | None]:
    """Give who reviews each of these people: the nearest supervisor up the tree.

    None where there is none, and where the nearest has the person among their own supervisors.
    """
    found = {}
    for person, team in team_of.items():
        nearest = next(supervisors_up(team, person, teams), None)
        below = nearest is not None and person in supervisors_up(
            team_of.get(nearest), nearest, teams
        )
        found[person] = None if below else nearest
    return found


class Delegate(NamedTuple):
    """Somebody who acts beside a supervisor on a day, and the team they are in themselves."""

    person_id: int
    team_id: int | None


def acting_supervisors(
    team_id: int | None,
    person_id: int,
    teams: Mapping[int, TeamNode],
    delegates: Mapping[int, Sequence[Delegate]],
) -> list[int]:
    """Give who acts as a person's supervisor: the nearest one up the tree, then their delegates.

    A delegate is passed over who is the person or has the person among their own supervisors.
    """
    nearest = next(supervisors_up(team_id, person_id, teams), None)
    if nearest is None:
        return []
    fit = (
        delegate.person_id
        for delegate in delegates.get(nearest, ())
        if delegate.person_id != person_id
        and person_id not in supervisors_up(delegate.team_id, delegate.person_id, teams)
    )
    return list(dict.fromkeys([nearest, *fit]))


def teams_below(team_ids: set[int], teams: Mapping[int, TeamNode]) -> set[int]:
    """Give the teams themselves and every team below them."""
    found = set(team_ids)
    while more := {pk for pk, node in teams.items() if node.parent_id in found} - found:
        found |= more
    return found
