"""Every table of a team to take away, as CSV and as a workbook."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]  # it brings no types
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.views.requests import SignedIn
from assessments.forms.cycles import CycleFilterForm
from assessments.insight.agreement_page import Line, cycle_of, deeds_of, lines, pairs_of
from assessments.insight.heat_map import Asking, asked_for, drawn
from assessments.insight.person_pages import given_in, person_seen_by
from assessments.insight.reads import read_own, scope_of
from assessments.insight.skills import Clerk, Skills, cover, cover_by_team, gaps_first, needs
from assessments.models import SignOff
from assessments.placement import NOT_YET_PLACED
from frameworks.models import FrameworkVersion
from records.pack.summary import line

BOM = "\ufeff"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int


class Table(NamedTuple):
    """What is taken away: its name, what it is of, headings and rows."""

    name: str
    about: list[str]
    headings: list[str]
    rows: Iterable[Sequence[Value]]


@require_safe
def heat_map_file(request: SignedIn, kind: str) -> HttpResponseBase:
    return _file(request, kind, "Who can do what", heat_map_rows)


@require_safe
def coverage_file(request: SignedIn, kind: str) -> HttpResponseBase:
    return _file(request, kind, "Who may do this alone", coverage_rows, team_only=True)


@require_safe
def training_needs_file(request: SignedIn, kind: str) -> HttpResponseBase:
    return _file(request, kind, "Training needs", needs_rows, team_only=True)


@require_safe
def agreement_file(request: SignedIn, kind: str) -> HttpResponseBase:
    scope = scope_of(request.user)
    if scope.is_own_only:
        raise PermissionDenied
    cycle = cycle_of(CycleFilterForm(request.GET))
    pairs = list(pairs_of(request.user, scope, cycle))
    name = "Agreement"
    about = [f"{name}, {_today()}", f"Ratings: first rounds of {cycle or 'all cycles'}", ""]
    table = Table(name, about, AGREEMENT, agreement_rows(lines(pairs, deeds_of(scope))))
    return _as(kind, table)


@require_safe
def person_over_time_file(request: SignedIn, pk: int, kind: str) -> HttpResponseBase:
    person, signed = person_seen_by(request, pk)
    if not signed:
        raise Http404
    version = signed[-1].assessment.version
    placed = "; ".join(
        f"{s.assessment.cycle}: {s.level or NOT_YET_PLACED}, record {s.record_id}" for s in signed
    )
    about = [f"{person} over time, {_today()}", f"Signed placements: {placed}", _credit(version)]
    headings = ["Level", "No.", "Statement"]
    for sign_off in signed:
        cycle = sign_off.assessment.cycle
        headings += [f"{cycle}, clerk", f"{cycle}, supervisor", f"{cycle}, agreed"]
    table = Table(f"{person} over time", about, headings, person_rows(signed))
    return _as(kind, table)


def person_rows(signed: Sequence[SignOff]) -> Iterator[Sequence[Value]]:
    """Give each statement of the last version with what both sides said, cycle by cycle."""
    given = given_in(signed)
    statements = signed[-1].assessment.version.statements.select_related("level")
    for statement in statements.order_by("level__rank", "position"):
        row: list[Value] = [statement.level.label, statement.position, statement.text]
        for sign_off in signed:
            found = given.get((sign_off.pk, statement.competency_id))
            carried = " (carried)" if found and found.carried else ""
            row += (
                [f"{found.by_clerk}{carried}", found.by_supervisor, found.agreed]
                if found
                else ["Not asked"] * 3
            )
        yield row


AGREEMENT = ["Supervisor", "Cycle", "People", "Pairs", "Kappa", "Same", "Higher", "Lower"]
AGREEMENT += ["Signed", "At another level", "Reviewed", "Returned"]


def agreement_rows(found: Iterable[Line]) -> Iterator[Sequence[Value]]:
    for each in found:
        figures = each.agreement
        kappa = "not given" if figures.kappa is None else f"{figures.kappa:.2f}"
        who: list[Value] = [str(each.supervisor), str(each.cycle), figures.people, figures.pairs]
        yield [
            *who,
            kappa,
            figures.same,
            figures.higher,
            figures.lower,
            each.signed,
            each.overrides,
            each.reviewed,
            each.returned,
        ]


Rows = tuple[list[str], Iterator[Sequence[Value]]]


def heat_map_rows(skills: Skills) -> Rows:
    headings = ["Level", "No.", "Statement", *(clerk.name for clerk in skills.clerks)]

    def rows() -> Iterator[Sequence[Value]]:
        for asked in skills.asked:
            cells = (skills.answer(clerk, asked) for clerk in skills.clerks)
            said = [
                " ".join(drawn(cell, skills.scale)[1:]) if cell else "Not asked" for cell in cells
            ]
            yield [asked.level, asked.position, asked.text, *said]

    return headings, rows()


def coverage_rows(skills: Skills) -> Rows:
    covers = cover(skills)
    short = gaps_first(covers)
    teams = sorted({clerk.team for clerk in skills.clerks})
    headings = ["Level", "No.", "Statement", "People alone", "Alone", "With a check", "Not yet"]
    headings += [f"Alone, {team}" for team in teams]

    def rows() -> Iterator[Sequence[Value]]:
        ordered = [*short, *(each for each in covers if each not in short)]
        for found, of in zip(ordered, cover_by_team(ordered, teams), strict=True):
            asked = found.asked
            groups = map(_names, (found.alone, found.checked, found.not_yet))
            counts = [f"{alone} of {counted}" for _, alone, counted in of.teams]
            yield [asked.level, asked.position, asked.text, len(found.alone), *groups, *counts]

    return headings, rows()


def needs_rows(skills: Skills) -> Rows:
    headings = ["Level", "No.", "Statement", "By signed ratings", "Who", "By their own ratings"]

    def rows() -> Iterator[Sequence[Value]]:
        for need in needs(skills, read_own(skills)):
            asked, signed = need.asked, need.signed
            place: list[Value] = [asked.level, asked.position, asked.text]
            yield [*place, len(signed), _names(signed), len(need.own)]

    return headings, rows()


def _names(clerks: Iterable[Clerk]) -> str:
    return ", ".join(clerk.name for clerk in clerks)


def _file(
    request: SignedIn,
    kind: str,
    name: str,
    read: Callable[[Skills], Rows],
    *,
    team_only: bool = False,
) -> HttpResponseBase:
    asking = asked_for(request)
    if asking.skills is None:
        raise Http404
    if team_only and asking.scope.is_own_only:
        raise PermissionDenied
    headings, rows = read(asking.skills)
    table = Table(name, _about(asking, name), headings, rows)
    return _as(kind, table)


def _as(kind: str, table: Table) -> HttpResponseBase:
    if kind not in ("csv", "xlsx"):
        raise Http404
    return as_csv(table) if kind == "csv" else as_xlsx(table)


def _today() -> str:
    return format_date(timezone.localdate(), "j F Y")


def _about(asking: Asking, name: str) -> list[str]:
    """Say what the table is of: date, ratings, version, filters and whose the statements are."""
    found = asking.form.cleaned_data
    level = dict(asking.form.fields["level"].choices).get(found.get("level"))  # type: ignore[attr-defined]  # a choice field
    narrowed = [str(part) for part in (found.get("team"), level if found.get("level") else "")]
    ratings = f"Ratings: {asking.cycle or 'signed, in force'}"
    parts = [ratings, *(part for part in narrowed if part and part != "None")]
    return [f"{name}, {_today()}", "; ".join(parts), _credit(asking.version)]


def _credit(version: FrameworkVersion | None) -> str:
    return f"Statements {version.attribution}. Framework {version}" if version else ""


def as_csv(table: Table) -> StreamingHttpResponse:
    """Give the rows one by one, every cell quoted, none of them a formula."""

    def lines() -> Iterator[bytes]:
        yield BOM.encode()
        for row in _all_rows(table):
            yield line(row)

    return StreamingHttpResponse(
        lines(), content_type="text/csv; charset=utf-8", headers=_named(table, "csv")
    )


def as_xlsx(table: Table) -> HttpResponse:
    """Give a workbook of texts and whole numbers, written row by row."""
    target = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Skills")
        head = book.add_format({"bold": True})
        first = len(table.about) + 1
        sheet.freeze_panes(first + 1, 0)
        sheet.set_column(2, 2, 60)
        for number, row in enumerate(_all_rows(table)):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(number, column, cell)
                else:
                    sheet.write_string(number, column, cell, head if number == first else None)
    return HttpResponse(target.getvalue(), content_type=XLSX, headers=_named(table, "xlsx"))


def _all_rows(table: Table) -> Iterator[Sequence[Value]]:
    yield from ([line] for line in table.about)
    yield []
    yield table.headings
    yield from table.rows


def _named(table: Table, kind: str) -> dict[str, str]:
    name = f"{slugify(table.name)}_{timezone.localdate().isoformat()}.{kind}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
