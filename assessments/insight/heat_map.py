"""Who can do what, as a table: a number and a word in each cell."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.requests import SignedIn
from assessments.insight.forms import BY_COVER, SkillsForm
from assessments.insight.reads import Scope, read_skills, scope_of, version_in_use
from assessments.insight.skills import (
    COVERED,
    Answer,
    Asked,
    Clerk,
    Cover,
    Skills,
    cover,
    gaps_first,
    spread,
)
from assessments.models import Cycle
from assessments.scales import NOT_PART_OF_ROLE, Scale
from frameworks.models import FrameworkVersion

MOST_GAPS = 4  # shown above the table
NOT_ROLE, DIFFER = "Not role", "Differ"


class Cell(NamedTuple):
    """One answer: the shade, what stands in it, and the clerk whose history it opens."""

    shade: str
    number: str
    word: str
    clerk: int


class Row(NamedTuple):
    asked: Asked
    cells: list[Cell | None]
    cover: Cover

    @property
    def cover_in_words(self) -> str:
        """Give who does it alone; "" where that are enough people."""
        alone = self.cover.alone
        if not self.cover.counted or len(alone) >= COVERED:
            return ""
        return f"Only {alone[0].name}" if alone else "Nobody"


class Group(NamedTuple):
    """The statements of one level."""

    level: str
    rows: list[Row]


class OnPhone(NamedTuple):
    """One clerk as a phone lists them: by level how many statements they do alone."""

    clerk: Clerk
    levels: list[tuple[str, int, int]]


class Asking(NamedTuple):
    """What somebody looks at: whose skills, of which version, narrowed to what."""

    scope: Scope
    version: FrameworkVersion | None
    form: SkillsForm
    cycle: Cycle | None
    skills: Skills | None


@require_safe
def heat_map(request: SignedIn) -> HttpResponse:
    asking = asked_for(request)
    context = page_of(asking, request.user)
    return render(request, "insight/heat_map.html", context)


def asked_for(request: SignedIn) -> Asking:
    """Read what the page is about. Raises PermissionDenied for whoever has no team."""
    scope = scope_of(request.user)
    if scope.is_own_only and request.user.team_id is None:
        raise PermissionDenied
    cycle = _cycle(request)
    version = version_in_use(cycle)
    levels = [(lv.rank, lv.label) for lv in version.levels.all()] if version else []
    form = SkillsForm(request.GET, teams=scope.teams, levels=levels)
    form.is_valid()
    if version is None:
        return Asking(scope, None, form, cycle, None)
    people = scope.people
    if team := form.cleaned_data.get("team"):
        people = people.filter(team=team)
    skills = read_skills(request.user, people, version, timezone.localdate(), cycle)
    if rank := form.cleaned_data.get("level"):
        skills = skills._replace(asked=[a for a in skills.asked if a.rank == rank])
    return Asking(scope, version, form, cycle, skills)


def _cycle(request: SignedIn) -> Cycle | None:
    wanted = request.GET.get("cycle", "")
    found = Cycle.objects.select_related("version__framework", "moved_to__framework")
    return found.filter(pk=int(wanted)).first() if wanted.isdecimal() else None


def page_of(asking: Asking, reader: User) -> dict[str, Any]:
    form, skills = asking.form, asking.skills
    context = {
        "form": form,
        "version": asking.version,
        "cycle": asking.cycle,
        "is_own": asking.scope.is_own_only,
        "today": timezone.localdate(),
    }
    if skills is None:
        return context
    covers = cover(skills)
    counts = dict(spread(covers))
    return context | {
        "skills": skills,
        "groups": groups(skills, covers, by_cover=form.cleaned_data.get("order") == BY_COVER),
        "phones": phones(skills),
        "legend": legend(skills.scale),
        "gaps": gaps_first(covers)[:MOST_GAPS],
        "gaps_in_all": len(gaps_first(covers)),
        "covered": counts[3] + counts[2],
        "counts": counts,
        "parts": bar(counts),
    }


def groups(skills: Skills, covers: Sequence[Cover], *, by_cover: bool) -> list[Group]:
    """Give the rows by level, or all together with the least covered first."""
    rows = [
        Row(found.asked, [_cell(skills, clerk, found.asked) for clerk in skills.clerks], found)
        for found in covers
    ]
    if by_cover:
        rows.sort(key=lambda row: len(row.cover.alone))
        return [Group("", rows)] if rows else []
    levels = dict.fromkeys(row.asked.level for row in rows)
    return [Group(level, [row for row in rows if row.asked.level == level]) for level in levels]


def _cell(skills: Skills, clerk: Clerk, asked: Asked) -> Cell | None:
    answer = skills.answer(clerk, asked)
    return None if answer is None else Cell(*drawn(answer, skills.scale), clerk.pk)


def drawn(answer: Answer, scale: Scale) -> tuple[str, str, str]:
    """Give shade, number and word of an answer."""
    if answer.point == NOT_PART_OF_ROLE:
        return "q0", "\u2013", NOT_ROLE
    label = scale.label(answer.point)
    if answer.differs:
        return "q0", "\u2260", f"{DIFFER}, {label}"
    return f"q{answer.point}", str(answer.point), label


def legend(scale: Scale) -> list[tuple[str, str, str]]:
    shades = [(f"q{point.value}", str(point.value), point.label) for point in scale.points]
    return [*shades, ("q0", "\u2013", NOT_ROLE), ("q0", "\u2260", DIFFER)]


def phones(skills: Skills) -> list[OnPhone]:
    found = []
    alone = max(point.value for point in skills.scale.points)
    for clerk in skills.clerks:
        levels: dict[str, list[bool]] = {}
        for asked in skills.asked:
            answer = skills.answer(clerk, asked)
            if answer and answer.point != NOT_PART_OF_ROLE:
                levels.setdefault(asked.level, []).append(answer.point == alone)
        found.append(OnPhone(clerk, [(label, sum(n), len(n)) for label, n in levels.items()]))
    return found


def bar(counts: dict[int, int], width: float = 400, gap: float = 3) -> list[dict[str, Any]]:
    """Draw how many statements three or more, two, one and nobody do alone."""
    drawn_ones = [(people, n) for people, n in counts.items() if n]
    room = width - gap * max(len(drawn_ones) - 1, 0)
    total = sum(n for _, n in drawn_ones)
    parts, x = [], 0.0
    for people, n in drawn_ones:
        part = round(room * n / total, 1)
        parts.append({"shade": SHADES[people], "x": round(x, 1), "width": part})
        x += part + gap
    return parts


SHADES = {3: "q4", 2: "q3", 1: "q2", 0: "z"}


def flat(rows: Iterable[Group]) -> list[Row]:
    return [row for group in rows for row in group.rows]
