from typing import NamedTuple

NOT_PART_OF_ROLE = 0


class Point(NamedTuple):
    """One answer of a scale; `demonstrates` says whether it counts as showing the statement.

    `meaning` is said by the clerk, `meaning_of_other` by the supervisor of the clerk.
    """

    value: int
    label: str
    meaning: str
    meaning_of_other: str
    demonstrates: bool


class Scale(NamedTuple):
    """The answers a person can choose, asked by one question to clerk and supervisor."""

    key: str
    question: str
    question_of_other: str
    points: tuple[Point, ...]

    def point(self, value: int) -> Point:
        """Give the point of this value. Raises KeyError when the scale has none."""
        for point in self.points:
            if point.value == value:
                return point
        raise KeyError(value)

    @property
    def values(self) -> list[int]:
        """Give every answer that can be stored, "not part of the role" first."""
        return [NOT_PART_OF_ROLE, *(point.value for point in self.points)]

    def label(self, value: int | None) -> str:
        """Give the answer in words: a point's label, "Not part of the role" or "Not rated"."""
        if value is None:
            return "Not rated"
        if value == NOT_PART_OF_ROLE:
            return "Not part of the role"
        return self.point(value).label


TRUE_OF_ME = Scale(
    key="true-of-me",
    question="How far is this true of you today?",
    question_of_other="How far is this true of them today?",
    points=(
        Point(
            1,
            "Not yet",
            "I have not done this, or have only watched it done.",
            "Has not done this, or has only watched it done.",
            False,
        ),
        Point(2, "Partly", "I do parts of this.", "Does parts of this.", False),
        Point(
            3,
            "Mostly",
            "I do this as described; an unusual case may get a check.",
            "Does this as described; an unusual case may get a check.",
            True,
        ),
        Point(
            4,
            "Fully",
            "I do this as described, or with less supervision than it describes,"
            " every time, and could show it.",
            "Does this as described, or with less supervision than it describes,"
            " every time, and could show it.",
            True,
        ),
    ),
)

SCALES = {scale.key: scale for scale in (TRUE_OF_ME,)}
