import hashlib
from typing import Any, NamedTuple

from accounts.models import User
from frameworks.changes import Change, Diff, Pair, Place, Wording
from frameworks.diffing import compare
from frameworks.models import FrameworkVersion, Statement, StatementChange, VersionState
from frameworks.queries import document_of


class Sides(NamedTuple):
    """A change with its statements as they are stored, and who confirmed it (None: nobody)."""

    change: Change
    old: Statement | None
    new: Statement | None
    confirmed: StatementChange | None

    @property
    def confirmed_by(self) -> User | None:
        return self.confirmed.confirmed_by if self.confirmed else None


class Question(NamedTuple):
    """A doubtful pair as the comparison alone finds it, whatever was answered since."""

    old: Statement
    new: Statement
    confidence: int

    @property
    def statements(self) -> tuple[Statement, Statement]:
        return self.old, self.new


class Comparison(NamedTuple):
    """Two versions of a framework beside each other."""

    old: FrameworkVersion
    new: FrameworkVersion
    diff: Diff
    sides: list[Sides]
    questions: list[Question]
    decisions: list[StatementChange]

    @property
    def latest_decision(self) -> int:
        """Give the number of the last decision on the newer version, 0 before the first."""
        return max((decision.pk for decision in self.decisions), default=0)

    @property
    def undecided(self) -> list[Sides]:
        """Give the pairs that wait for a person."""
        return [sides for sides in self.sides if sides.change.doubtful]


def base_of(version: FrameworkVersion) -> FrameworkVersion | None:
    """Give the version that this one would replace: the published, else the last retired one."""
    others = version.framework.versions.exclude(pk=version.pk)
    others = others.select_related("framework").defer("source_bytes")
    published = others.filter(state=VersionState.PUBLISHED).first()
    return published or others.filter(state=VersionState.RETIRED).order_by("-retired_at").first()


def compared(old: FrameworkVersion, new: FrameworkVersion) -> Comparison:
    """Compare two versions of one framework, 7 queries.

    What was decided on a draft holds against the version it was decided on. Between two that
    were published the identity of every statement is known, and nothing is doubtful.
    """
    olds, news = by_place(old), by_place(new)
    documents = document_of(old), document_of(new)
    confirmed = list(new.changes.filter(confirmed_at__isnull=False).select_related("confirmed_by"))
    known = VersionState.DRAFT not in (old.state, new.state)
    decided = _known_pairs(olds, news) if known else _decided_pairs(confirmed, old, olds, news)
    diff = compare(*documents, decided)
    alone = compare(*documents) if decided and not known else diff
    return Comparison(
        old,
        new,
        diff,
        _sides(diff, olds, news, confirmed),
        [
            Question(olds[change.old.place], news[change.new.place], change.confidence)
            for change in alone.doubtful
            if change.old and change.new
        ],
        confirmed,
    )


def seen_of(version: FrameworkVersion, comparison: Comparison | None) -> str:
    """Give what stands for the pairing that was shown: the version beside it, and a digest.

    None compares with nothing. Every pair, its kind and who decided it make another one.
    """
    if comparison is None:
        return f"0-{version.pk}"
    pairs = [
        (
            str(sides.change.kind.value),
            sides.old.pk if sides.old else 0,
            sides.new.pk if sides.new else 0,
            sides.confirmed.pk if sides.confirmed else 0,
            sides.change.doubtful,
        )
        for sides in comparison.sides
    ]
    return f"{comparison.old.pk}-{hashlib.sha256(repr(pairs).encode()).hexdigest()}"


def change_list(diff: Diff) -> dict[str, Any]:
    """Give a comparison as the command prints it: every statement of both documents once."""
    return {
        "counts": diff.counts,
        "reordered": diff.reordered,
        "changes": [
            {
                "kind": str(change.kind.value),
                "confidence": change.confidence,
                "doubtful": change.doubtful,
                "old": _as_data(change.old),
                "new": _as_data(change.new),
            }
            for change in diff.changes
        ],
    }


def _as_data(wording: Wording | None) -> dict[str, Any] | None:
    return wording._asdict() if wording else None


def _sides(
    diff: Diff,
    olds: dict[Place, Statement],
    news: dict[Place, Statement],
    confirmed: list[StatementChange],
) -> list[Sides]:
    by_statement = {
        pk: row for row in confirmed for pk in (row.old_statement_id, row.new_statement_id) if pk
    }
    sides = []
    for change in diff.changes:
        old = olds[change.old.place] if change.old else None
        new = news[change.new.place] if change.new else None
        row = next((by_statement[s.pk] for s in (old, new) if s and s.pk in by_statement), None)
        # A decision is about these two and no others.
        is_of_them = row and (row.old_statement_id, row.new_statement_id) == (
            old.pk if old else None,
            new.pk if new else None,
        )
        sides.append(Sides(change, old, new, row if change.decided and is_of_them else None))
    return sides


def by_place(version: FrameworkVersion) -> dict[Place, Statement]:
    statements = version.statements.select_related("level")
    return {Place(s.level.key, s.position): s for s in statements}


def _known_pairs(olds: dict[Place, Statement], news: dict[Place, Statement]) -> list[Pair]:
    at = {statement.competency_id: place for place, statement in news.items()}
    pairs = [Pair(place, at.pop(s.competency_id, None)) for place, s in olds.items()]
    return pairs + [Pair(None, place) for place in at.values()]


def _decided_pairs(
    confirmed: list[StatementChange],
    old: FrameworkVersion,
    olds: dict[Place, Statement],
    news: dict[Place, Statement],
) -> list[Pair]:
    """Give the decisions whose statements are of these two versions.

    One that only names something new was made against what was published then, and so holds
    against the old version only when that stood already.
    """
    places = {s.pk: place for found in (olds, news) for place, s in found.items()}
    pairs = []
    for row in confirmed:
        named = [pk for pk in (row.old_statement_id, row.new_statement_id) if pk is not None]
        late = row.old_statement_id is None and not _stood(old, row)
        if not late and all(pk in places for pk in named):
            pairs.append(
                Pair(
                    places[row.old_statement_id] if row.old_statement_id else None,
                    places[row.new_statement_id] if row.new_statement_id else None,
                )
            )
    return pairs


def _stood(old: FrameworkVersion, row: StatementChange) -> bool:
    return bool(old.published_at and row.confirmed_at and old.published_at <= row.confirmed_at)
