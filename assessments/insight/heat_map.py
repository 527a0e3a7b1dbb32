"""Who can do what, as a table: a number and a word in each cell."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.requests import SignedIn
from assessments.insight.forms import BY_ALONE, BY_COVER, BY_PLACEMENT, SkillsForm
from assessments.insight.reads import (
    FEWEST_FOR_FIGURES,
    Scope,
    read_skills,
    scope_of,
    team_of,
    version_in_use,
)
from assessments.insight.skills import (
    COVERED,
    Answer,
    Asked,
    Clerk,
    Cover,
    Skills,
    cover,
    covered_by_level,
    gaps_first,
    lowest_first,
    most_alone_first,
    spread,
)
from assessments.models import Cycle
from assessments.scales import NOT_PART_OF_ROLE, Scale
from frameworks.models import FrameworkVersion

MOST_GAPS = 4  # shown above the table
CLERKS_A_PAGE = 60
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
    # By whose answers the statements are put in order.
    order_of: Clerk | None = None


@require_safe
def heat_map(request: SignedIn) -> HttpResponse:
    asking = asked_for(request)
    context = page_of(asking, request.user, request.GET.get("page"))
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
    skills = skills._replace(clerks=_in_order(skills, form.cleaned_data.get("clerks")))
    order = request.GET.get("order")
    order_of = next((clerk for clerk in skills.clerks if str(clerk.pk) == order), None)
    return Asking(scope, version, form, cycle, skills, order_of)


def _in_order(skills: Skills, order: str | None) -> Sequence[Clerk]:
    if order == BY_PLACEMENT:
        return sorted(skills.clerks, key=lambda clerk: -clerk.rank)
    return most_alone_first(skills) if order == BY_ALONE else skills.clerks


def _cycle(request: SignedIn) -> Cycle | None:
    wanted = request.GET.get("cycle", "")
    found = Cycle.objects.select_related("version__framework", "moved_to__framework")
    return found.filter(pk=int(wanted)).first() if wanted.isdecimal() else None


def page_of(asking: Asking, reader: User, page: str | None = None) -> dict[str, Any]:
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
    shown = Paginator(skills.clerks, CLERKS_A_PAGE).get_page(page)
    on_page = skills._replace(clerks=list(shown.object_list))
    if not asking.scope.is_own_only:
        _offer_order_by(on_page.clerks, form)
    own_team = asking.scope.is_own_only and _team_figures(asking, reader)
    return context | {
        "skills": skills,
        "clerks": shown,
        "order_of": asking.order_of,
        "groups": groups(on_page, _ordered(asking, skills, covers)),
        "phones": phones(on_page),
        "legend": legend(skills.scale),
        "gaps": gaps_first(covers)[:MOST_GAPS],
        "gaps_in_all": len(gaps_first(covers)),
        "covered": counts[3] + counts[2],
        "counts": counts,
        "parts": bar(counts),
        "own_team": own_team or None,
    }


def _offer_order_by(clerks: Sequence[Clerk], form: SkillsForm) -> None:
    by_clerk = [(str(clerk.pk), f"Lowest first: {clerk.name}") for clerk in clerks]
    form.fields["order"].choices += by_clerk  # type: ignore[attr-defined]  # a choice field


def _team_figures(asking: Asking, reader: User) -> dict[str, Any] | None:
    """Count what the reader's team covers; None where that would be figures of single people."""
    if asking.version is None or reader.team is None:
        return None
    today = timezone.localdate()
    skills = read_skills(reader, team_of(reader), asking.version, today, asking.cycle)
    if len(skills.clerks) < FEWEST_FOR_FIGURES:
        return None
    covers = cover(skills)
    counts = dict(spread(covers))
    return {
        "team": reader.team,
        "people": len(skills.clerks),
        "asked": len(covers),
        "covered": counts[3] + counts[2],
        "levels": covered_by_level(covers),
        "parts": bar(counts),
        "counts": counts,
    }


def _ordered(asking: Asking, skills: Skills, covers: list[Cover]) -> list[Cover]:
    if asking.order_of:
        return lowest_first(skills, asking.order_of, covers)
    if asking.form.cleaned_data.get("order") == BY_COVER:
        return sorted(covers, key=lambda found: len(found.alone))
    return covers


def groups(skills: Skills, covers: Sequence[Cover]) -> list[Group]:
    """Give the rows in the order of `covers`: by level, or as one group where levels are mixed."""
    rows = [
        Row(found.asked, [_cell(skills, clerk, found.asked) for clerk in skills.clerks], found)
        for found in covers
    ]
    ranks = [row.asked.rank for row in rows]
    if ranks != sorted(ranks):
        return [Group("", rows)]
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
