from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from accounts.models import Team, User
from accounts.permissions import is_administrator, is_auditor
from accounts.queries import own_teams, supervisor_ids_of


class Page(NamedTuple):
    """A page of the main navigation; it is current on every view whose name starts so."""

    label: str
    url_name: str
    starts: tuple[str, ...]


START = Page("Start", "start", ("start",))
MY_ASSESSMENT = Page(
    "My assessment",
    "assessments:assessment_list",
    (
        "assessments:assessment_list",
        "assessments:assessment_start",
        "assessments:assessment_detail",
        "assessments:assessment_rate",
        "assessments:assessment_look",
        "assessments:assessment_submit",
        "assessments:assessment_withdraw",
    ),
)
REVIEWS = Page(
    "Reviews",
    "assessments:review_queue",
    (
        "assessments:review_",
        "accounts:delegation_",
        "assessments:assessment_review",
        "assessments:assessment_reconcile",
        "assessments:assessment_sign_off",
        "assessments:assessment_return",
        "assessments:assessment_close",
    ),
)
FRAMEWORKS = Page("Frameworks", "frameworks:framework_list", ("frameworks:",))
CYCLES = Page("Cycles", "assessments:cycle_list", ("assessments:cycle_", "assessments:rule_"))
PEOPLE = Page(
    "People",
    "accounts:person_list",
    ("accounts:person_", "accounts:team_", "assessments:appointment_", "assessments:unsupervised_"),
)
SIGN_OFFS = Page("Sign-offs", "assessments:sign_off_list", ("assessments:sign_off_",))
OVERSIGHT = Page("Oversight", "assessments:oversight", ("assessments:oversight",))
TEAM = Page(
    "Team",
    "assessments:heat_map",
    (
        "assessments:heat_map",
        "assessments:coverage",
        "assessments:training_needs",
        "assessments:agreement",
        "assessments:person_over_time",
        "assessments:rating_history",
    ),
)
MY_SKILLS = TEAM._replace(label="My skills")
RECORDS = Page("Records", "records:record_list", ("records:", "assessments:placement_as_of"))
MY_RECORDS = RECORDS._replace(label="My records")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give the main navigation and the line under the person's name, in three queries."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    own, supervised, acts = own_teams(user)
    supervises = bool(supervised) or acts
    has_duties = supervises or is_administrator(user) or is_auditor(user)
    # Somebody with other duties is asked to rate themselves only where somebody reviews it.
    is_clerk = own is not None and (not has_duties or bool(supervisor_ids_of(user)))
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    pages = _pages(user, is_clerk, supervises)
    return {
        "records_are_own": MY_RECORDS in pages,
        "nav": [
            {
                "url": reverse(page.url_name),
                "label": page.label,
                "is_current": view_name.startswith(page.starts),
            }
            for page in pages
        ],
        "who_line": _who_line(user, own, supervised),
    }


def _pages(user: User, is_clerk: bool, is_supervisor: bool) -> list[Page]:
    pages = [START]
    pages += [MY_ASSESSMENT] if is_clerk else []
    pages += [REVIEWS] if is_supervisor else []
    pages += [TEAM] if is_supervisor or is_auditor(user) else [MY_SKILLS] if is_clerk else []
    pages += [FRAMEWORKS, CYCLES, PEOPLE] if is_administrator(user) else []
    pages += [SIGN_OFFS, OVERSIGHT] if is_auditor(user) else []
    if is_supervisor or is_administrator(user) or is_auditor(user):
        return [*pages, RECORDS]
    return [*pages, MY_RECORDS] if is_clerk else pages


def _who_line(user: User, own: Team | None, supervised: list[Team]) -> str:
    parts = ["Administrator"] if is_administrator(user) else []
    parts += ["Auditor"] if is_auditor(user) else []
    if supervised:
        more = " and others" if supervised[1:] else ""
        parts.append(format_html("Supervisor, <bdi>{}</bdi>{}", supervised[0], more))
    elif own is not None and not parts:
        parts.append(format_html("Clerk, <bdi>{}</bdi>", own))
    return format_html_join("; ", "{}", ((part,) for part in parts))
