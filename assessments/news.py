"""What happened since somebody's last visit, in words; answers are never part of it."""

from typing import NamedTuple

from assessments import workflow

BY_CLERK = {
    workflow.SUBMIT.name: "submitted the ratings",
    workflow.WITHDRAW.name: "took the ratings back to change them",
    "acknowledge": "has seen the placement",
    "dispute": "disputes statements of the placement",
}
TO_CLERK = {
    workflow.COMPLETE_REVIEW.name: "finished rating your statements; you both see both sides now",
    workflow.RECONCILE.name: "settled the agreed ratings",
    workflow.RETURN.name: "returned your assessment to you",
    workflow.SIGN_OFF.name: "signed off your level",
    workflow.CLOSE.name: "closed your assessment",
    workflow.MOVE.name: "moved your draft to a new version; your answers came along",
    workflow.SIGN_FIRST.name: "signed your level; a second signature follows",
    workflow.SIGN_SECOND.name: "gave the second signature: your level is signed off",
    workflow.SUPERSEDE.name: "decided your dispute and placed you anew",
    workflow.CORRECT.name: "corrected your placement, and gave the reason",
    workflow.REVOKE.name: "revoked your placement, and gave the reason",
    "re-route": "handed your open work to somebody else",
    "uphold": "decided your dispute: the placement stands",
}
ABOUT_CLERK = {
    workflow.COMPLETE_REVIEW.name: "finished rating the statements of",
    workflow.RECONCILE.name: "settled the agreed ratings of",
    workflow.RETURN.name: "returned the assessment of",
    workflow.SIGN_OFF.name: "signed off the level of",
    workflow.CLOSE.name: "closed the assessment of",
    workflow.MOVE.name: "moved to a new version the draft of",
    workflow.SIGN_FIRST.name: "gave the first signature for",
    workflow.SIGN_SECOND.name: "gave the second signature for",
    workflow.SUPERSEDE.name: "decided a dispute and placed anew",
    workflow.CORRECT.name: "corrected the placement of",
    workflow.REVOKE.name: "revoked the placement of",
    "re-route": "handed over the open work of",
    "uphold": "decided a dispute and upheld the placement of",
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
    workflow.MOVE.name: "right",
    workflow.SIGN_FIRST.name: "pen",
    workflow.SIGN_SECOND.name: "done",
    workflow.SUPERSEDE.name: "done",
    workflow.CORRECT.name: "pen",
    workflow.REVOKE.name: "out",
    "re-route": "person",
    "uphold": "done",
    "acknowledge": "check",
    "dispute": "differ",
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
