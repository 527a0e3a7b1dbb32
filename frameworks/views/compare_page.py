"""What the comparison page draws: rows by kind, the doubtful first."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from frameworks.changes import ChangeKind, Place
from frameworks.comparison_queries import Comparison, Sides
from frameworks.marking import Mark, drawn_apart
from frameworks.models import Statement

# More answers to choose from than this make a page slow: then one row at a time offers them.
MOST_OFFERS = 5_000
LONGEST_OFFER = 90
# From how many of 100 on a guess is called so.
SURE = ((45, "Probably the same"), (0, "Perhaps the same"))
WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")


class Row(NamedTuple):
    """A statement or a pair; `answer` is same, different or "" for none given by a person.

    `asked_before` names the earlier version whose answers to a new statement come back.
    `choice` and `problem` are an answer that was not taken, and why.
    `guess` is what the comparison alone thinks of a pair that it asks about, of 100.
    """

    sides: Sides
    old: Statement | None
    new: Statement | None
    answer: str = ""
    guess: int | None = None
    ratings: int = 0
    asked_before: str = ""
    choice: str = ""
    problem: str = ""

    @property
    def chosen(self) -> str:
        return self.choice or self.answer

    @property
    def kind(self) -> str:
        """Give the kind; of a pair that was separated what it would be as one."""
        if self.old and self.new and self.answer == "different":
            moved = self.old.level.key != self.new.level.key
            return str((ChangeKind.MOVED if moved else ChangeKind.REWORDED).value)
        return str(self.sides.change.kind.value)

    @property
    def carries(self) -> str:
        """Say what becomes of the ratings of the old wording; "" where there is none."""
        if self.asked_before:
            return f"asked before in {self.asked_before}: answers given then come back"
        if not self.ratings:
            return ""
        ratings = f"{self.ratings} rating{'s' * (self.ratings != 1)}"
        if self.kind == ChangeKind.RETIRED:
            return f"{ratings} stay{'s' * (self.ratings == 1)} in history"
        carry = f"{ratings} carr{'ies' if self.ratings == 1 else 'y'}"
        asks_again = self.kind in (ChangeKind.REWORDED, ChangeKind.MOVED)
        return f"{carry}, marked for a second look" if asks_again else carry

    @property
    def anchor(self) -> str:
        statement = self.new or self.old
        return f"s{statement.pk}" if statement else ""

    @property
    def has_gone_elsewhere(self) -> bool:
        return bool(
            self.old
            and self.new
            and (self.kind == ChangeKind.MOVED or self.sides.change.reordered)
            and place_of(self.old) != place_of(self.new)
        )

    @property
    def old_place(self) -> str:
        return place_of(self.old) if self.old else ""

    @property
    def new_place(self) -> str:
        return place_of(self.new) if self.new else ""

    @property
    def marks(self) -> tuple[list[Mark], list[Mark]]:
        """Give topic and behaviour with what was added and removed; all in one without topics."""
        texts = [s.text for s in (self.old, self.new) if s]
        return drawn_apart(texts[0], texts[-1])

    @property
    def likeness(self) -> str:
        """Say how much alike the two wordings of a pair are."""
        if not (self.old and self.new):
            return ""
        old, new = _words(self.old.text), _words(self.new.text)
        most = max(old.total(), new.total())
        common = f"{(old & new).total()} of {most} words in common."
        if self.guess is None:
            return common
        return f"{next(words for least, words in SURE if self.guess >= least)}: {common}"


class Group(NamedTuple):
    """Rows of one kind, with what they are called and what becomes of ratings.

    `number` can be more than the rows: what was told apart stands with the decided pairs.
    """

    key: str
    word: str
    number: int
    title: str
    text: str
    rows: list[Row]
    is_folded: bool = False


class Failed(NamedTuple):
    """An answer that was not taken: the anchor of its row, why, and what was chosen."""

    anchor: str
    problem: str
    choice: str


class Renamed(NamedTuple):
    """A level that is called otherwise, is new or is gone; "" for what it is not called."""

    key: str
    old: str
    new: str


class Offer(NamedTuple):
    """A statement without a sure partner, to be chosen as one."""

    pk: int
    name: str


class Offers(NamedTuple):
    """What may still be paired on each side, and whether every row can list it."""

    old: list[Offer]
    new: list[Offer]
    everywhere: bool


def groups_of(
    comparison: Comparison,
    ratings: Mapping[Place, int] | None = None,
    back: Mapping[Place, Statement] | None = None,
) -> list[Group]:
    """Give the groups that hold anything, in the order in which they are read.

    `ratings` counts, by place in the old version, those that wait to be carried over; `back`
    gives, by place in the new one, what was asked in an earlier version.
    """
    asked, rest = (_rated(rows, ratings or {}) for rows in _parted(comparison))
    rest = [_returning(row, back or {}) for row in rest]
    by_kind = {kind: [row for row in rest if row.kind == kind] for kind in ChangeKind}
    apart = sum(row.answer == "different" for row in asked)
    reordered = [row for row in by_kind[ChangeKind.UNCHANGED] if row.sides.change.reordered]
    groups = [
        _to_decide(asked),
        _group("reworded", by_kind, "Ratings carry over, marked “please look again”."),
        _group("moved", by_kind, "To another level. Ratings carry over, marked the same way."),
        _group("new", by_kind, "Everybody starts unrated here.", apart=apart),
        _group(
            "retired", by_kind, "Ratings stay in the history of the old assessments.", apart=apart
        ),
        _group("minor", by_kind, "spelling and punctuation; ratings carry over", is_folded=True),
        _group("unchanged", by_kind, "ratings carry over", is_folded=True),
        Group(
            "order",
            "Order only",
            len(reordered),
            f"{len(reordered)} of the unchanged in another order",
            "nothing else changed",
            reordered,
            True,
        ),
    ]
    return [group for group in groups if group.number or group.rows]


def failed_in(groups: list[Group], failed: Failed) -> list[Group]:
    """Put what was not taken into its row."""
    return [
        group._replace(
            rows=[
                row._replace(choice=failed.choice, problem=failed.problem)
                if row.anchor == failed.anchor
                else row
                for row in group.rows
            ]
        )
        for group in groups
    ]


def renamed_levels(comparison: Comparison) -> list[Renamed]:
    """Give the levels whose names differ, in the order of the newer version."""
    olds = {level.key: level.label for level in comparison.old.levels.all()}
    news = {level.key: level.label for level in comparison.new.levels.all()}
    return [
        Renamed(key, olds.get(key, ""), news.get(key, ""))
        for key in [*news, *(key for key in olds if key not in news)]
        if olds.get(key) != news.get(key)
    ]


def _group(
    kind: str,
    by_kind: dict[ChangeKind, list[Row]],
    text: str,
    *,
    apart: int = 0,
    is_folded: bool = False,
) -> Group:
    """Make a group; `apart` of its statements stand in pairs that a person told apart."""
    rows = by_kind[ChangeKind(kind)]
    count = len(rows) + apart
    if apart:
        text += f" {f'{apart} of them' if rows else 'See'} among the pairs decided above."
    return Group(kind, kind.capitalize(), count, f"{count} {kind}", text, rows, is_folded)


def _to_decide(rows: list[Row]) -> Group:
    left, pairs = sum(not row.answer for row in rows), f"{len(rows)} pair{'s' * (len(rows) != 1)}"
    if left == len(rows):
        title = f"{pairs} to decide"
    else:
        title = f"{left} of {pairs} left to decide" if left else f"{pairs} decided"
    text = "Each could be the same competency in new words, or a new one in place of an old one."
    return Group(
        "to-decide", "To decide" if left else "Decided", left or len(rows), title, text, rows
    )


def _parted(comparison: Comparison) -> tuple[list[Row], list[Row]]:
    """Part what a person is or was asked from the rest; what was separated stands as the pair."""
    asked = {s.pk: question for question in comparison.questions for s in question.statements}
    alone = {
        s.pk
        for sides in comparison.sides
        if sides.confirmed and not (sides.old and sides.new)
        for s in (sides.old, sides.new)
        if s
    }
    apart = {pk for pk, found in asked.items() if {s.pk for s in found.statements} <= alone}
    rows: list[Row] = []
    rest: list[Row] = []
    for sides in comparison.sides:
        old, new, change = sides.old, sides.new, sides.change
        if new and new.pk in apart:
            found = asked[new.pk]
            rows.append(Row(sides, found.old, new, "different", found.confidence))
        elif old and old.pk in apart:
            continue
        elif change.doubtful:
            rows.append(Row(sides, old, new, "", change.confidence))
        elif sides.confirmed and old and new and (old.pk in asked or new.pk in asked):
            found = asked.get(old.pk) or asked[new.pk]
            guess = found.confidence if found.statements == (old, new) else None
            rows.append(Row(sides, old, new, "same", guess))
        else:
            rest.append(Row(sides, old, new, _answer(sides)))
    return rows, rest


def _rated(rows: list[Row], ratings: Mapping[Place, int]) -> list[Row]:
    places = [Place(r.old.level.key, r.old.position) if r.old else None for r in rows]
    return [
        row._replace(ratings=ratings.get(place, 0)) if place else row
        for row, place in zip(rows, places, strict=True)
    ]


def _returning(row: Row, back: Mapping[Place, Statement]) -> Row:
    new = row.sides.change.new
    earlier = back.get(new.place) if new and not row.old else None
    return row._replace(asked_before=earlier.version.label) if earlier else row


def _answer(sides: Sides) -> str:
    if not sides.confirmed:
        return ""
    return "same" if sides.old and sides.new else "different"


def offers_of(comparison: Comparison, groups: Iterable[Group]) -> Offers:
    """Give what has no partner, or a doubtful one: a person may pair it."""
    free = [
        sides
        for sides in comparison.sides
        if sides.change.doubtful or not (sides.old and sides.new)
    ]
    olds = [_offer(sides.old) for sides in free if sides.old]
    news = [_offer(sides.new) for sides in free if sides.new]
    rows = sum(len(group.rows) for group in groups if group.key not in ("unchanged", "order"))
    return Offers(olds, news, rows * (len(olds) + len(news)) <= MOST_OFFERS)


def _offer(statement: Statement) -> Offer:
    text = statement.text
    if len(text) > LONGEST_OFFER:
        text = text[:LONGEST_OFFER].rstrip() + "…"
    return Offer(statement.pk, f"{place_of(statement)}: {text}")


def place_of(statement: Statement) -> str:
    """Name a place as people do: “Developing 7”."""
    return f"{statement.level.label} {statement.position}"


def _words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))
