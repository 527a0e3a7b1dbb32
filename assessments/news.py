"""What happened since somebody's last visit, in words; answers are never part of it."""

from typing import NamedTuple

from assessments import workflow

START = "start"

BY_CLERK = {
    START: "started the assessment",
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


class Sentence(NamedTuple):
    """What somebody did; with `names_clerk` the clerk's name belongs after the words."""

    words: str
    names_clerk: bool


def sentence(kind: str, reader_is_clerk: bool) -> Sentence:
    """Give the words for one event. Raises KeyError for a kind without words."""
    if kind in BY_CLERK:
        return Sentence(BY_CLERK[kind], False)
    if reader_is_clerk:
        return Sentence(TO_CLERK[kind], False)
    return Sentence(ABOUT_CLERK[kind], True)
