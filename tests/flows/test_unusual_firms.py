"""Firms that are small, oddly built, or losing somebody: nobody's work is lost in any of them."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Team, User
from accounts.queries import supervisor_of
from assessments import actions
from assessments.models import Assessment, RatingChange, Role, SignOff
from tests import builders

pytestmark = pytest.mark.django_db

WHY = "Seen in the quarterly file checks."


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(person: User, url: str) -> str:
    return signed_in(person).get(url).content.decode()


def walk_to_signature(assessment: Assessment, by: User) -> SignOff:
    """Submit, review, settle and sign at the highest level."""
    builders.rate(assessment, Role.SELF)
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
    rate_as(assessment, by)
    actions.complete_review(assessment=assessment, by=by)
    assessment = actions.reconcile_assessment(assessment=assessment, by=by)
    return actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=by,
        revision=assessment.revision,
    )


def rate_as(assessment: Assessment, by: User, point: int = 4) -> None:
    entries = [actions.Entry(s.pk, point, "", 0) for s in builders.statements(assessment)]
    actions.save_ratings(assessment=assessment, role=Role.SUPERVISOR, entries=entries, by=by)


def test_a_firm_of_two_signs_its_first_placement_in_its_first_year():
    # The owner administers, supervises and signs; the clerk is the only other person.
    owner = builders.administrator("Olga Owner")
    clerk = builders.user("Priya Raman", team=builders.team(owner))
    cycle = builders.cycle(clerk.team, needs_standing=True)
    assessment = actions.start_assessment(cycle=cycle, clerk=clerk)

    # Nobody holds a level yet: the page says what to do.
    with pytest.raises(actions.NotYours, match="An administrator can appoint you"):
        walk_to_signature(assessment, owner)
    actions.appoint(
        person=owner,
        up_to_level=cycle.version.levels.last(),
        reason="Nobody in the firm holds a level yet.",
        ends_on=cycle.due_on,
        by=owner,
    )
    assessment.refresh_from_db()
    sign_off = actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=owner,
        revision=assessment.revision,
    )

    assert "appointed to sign up to Advanced" in page_of(clerk, sign_off.record.get_absolute_url())

    # The appointment by oneself stands in the ledger in so many words.
    assert sign_off.record is not None
    appointment = owner.appointments.get()
    assert "only administrator" in page_of(owner, appointment.record.get_absolute_url())


def test_a_leader_who_is_a_member_of_their_own_team_is_rated_from_above():
    above = builders.user("Amir Above")
    leader = builders.user("Helen Okafor")
    team = builders.team(leader, parent=builders.team(above))
    leader.team = team
    leader.save()
    clerk = builders.user("Priya Raman", team=team)
    cycle = builders.cycle(team)

    own = actions.start_assessment(cycle=cycle, clerk=leader)
    sign_off = walk_to_signature(own, above)

    assert (supervisor_of(leader), supervisor_of(clerk)) == (above, leader)
    assert sign_off.signed_by == above
    theirs = actions.start_assessment(cycle=cycle, clerk=clerk)
    assert walk_to_signature(theirs, leader).signed_by == leader


def test_a_leader_with_nobody_above_is_told_and_cannot_sign_for_themself():
    leader = builders.user("Helen Okafor")
    leader.team = builders.team(leader)
    leader.save()
    own = actions.start_assessment(cycle=builders.cycle(leader.team), clerk=leader)
    builders.rate(own, Role.SELF)
    actions.submit_assessment(assessment=own, by=leader, declared=True)

    with pytest.raises(actions.NotYours):
        rate_as(own, leader)

    administrator = builders.administrator()
    assert "Helen Okafor" in page_of(administrator, "/")


def test_a_clerk_without_a_supervisor_is_told_goes_on_and_is_rated_once_there_is_one():
    # Told before rating begins, and listed for the administrator.
    team = Team.objects.create(name="Client Accounts")
    clerk = builders.user("Priya Raman", team=team)
    cycle = builders.cycle(team)
    assert "supervisor" in page_of(clerk, "/")
    administrator = builders.administrator()
    assert "Priya Raman" in page_of(administrator, "/")

    # What they rate and submit is kept meanwhile.
    assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
    builders.rate(assessment, Role.SELF)
    actions.submit_assessment(assessment=assessment, by=clerk, declared=True)

    # A supervisor is named, finds it waiting, and it goes on to the end.
    helen = builders.user("Helen Okafor")
    actions.change_team(team=team, name=team.name, parent=None, supervisor=helen, by=administrator)
    assert "Priya Raman" in page_of(helen, "/reviews/")
    assert "From nobody to Helen Okafor" in page_of(clerk, assessment.get_absolute_url())
    rate_as(assessment, helen)
    assessment = actions.complete_review(assessment=assessment, by=helen)
    assert assessment.ratings.filter(role=Role.SELF).count() == 40


def test_a_supervisor_who_leaves_in_the_middle_leaves_nothing_behind_and_nobody_alone():
    helen, administrator = builders.user("Helen Okafor"), builders.administrator()
    team = builders.team(helen)
    priya, ben = (builders.user(name, team=team) for name in ("Priya Raman", "Ben Castillo"))
    begun = builders.submitted_assessment(priya)
    rate_as(begun, helen, point=2)
    complete = builders.reviewed_assessment(ben)
    grace = builders.user("Grace Whitfield")

    # The page lists what is open; without a successor it refuses.
    url = f"/people/{helen.pk}/deactivate/"
    page = page_of(administrator, url)
    assert "Priya Raman" in page
    assert "Ben Castillo" in page
    refused = signed_in(administrator).post(url).content.decode()
    assert "would have no supervisor" in refused
    answer = signed_in(administrator).post(url, {f"successor-{team.pk}": grace.pk})
    assert answer.status_code == 302

    # The successor finds both; what was begun is blank to her, what was complete stands.
    queue = page_of(grace, "/reviews/")
    assert "Priya Raman" in queue
    assert "Ben Castillo" in queue
    blank = signed_in(grace).get(f"/assessments/{begun.pk}/review/1/")
    assert "checked" not in blank.content.decode()
    rate_as(begun, grace, point=3)
    rows = begun.ratings.filter(role=Role.SUPERVISOR)
    assert set(rows.values_list("author", "point")) == {(grace.pk, 3)}
    assert RatingChange.objects.filter(assessment=begun, author=helen, point=2).count() == 40
    reconciled = actions.reconcile_assessment(assessment=complete, by=grace)
    sign_off = actions.sign_off_assessment(
        assessment=reconciled,
        level=reconciled.version.levels.last(),
        by=grace,
        revision=reconciled.revision,
    )
    assert "Helen Okafor rated these statements" in page_of(
        grace, sign_off.record.get_absolute_url()
    )


def test_a_delegate_reviews_and_signs_in_the_days_given_and_never_for_who_supervises_them():
    helen = builders.user("Helen Okafor")
    priya = builders.user("Priya Raman", team=builders.team(helen))
    grace = builders.user("Grace Whitfield")
    assessment = builders.draft_assessment(priya)
    today = assessment.cycle.opens_on  # not yet: a delegation begins today at the earliest
    with pytest.raises(accounts.Refused):
        accounts.delegate(
            from_supervisor=helen,
            to_supervisor=grace,
            starts_on=today,
            ends_on=assessment.cycle.due_on,
            reason="On holiday.",
            by=helen,
        )
    accounts.delegate(
        from_supervisor=helen,
        to_supervisor=grace,
        starts_on=timezone.localdate(),
        ends_on=assessment.cycle.due_on,
        reason="On holiday.",
        by=helen,
    )

    sign_off = walk_to_signature(assessment, grace)

    assert (sign_off.signed_by, sign_off.on_behalf_of) == (grace, helen)
    record = page_of(helen, sign_off.record.get_absolute_url())
    assert "delegate of Helen Okafor" in record
