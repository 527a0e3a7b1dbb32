"""Ten pages of the demo that stand for all: what they are called, who sees them, where they are."""

from typing import NamedTuple


class Page(NamedTuple):
    """A page as one person of the demo sees it; a fresh demo always has the same numbers."""

    name: str
    username: str
    path: str


PAGES = [
    Page("Start, as a clerk", "priya", "/"),
    Page("Rating", "priya", "/assessments/20/rate/2/"),
    Page("Look through and submit", "priya", "/assessments/20/look/"),
    Page("Review", "helen", "/assessments/21/review/1/"),
    Page("Comparing both sides", "helen", "/assessments/23/reconcile/"),
    Page("Sign-off", "helen", "/assessments/24/sign-off/"),
    Page("A sealed record", "grace", "/records/39/"),
    Page("Frameworks", "tomas", "/frameworks/"),
    Page("Comparing two versions", "tomas", "/frameworks/versions/2/compare/"),
    Page("Oversight", "ruth", "/oversight/"),
]
