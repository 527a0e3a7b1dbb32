"""What a sealed sign-off says about the way to the level after the one it placed at."""

from typing import Any, NamedTuple

from assessments.scales import NOT_PART_OF_ROLE


class NextLevel(NamedTuple):
    """The next level with its counts of that day, and the topics that were not shown."""

    label: str
    demonstrated: int
    needed: int
    missing: tuple[str, ...]

    @property
    def short(self) -> int:
        return max(self.needed - self.demonstrated, 0)


def next_level(payload: dict[str, Any]) -> NextLevel | None:
    """Read the payload of a sign-off record; None when it placed at the highest level."""
    keys = [level["key"] for level in payload["levels"]]
    placed = payload["placement"]["level"]
    place = 0 if placed is None else keys.index(placed) + 1
    if place == len(keys):
        return None
    result = payload["suggestion"]["levels"][place]
    return NextLevel(
        result["label"], result["demonstrated"], result["needed"], _missing(payload, place)
    )


def _missing(payload: dict[str, Any], place: int) -> tuple[str, ...]:
    enough = {point["value"] for point in payload["scale"]["points"] if point["demonstrates"]}
    enough.add(NOT_PART_OF_ROLE)
    texts = {s["position"]: s["text"] for s in payload["levels"][place]["statements"]}
    agreed = payload["rounds"][-1]["agreed"]
    return tuple(
        _topic(texts[rating["position"]])
        for rating in agreed
        if rating["level"] == place and rating["point"] not in enough
    )


def _topic(text: str) -> str:
    return text.split(" — ")[0]
