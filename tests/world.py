"""A firm with one of everything, and every kind of person who might come to a page."""

import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import Delegation, User
from assessments import actions
from assessments.models import Assessment, Cycle, Dispute, Role, SignOff
from frameworks.models import FrameworkVersion
from records.models import Record
from tests import builders

PEOPLE = (
    "nobody",
    "clerk",
    "other clerk",
    "supervisor",
    "other supervisor",
    "former supervisor",
    "administrator",
    "auditor",
    "deactivated",
)
CLERKS_NOTE = "What the clerk alone has written 4471"
SUPERVISORS_NOTE = "What the supervisor alone has written 8812"


class World(NamedTuple):
    """The people by kind (None: not signed in), and the things by the names URLs take."""

    people: dict[str, User | None]
    things: dict[str, Any]
    sessions: dict[str, str]

    def client(self, kind: str) -> Client:
        """Give somebody who has just signed in."""
        client = Client(raise_request_exception=False)
        if person := self.people[kind]:
            client.force_login(person)
        return client

    def url(self, name: str, thing: str | None) -> str:
        """Give the URL of this name; `thing` is one of `things`, or None where it takes none."""
        if thing is None:
            return reverse(name)
        if thing == "csv":
            return reverse(name, args=[thing])
        found = self.things[thing]
        if name == "assessments:person_over_time_file":
            return reverse(name, args=[found.pk, "csv"])
        if name == "assessments:rating_history":
            return reverse(name, args=[found.pk, self.things["published"].statements.first().pk])
        if name.startswith("assessments:reconcile_"):
            return reverse(name, args=[found.pk, found.version.statements.first().pk])
        if name in ("assessments:assessment_rate", "assessments:assessment_review"):
            return reverse(name, args=[found.pk, 1])
        if name == "accounts:password_reset_confirm":
            return reverse(name, args=["MQ", "no-such-token"])
        return reverse(name, args=[found.pk])


def build() -> World:
    """One clerk with an assessment in every state, the supervisor having changed in between."""
    former = builders.user("Former Supervisor")
    supervisor = builders.user("Helen Supervisor")
    other_supervisor = builders.user("Other Supervisor")
    team = builders.team(former)
    clerk = builders.user("Priya Clerk", team=team)
    other_clerk = builders.user("Other Clerk", team=builders.team(other_supervisor))
    administrator = builders.administrator()
    gone = builders.user("Gone Person", team=team)
    appointment = actions.appoint(
        person=supervisor,
        up_to_level=builders.published_version().levels.last(),
        reason="Nobody holds a placement yet.",
        ends_on=datetime.date.today() + datetime.timedelta(days=365),
        by=administrator,
    )
    signed = assessment_in(clerk, "signed_off")
    accounts.change_team(
        team=team, name=team.name, parent=None, supervisor=supervisor, by=administrator
    )
    clerk.refresh_from_db()
    waiting, dispute, rated = _judged(clerk)
    cycle = builders.cycle(team)
    things: dict[str, Any] = {
        state: assessment_in(clerk, state)
        for state in ("draft", "submitted", "reviewed", "reconciled", "closed")
    }
    things |= {
        "signed": signed,
        "sign-off": signed.sign_offs.get(),
        "waiting": waiting,
        "dispute": dispute,
        "rated dispute": rated,
        "appointment": appointment,
        "appointment record": appointment.record,
        "talk": assessment_in(clerk, "reviewed"),
        "cycle": cycle,
        "rule": cycle.rule,
        "delegation": _coming_delegation(supervisor, former),
        "person": clerk,
        "team": team,
        "published": builders.published_version(),
        "draft version": _draft_version(),
        "framework record": Record.objects.get(sequence=1),
        "record": Record.objects.latest("sequence"),
    }
    clerk.set_unusable_password()  # has never signed in: an administrator may hand them a link
    clerk.save()
    accounts.deactivate_person(person=gone, by=administrator)
    people = dict.fromkeys(PEOPLE) | {
        "clerk": clerk,
        "other clerk": other_clerk,
        "supervisor": supervisor,
        "other supervisor": other_supervisor,
        "former supervisor": former,
        "administrator": administrator,
        "auditor": builders.auditor(),
        "deactivated": gone,
    }
    firm = World(people, things, {})
    for kind, person in people.items():
        if person:
            firm.sessions[kind] = firm.client(kind).cookies[settings.SESSION_COOKIE_NAME].value
    return firm


def _judged(clerk: User) -> tuple[SignOff, Dispute, Dispute]:
    """A signature that waits for the second, a dispute, and one whose decider has rated."""
    waiting = builders.waiting_sign_off(clerk)
    return (
        waiting,
        builders.dispute(builders.sign_off(clerk)),
        builders.rated_dispute(builders.sign_off(clerk)),
    )


def _coming_delegation(giver: User, taker: User) -> Delegation:
    """It begins in a month: until then the other one acts for nobody."""
    begins = datetime.date.today() + datetime.timedelta(days=30)
    return accounts.delegate(
        from_supervisor=giver,
        to_supervisor=taker,
        starts_on=begins,
        ends_on=begins,
        reason="On holiday.",
        by=giver,
    )


def _draft_version() -> FrameworkVersion:
    data = builders.SEED.read_bytes().replace(b"Basic transaction forms", b"Simple forms")
    return builders.draft_version(data)


def assessment_in(clerk: User, state: str) -> Assessment:
    """An assessment of a cycle of its own, moved on as far as the state."""
    clerk = User.objects.get(pk=clerk.pk)
    cycle: Cycle = builders.cycle(clerk.team)
    assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
    by = clerk.team.supervisor
    builders.rate(assessment, Role.SELF, point=3)
    _note(assessment, Role.SELF, clerk, CLERKS_NOTE)
    if state == "draft":
        return assessment
    assessment = actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    builders.rate(assessment, Role.SUPERVISOR, point=4)
    _note(assessment, Role.SUPERVISOR, by, SUPERVISORS_NOTE)
    if state == "closed":
        return actions.close_assessment(assessment=assessment, by=by, reason="Leaves the firm.")
    if state == "submitted":
        return assessment
    assessment = actions.complete_review(assessment=assessment, by=by)
    if state == "reviewed":
        return assessment
    assessment = actions.reconcile_assessment(assessment=assessment, by=by)
    if state == "signed_off":
        actions.sign_off_assessment(
            assessment=assessment,
            level=assessment.version.levels.last(),
            by=by,
            revision=assessment.revision,
        )
    return assessment


def _note(assessment: Assessment, role: Role, by: User, note: str) -> None:
    rating = assessment.ratings.filter(role=role, round=assessment.round).first()
    entry = actions.Entry(rating.statement_id, rating.point, note, rating.revision)
    actions.save_rating(assessment=assessment, role=role, entry=entry, by=by)


def ask(world: World, kind: str, method: str, url: str) -> HttpResponse:
    """Ask in the session which this kind of person has had from the beginning."""
    client = Client(raise_request_exception=False)
    if kind in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[kind]
    return getattr(client, method.lower())(url)
