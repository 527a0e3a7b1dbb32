"""One person over time: placements, ratings beside each other, and one rating's history."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.views.requests import SignedIn
from assessments.dispute_queries import unseen_record_ids
from assessments.insight.reads import scope_of
from assessments.models import Rating, Role, SignOff
from assessments.next_level import next_level
from assessments.placement import NOT_YET_PLACED
from assessments.scales import Scale
from frameworks.models import Statement
from records.queries import payload_of

HEIGHT = 176
# Left of the plot stand the levels, below it the days.
LEFT, RIGHT, TOP, BELOW = 140, 600, 12, 40


class Given(NamedTuple):
    """What was said of a statement in one assessment; "" where it was not asked."""

    by_clerk: str
    by_supervisor: str
    agreed: str
    carried: bool


class Line(NamedTuple):
    """A statement with what stood in two assessments."""

    statement: Statement
    before: Given | None
    now: Given | None

    @property
    def has_changed(self) -> bool:
        return bool(self.before and self.now and self.before.agreed != self.now.agreed)


class Dot(NamedTuple):
    """A placement in the drawing."""

    x: float
    y: float
    when: str


class Chart(NamedTuple):
    """Placements from left to right in time, upwards by level."""

    height: int
    levels: list[tuple[str, float]]
    dots: list[Dot]


@require_safe
def person_over_time(request: SignedIn, pk: int) -> HttpResponse:
    person, signed = person_seen_by(request, pk)
    chosen = _chosen(signed, request.GET.get("one"), request.GET.get("other"))
    context: dict[str, Any] = {
        "person": person,
        "is_own": person == request.user,
        "signed": signed,
        "chosen": chosen,
        "chart": chart_of(signed),
        "next_level": _next(signed),
        "lines": _lines(chosen),
        "version": signed[-1].assessment.version if signed else None,
    }
    return render(request, "insight/person_over_time.html", context)


@require_safe
def rating_history(request: SignedIn, pk: int, statement_pk: int) -> HttpResponse:
    person, signed = person_seen_by(request, pk)
    statement = get_object_or_404(
        Statement.objects.select_related("version__framework", "level"), pk=statement_pk
    )
    found = given_in(signed, [statement.competency_id])
    rows = [
        (sign_off, found[key])
        for sign_off in reversed(signed)
        if (key := (sign_off.pk, statement.competency_id)) in found
    ]
    context = {
        "person": person,
        "is_own": person == request.user,
        "statement": statement,
        "rows": rows,
        "version": statement.version,
    }
    return render(request, "insight/rating_history.html", context)


def person_seen_by(request: SignedIn, pk: int) -> tuple[User, list[SignOff]]:
    """Give a person and their sealed sign-offs. Raises Http404 for whom the reader may not see."""
    person = get_object_or_404(scope_of(request.user).people, pk=pk)
    return person, _signed(person, request.user)


def _signed(person: User, reader: User) -> list[SignOff]:
    """Give their sealed sign-offs, the oldest first: without those taken back or superseded."""
    found = SignOff.objects.filter(clerk=person, record__isnull=False, revocation=None)
    found = found.exclude(superseded_by__record__isnull=False)
    found = found.exclude(record__in=unseen_record_ids(reader)).order_by("record_id")
    return list(
        found.select_related(
            "level", "record", "signed_by", "assessment__cycle", "assessment__version__framework"
        ).defer("assessment__version__source_bytes")
    )


def _chosen(signed: Sequence[SignOff], *wanted: str | None) -> tuple[SignOff | None, ...]:
    """Give the two that are looked at beside each other, the last two where none is named."""
    by_pk = {str(sign_off.pk): sign_off for sign_off in signed}
    last: list[SignOff | None] = [None, None, *signed][-2:]
    return tuple(by_pk.get(name or "", usual) for name, usual in zip(wanted, last, strict=True))


def given_in(
    signed: Sequence[SignOff], competencies: Sequence[int | None] | None = None
) -> dict[tuple[int, int | None], Given]:
    """Read what was said, by sign-off and competency: 1 query."""
    by_assessment = {sign_off.assessment_id: sign_off for sign_off in signed}
    rows = Rating.objects.filter(assessment__in=by_assessment, point__isnull=False)
    if competencies is not None:
        rows = rows.filter(statement__competency__in=competencies)
    found: dict[tuple[int, int | None], dict[str, Rating]] = {}
    for rating in rows.select_related("statement").order_by("round"):
        sign_off = by_assessment[rating.assessment_id]
        if rating.round <= sign_off.round:
            key = (sign_off.pk, rating.statement.competency_id)
            found.setdefault(key, {})[rating.role] = rating
    scales = {sign_off.pk: sign_off.assessment.cycle.the_scale for sign_off in signed}
    return {key: _given(sides, scales[key[0]]) for key, sides in found.items()}


def _given(sides: dict[str, Rating], scale: Scale) -> Given:
    words = [
        scale.label(sides[role].point) if role in sides else ""
        for role in (Role.SELF, Role.SUPERVISOR, Role.AGREED)
    ]
    own = sides.get(Role.SELF)
    return Given(words[0], words[1], words[2], carried=bool(own and own.as_carried))


def _lines(chosen: tuple[SignOff | None, ...]) -> list[Line]:
    before, now = chosen
    if now is None:
        return []
    found = given_in([sign_off for sign_off in chosen if sign_off])
    statements = now.assessment.version.statements.select_related("level")
    return [
        Line(
            statement,
            found.get((before.pk, statement.competency_id)) if before else None,
            found.get((now.pk, statement.competency_id)),
        )
        for statement in statements.order_by("level__rank", "position")
    ]


def _next(signed: Sequence[SignOff]) -> Any:
    record = signed[-1].record if signed else None
    payload = payload_of(record) if record else {}
    return next_level(payload) if payload else None


def chart_of(signed: Sequence[SignOff]) -> Chart | None:
    """Draw the placements; None where there are fewer than two. "Not yet placed" is the base."""
    if len(signed) < 2:
        return None
    labels = [NOT_YET_PLACED, *(str(lv) for lv in signed[-1].assessment.version.levels.all())]
    step = (RIGHT - LEFT) / (len(signed) - 1)
    dots = [
        Dot(
            round(LEFT + number * step, 1),
            _height(min(s.level.rank if s.level else 0, len(labels) - 1), len(labels) - 1),
            f"{s.signed_at:%b %Y}",
        )
        for number, s in enumerate(signed)
    ]
    heights = [(label, _height(rank, len(labels) - 1)) for rank, label in enumerate(labels)]
    return Chart(HEIGHT, heights, dots)


def _height(rank: int, highest: int) -> float:
    room = HEIGHT - TOP - BELOW
    return round(HEIGHT - BELOW - room * rank / max(highest, 1), 1)
