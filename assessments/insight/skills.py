"""Who can do what, from signed ratings that still stand: plain data and arithmetic."""

import datetime
import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from assessments.scales import NOT_PART_OF_ROLE, Scale

COVERED = 2  # people who do it alone: with fewer, one who is away leaves a gap


class Clerk(NamedTuple):
    """Somebody with a signed placement that stands; `rank` is 0 for "not yet placed".

    `until` is the last day on which it stands.
    """

    pk: int
    name: str
    team: str
    level: str
    rank: int
    signed_on: datetime.date
    until: datetime.date
    record: int


class Asked(NamedTuple):
    """A statement of the version that is looked at; levels count from 1."""

    pk: int
    competency: int
    rank: int
    level: str
    position: int
    topic: str
    text: str


class Answer(NamedTuple):
    """An agreed rating; `differs` where the two sides have put down that they differ."""

    point: int
    differs: bool = False


class Skills(NamedTuple):
    """Clerks and statements, and the answers by (clerk, competency); what was never asked lacks."""

    scale: Scale
    clerks: Sequence[Clerk]
    asked: Sequence[Asked]
    answers: Mapping[tuple[int, int], Answer]

    def answer(self, clerk: Clerk, asked: Asked) -> Answer | None:
        return self.answers.get((clerk.pk, asked.competency))


class Cover(NamedTuple):
    """Who does one statement alone, with a check, or not yet; the rest are not in their role."""

    asked: Asked
    alone: tuple[Clerk, ...]
    checked: tuple[Clerk, ...]
    not_yet: tuple[Clerk, ...]

    @property
    def counted(self) -> int:
        return len(self.alone) + len(self.checked) + len(self.not_yet)


class Lapse(NamedTuple):
    """A placement that ends soon, and the statements that would be left to one person or none."""

    clerk: Clerk
    statements: tuple[Asked, ...]


class Need(NamedTuple):
    """A statement with the clerks who lack it on the way to their next level."""

    asked: Asked
    signed: tuple[Clerk, ...]
    own: tuple[Clerk, ...]


class Proposal(NamedTuple):
    """What to teach together: statements of one level, and whom it concerns, most first."""

    level: str
    needs: tuple[Need, ...]
    people: tuple[tuple[Clerk, int], ...]


def highest(scale: Scale) -> int:
    """Give the rating that says that somebody does it alone."""
    return max(point.value for point in scale.points)


def most_alone_first(skills: Skills) -> list[Clerk]:
    """Give the clerks by how many statements they do alone, by name where it is as many."""
    alone = highest(skills.scale)
    counts = {
        clerk: sum(
            (answer := skills.answer(clerk, asked)) is not None and answer.point == alone
            for asked in skills.asked
        )
        for clerk in skills.clerks
    }
    return sorted(skills.clerks, key=lambda clerk: -counts[clerk])


def lowest_first(skills: Skills, clerk: Clerk, covers: Sequence[Cover]) -> list[Cover]:
    """Give the statements as this clerk answered them, the lowest first; not asked comes last."""

    def point(found: Cover) -> float:
        answer = skills.answer(clerk, found.asked)
        return (answer and answer.point) or math.inf

    return sorted(covers, key=point)


def cover(skills: Skills) -> list[Cover]:
    """Give who covers each statement, in the order of the framework."""
    alone = highest(skills.scale)
    shows = {point.value for point in skills.scale.points if point.demonstrates} - {alone}
    found = []
    for asked in skills.asked:
        groups: dict[str, list[Clerk]] = defaultdict(list)
        for clerk in skills.clerks:
            answer = skills.answer(clerk, asked)
            if answer is None or answer.point == NOT_PART_OF_ROLE:
                continue
            kind = "alone" if answer.point == alone else "checked"
            groups[kind if answer.point in {alone, *shows} else "not yet"].append(clerk)
        parts = (tuple(groups[kind]) for kind in ("alone", "checked", "not yet"))
        found.append(Cover(asked, *parts))
    return found


class OfTeams(NamedTuple):
    """One statement, and for each team its name, who do it alone, and all who are asked it."""

    asked: Asked
    teams: tuple[tuple[str, int, int], ...]


def cover_by_team(covers: Sequence[Cover], teams: Sequence[str]) -> list[OfTeams]:
    """Count who does each statement alone, team by team in this order."""

    def of(clerks: Sequence[Clerk], team: str) -> int:
        return sum(clerk.team == team for clerk in clerks)

    found = []
    for each in covers:
        asked_it = [*each.alone, *each.checked, *each.not_yet]
        counts = ((team, of(each.alone, team), of(asked_it, team)) for team in teams)
        found.append(OfTeams(each.asked, tuple(counts)))
    return found


def gaps_first(covers: Sequence[Cover]) -> list[Cover]:
    """Give what is not covered: first what rests on one person, then what on nobody."""
    short = [found for found in covers if len(found.alone) < COVERED and found.counted]
    return sorted(short, key=lambda found: -len(found.alone))


def spread(covers: Sequence[Cover]) -> list[tuple[int, int]]:
    """Count the statements that three or more, two, one and nobody do alone: (people, n)."""
    counts: dict[int, int] = dict.fromkeys((3, 2, 1, 0), 0)
    for found in covers:
        counts[min(len(found.alone), 3)] += 1
    return list(counts.items())


def covered_by_level(covers: Sequence[Cover]) -> list[tuple[str, int, int]]:
    """Count by level how many statements two or more people do alone: (level, covered, all)."""
    found: dict[str, list[bool]] = {}
    for each in covers:
        found.setdefault(each.asked.level, []).append(len(each.alone) >= COVERED)
    return [(level, sum(each), len(each)) for level, each in found.items()]


def lapses(
    covers: Sequence[Cover], clerks: Sequence[Clerk], on: datetime.date, days: int
) -> list[Lapse]:
    """Give the placements that end within so many days, the first to end first."""
    ending = [c for c in clerks if on <= c.until < on + datetime.timedelta(days=days)]
    found = []
    for clerk in sorted(ending, key=lambda each: (each.until, each.name)):
        thin = (c.asked for c in covers if clerk in c.alone and len(c.alone) <= COVERED)
        found.append(Lapse(clerk, tuple(thin)))
    return found


def needs(skills: Skills, own: Mapping[tuple[int, int], int]) -> list[Need]:
    """Give what clerks lack for the level above the one they hold, what most lack first.

    `own` holds the clerks' own ratings by (clerk, competency): signed and own count apart.
    """
    shows = {point.value for point in skills.scale.points if point.demonstrates}
    enough = {*shows, NOT_PART_OF_ROLE}
    found = []
    for asked in skills.asked:
        next_up = [clerk for clerk in skills.clerks if clerk.rank + 1 == asked.rank]
        signed = tuple(
            clerk
            for clerk in next_up
            if (answer := skills.answer(clerk, asked)) and answer.point not in enough
        )
        themselves = tuple(
            clerk
            for clerk in next_up
            if own.get((clerk.pk, asked.competency), NOT_PART_OF_ROLE) not in enough
        )
        if signed or themselves:
            found.append(Need(asked, signed, themselves))
    return sorted(found, key=lambda need: (-len(need.signed), -len(need.own)))


def proposals(found: Collection[Need]) -> list[Proposal]:
    """Group what at least two people lack by level, where most is lacked first."""
    by_level: dict[str, list[Need]] = defaultdict(list)
    for need in found:
        if len(need.signed) >= COVERED:
            by_level[need.asked.level].append(need)
    made = []
    for level, level_needs in by_level.items():
        counts: dict[Clerk, int] = defaultdict(int)
        for need in level_needs:
            for clerk in need.signed:
                counts[clerk] += 1
        people = sorted(counts.items(), key=lambda item: (-item[1], item[0].name))
        made.append(Proposal(level, tuple(level_needs), tuple(people)))
    return sorted(made, key=lambda each: -sum(number for _, number in each.people))
