import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from accounts.permissions import is_administrator, is_auditor
from accounts.queries import Firm, read_firm
from accounts.views.requests import SignedIn
from assessments.cycle_queries import cycles_with_counts
from assessments.dates import days_until
from assessments.dispute_queries import open_disputes
from assessments.eligibility_queries import waiting_second_signatures
from assessments.handover_queries import alone
from assessments.models import Assessment, Cycle
from assessments.scales import TRUE_OF_ME
from assessments.sign_off_queries import sign_offs_visible_to
from assessments.start_queries import (
    ClerkWork,
    clerk_work,
    draft_versions,
    latest_records,
    news_for,
    waiting_for,
)
from assessments.views.stages import ShownStep, steps_of
from assessments.workflow import State

# A page that is opened again within this time still shows the same news.
ONE_VISIT = datetime.timedelta(minutes=30)
LATEST = 5

SECTIONS = {
    "clerk": "start/_start_clerk.html",
    "waiting": "start/_start_supervisor.html",
    "judging": "start/_start_judging.html",
    "administration": "start/_start_administrator.html",
    "audit": "start/_start_auditor.html",
}
TASKS = {
    State.DRAFT: "start/_task_draft.html",
    State.SUBMITTED: "start/_task_submitted.html",
    State.REVIEWED: "start/_task_reviewed.html",
    State.RECONCILED: "start/_task_reconciled.html",
    State.SIGNED_OFF: "start/_task_signed_off.html",
    State.CLOSED: "start/_task_closed.html",
}


def start(request: SignedIn) -> HttpResponse:
    person = request.user
    now = timezone.now()
    today = timezone.localdate(now)
    firm = read_firm(today)
    nodes = firm.nodes
    context = _duties(person, firm)
    sections = list(context)
    if person.team_id or not sections:
        work = clerk_work(person, nodes)
        # Somebody with duties is asked to rate themselves only where somebody reviews it.
        if work.supervisor or not sections:
            # One's own task comes first, what is done already last.
            sections.insert(0 if work.asks_something else len(sections), "clerk")
            context |= _own(work, person, today)
    context |= {
        "today": today,
        "sections": [SECTIONS[name] for name in sections],
        "news": news_for(person, _last_visit(request, person, now), firm),
    }
    return render(request, "start/start.html", context)


def help(request: SignedIn) -> HttpResponse:
    return render(request, "help.html", {"scale": TRUE_OF_ME})


def _duties(person: User, firm: Firm) -> dict[str, Any]:
    """Read what the person's duties need, by the name of the section that shows it."""
    duties: dict[str, Any] = {}
    open_ones, today = open_disputes(), timezone.localdate()
    decides = [dispute for dispute, decider in open_ones if decider == person]
    second = waiting_second_signatures(person, today)
    if decides or second:
        duties["judging"] = {"disputes": decides, "signatures": second}
    if firm.givers_of(person) or any(
        node.supervisor_id == person.pk for node in firm.nodes.values()
    ):
        duties["waiting"] = waiting_for(person, firm, today)
    if is_administrator(person):
        duties["administration"] = {
            "undecided": [dispute for dispute, decider in open_ones if decider is None],
            "unsupervised": alone(firm),
            "drafts": draft_versions(),
            "cycles": cycles_with_counts(Cycle.objects.filter(closed_at=None)),
        }
    if is_auditor(person):
        sign_offs, records = sign_offs_visible_to(person), latest_records()
        duties["audit"] = {"sign_offs": sign_offs[:LATEST], "records": records[:LATEST]}
    return duties


def _own(work: ClerkWork, person: User, today: datetime.date) -> dict[str, Any]:
    assessment = work.assessment
    cycle = assessment.cycle if assessment else work.cycle
    if cycle is None:
        return {"work": work, "task": "start/_task_none.html"}
    is_upcoming = assessment is None and cycle.opens_on > today
    task = TASKS[State(assessment.state)] if assessment else "start/_task_start.html"
    if assessment and work.revoked and work.revoked.sign_off.assessment_id == assessment.pk:
        task = "start/_task_revoked.html"
    return {
        "work": work,
        "task": task,
        "cycle": cycle,
        "is_upcoming": is_upcoming,
        "opens_in": days_until(cycle.opens_on, today),
        "is_overdue": cycle.due_on < today,
        "due_in": days_until(cycle.due_on, today),
        "steps": _steps(work, person, cycle) if work.asks_something and not is_upcoming else [],
    }


def _steps(work: ClerkWork, person: User, cycle: Cycle) -> list[ShownStep]:
    assessment = work.assessment or Assessment(clerk=person, cycle=cycle)
    first, *others = steps_of(assessment, work.events, work.supervisor, as_clerk=True)
    if first.is_now:
        first = first._replace(
            when=f"now, until {cycle.due_on:%-d %b}",
            text=f"{work.rated} of {work.statements} rated. You can change any answer until you"
            " submit.",
        )
    return [first, *others]


def _last_visit(
    request: SignedIn, person: User, now: datetime.datetime
) -> datetime.datetime | None:
    """Give the time of the visit before this one, and remember this one when it begins."""
    kept = request.session.get("start_last_visit")
    if person.seen_at and now - person.seen_at < ONE_VISIT and kept is not None:
        return datetime.datetime.fromisoformat(kept) if kept else None
    last_visit = person.seen_at
    request.session["start_last_visit"] = last_visit.isoformat() if last_visit else ""
    accounts.leave_start_page(person=person, at=now)
    return last_visit
