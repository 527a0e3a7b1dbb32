"""Which teams of a cycle have nobody who may sign, known before anybody has begun."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import Team, User
from accounts.queries import read_firm
from assessments.eligibility import objection_to_second, objection_to_signing
from assessments.eligibility_queries import (
    Holdings,
    Ladder,
    Reading,
    read_appointed,
    read_ladders,
    read_placed,
)
from assessments.models import Cycle


class Signer(NamedTuple):
    """Somebody who acts for clerks, and the highest level they may sign; "" for none."""

    person: User
    up_to: str


class Gap(NamedTuple):
    """What nobody may sign for some clerks; `second` names the level without a second signer."""

    clerks: list[User]
    signers: list[Signer]
    levels: list[str]
    second: str

    @property
    def levels_in_words(self) -> str:
        return " and ".join(filter(None, (", ".join(self.levels[:-1]), *self.levels[-1:])))


class TeamGaps(NamedTuple):
    """A team in which something is missing; nobody at all may sign for the unsupervised."""

    team: Team
    members: int
    unsupervised: list[User]
    gaps: list[Gap]


class _Rules(NamedTuple):
    ladder: Ladder
    needs_standing: bool
    needs_second_signer: bool

    @property
    def highest(self) -> int:
        return len(self.ladder.labels)


class _Missing(NamedTuple):
    """What is missing for one clerk; equal for all who have the same people above them."""

    signers: tuple[Signer, ...]
    levels: tuple[str, ...]
    second: str


def qualification(
    teams: Iterable[Team],
    version_id: int,
    needs_standing: bool,
    needs_second_signer: bool,
    on: datetime.date,
) -> list[TeamGaps]:
    """Give the teams with people for whom somebody is missing to sign, in 7 queries at most."""
    teams = list(teams)
    clerks: dict[int, list[User]] = {team.pk: [] for team in teams}
    for person in User.objects.filter(team__in=teams, is_active=True):
        clerks[person.team_id].append(person)  # type: ignore[index]  # found by team
    everybody = [person for members in clerks.values() for person in members]
    reading, people = _read(everybody, version_id, on)
    ladder = read_ladders([version_id])[version_id]
    rules = _Rules(ladder, needs_standing, needs_second_signer)
    rows = []
    for team in teams:
        found = {clerk: _missing(clerk, reading, people, rules) for clerk in clerks[team.pk]}
        unsupervised = [clerk for clerk, missing in found.items() if not missing.signers]
        gaps = _gaps(found)
        if unsupervised or gaps:
            rows.append(TeamGaps(team, len(found), unsupervised, gaps))
    return rows


def qualification_of(cycle: Cycle, teams: Iterable[Team], on: datetime.date) -> list[TeamGaps]:
    """Give the same for these teams of an open cycle; nothing new is begun in a closed one."""
    if cycle.closed_at is not None:
        return []
    return qualification(
        teams, cycle.starts_on.pk, cycle.needs_standing, cycle.needs_second_signer, on
    )


def _read(
    clerks: list[User], version_id: int, on: datetime.date
) -> tuple[Reading, dict[int, User]]:
    firm, appointed = read_firm(on), read_appointed([version_id], on)
    ids = {pk for clerk in clerks for pk in firm.with_delegates(firm.above(clerk))}
    ids |= {person for person, _ in appointed}
    people = User.objects.filter(is_active=True).in_bulk(ids)
    placed = read_placed([version_id], on, people)
    return Reading(firm, Holdings(appointed, placed)), people


def _missing(clerk: User, reading: Reading, people: dict[int, User], rules: _Rules) -> _Missing:
    acting = [people[pk] for pk in reading.firm.acting(clerk) if pk in people]
    may = {person: _signs_up_to(person, clerk, reading, rules) for person in acting}
    ranks = {person: rank for person, rank in may.items() if rank is not None}
    labels = rules.ladder.labels
    signers = tuple(
        Signer(person, labels[rank - 1] if rank else "") for person, rank in ranks.items()
    )
    levels = tuple(labels[max(ranks.values(), default=0) :])
    is_missing = False
    if rules.needs_second_signer:
        firsts = [p for p, rank in ranks.items() if rank == rules.highest] or list(ranks)
        is_missing = not any(_second_signer(p, clerk, reading, people, rules) for p in firsts)
    return _Missing(signers, levels, labels[-1] if is_missing else "")


def _signs_up_to(person: User, clerk: User, reading: Reading, rules: _Rules) -> int | None:
    """Give the highest rank the person may sign: 0 for "not yet placed" only, None for nothing."""
    found = reading.candidate(person, clerk, rules.ladder)
    for rank in range(rules.highest, -1, -1):
        if not objection_to_signing(
            found, rank or None, rules.needs_standing, labels=rules.ladder.labels, clerk=""
        ):
            return rank
    return None


def _second_signer(
    first: User, clerk: User, reading: Reading, people: dict[int, User], rules: _Rules
) -> User | None:
    """Give somebody who may sign the highest level after this first signer."""
    firm = reading.firm
    ids = {*firm.with_delegates(firm.above(clerk)), *(pk for pk, _ in reading.holdings.appointed)}
    for pk in sorted(ids & people.keys()):
        found = reading.candidate(people[pk], clerk, rules.ladder, [first.pk])
        if not objection_to_second(
            found, rules.highest, rules.needs_standing, labels=rules.ladder.labels, clerk=""
        ):
            return people[pk]
    return None


def _gaps(found: dict[User, _Missing]) -> list[Gap]:
    alike: dict[_Missing, list[User]] = {}
    for clerk, missing in found.items():
        if missing.signers and (missing.levels or missing.second):
            alike.setdefault(missing, []).append(clerk)
    return [
        Gap(clerks, list(missing.signers), list(missing.levels), missing.second)
        for missing, clerks in alike.items()
    ]
