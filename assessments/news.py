"""What happened since somebody's last visit, in words; answers are never part of it."""

from typing import NamedTuple

from assessments import workflow

BY_CLERK = {
    workflow.SUBMIT.name: "submitted the ratings",
    workflow.WITHDRAW.name: "took the ratings back to change them",
}
TO_CLERK = {
    workflow.COMPLETE_REVIEW.name: "finished rating your statements; you both see both sides now",
    workflow.RECONCILE.name: "settled the agreed ratings",
    workflow.RETURN.name: "returned your assessment to you",
    workflow.SIGN_OFF.name: "signed off your level",
    workflow.CLOSE.name: "closed your assessment",
}
ABOUT_CLERK = {
    workflow.COMPLETE_REVIEW.name: "finished rating the statements of",
    workflow.RECONCILE.name: "settled the agreed ratings of",
    workflow.RETURN.name: "returned the assessment of",
    workflow.SIGN_OFF.name: "signed off the level of",
    workflow.CLOSE.name: "closed the assessment of",
}


# That somebody has begun is no news to anybody.
KINDS = frozenset(BY_CLERK) | frozenset(TO_CLERK)

ICONS = {
    workflow.SUBMIT.name: "right",
    workflow.WITHDRAW.name: "left",
    workflow.COMPLETE_REVIEW.name: "half",
    workflow.RECONCILE.name: "check",
    workflow.RETURN.name: "warn",
    workflow.SIGN_OFF.name: "done",
    workflow.CLOSE.name: "lock",
}


class Sentence(NamedTuple):
    """What somebody did; with `names_clerk` the clerk's name belongs after the words."""

    icon: str
    words: str
    names_clerk: bool


def sentence(kind: str, reader_is_clerk: bool) -> Sentence:
    """Give the words for an event of one of KINDS."""
    if kind in BY_CLERK:
        return Sentence(ICONS[kind], BY_CLERK[kind], names_clerk=False)
    if reader_is_clerk:
        return Sentence(ICONS[kind], TO_CLERK[kind], names_clerk=False)
    return Sentence(ICONS[kind], ABOUT_CLERK[kind], names_clerk=True)
