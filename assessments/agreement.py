"""From two ratings of one statement to what they say together."""

from assessments.scales import NOT_PART_OF_ROLE, Scale


def agreed_point(by_clerk: int, by_supervisor: int) -> int:
    """Give the supervisor's point; a one-sided "not part of the role" yields to the other side."""
    if by_supervisor == NOT_PART_OF_ROLE:
        return by_clerk
    return by_supervisor


def distance(by_clerk: int, by_supervisor: int, scale: Scale) -> int:
    """Say how far apart two answers lie, 0 for the same; wider differences sort higher.

    One side alone saying "not part of the role" is as wide as the whole scale.
    """
    if by_clerk == by_supervisor:
        return 0
    if NOT_PART_OF_ROLE in (by_clerk, by_supervisor):
        return len(scale.points)
    return abs(by_clerk - by_supervisor)


def distance_in_words(by_clerk: int, by_supervisor: int, scale: Scale) -> str:
    """Give "One step apart" and the like, or which side says it is not part of the role."""
    if by_clerk == by_supervisor:
        return "The same"
    if NOT_PART_OF_ROLE in (by_clerk, by_supervisor):
        return "One side says not part of the role"
    steps = distance(by_clerk, by_supervisor, scale)
    return ("One step apart", "Two steps apart", "Three steps apart")[steps - 1]
