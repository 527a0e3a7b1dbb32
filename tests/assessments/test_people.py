"""People leave and move, and their open work goes along in the same step."""

import datetime

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from accounts.queries import acting_ids
from assessments import actions
from assessments.models import Assessment, RatingChange, Role
from tests import builders

pytestmark = pytest.mark.django_db


def routed(assessment: Assessment) -> list[str]:
    return list(assessment.events.filter(kind="re-route").values_list("note", flat=True))


def leave(person: User, **more):
    return actions.deactivate_person(person=person, by=builders.administrator(), **more)


def test_deactivate_person_hands_open_work_to_the_supervisor_above_and_writes_it_down():
    assessment = builders.reviewed_assessment()
    gone, above = builders.supervisor(assessment), builders.above(assessment)

    handover = leave(gone)

    assert [(r.assessment, r.to_supervisor) for r in handover.routes] == [(assessment, above)]
    assert routed(assessment) == [f"From {gone} to {above}"]
    assert acting_ids(assessment.clerk) == [above.pk]
    assert User.objects.get(pk=gone.pk).is_active is False


def test_deactivate_person_refuses_to_leave_clerks_alone_unless_that_is_said():
    assessment = builders.submitted_assessment()
    gone = builders.supervisor(assessment)

    with pytest.raises(accounts.Refused, match="would have no supervisor"):
        leave(gone)
    assert User.objects.get(pk=gone.pk).is_active
    assert routed(assessment) == []

    handover = leave(gone, nobody=True)

    assert handover.left == [assessment.clerk]
    assert routed(assessment) == [f"From {gone} to nobody"]


def test_deactivate_person_names_a_successor_in_the_same_step():
    assessment = builders.submitted_assessment()
    gone, successor = builders.supervisor(assessment), builders.user()

    leave(gone, successors={assessment.clerk.team: successor})

    assert acting_ids(assessment.clerk) == [successor.pk]
    assert routed(assessment) == [f"From {gone} to {successor}"]


def test_deactivate_person_closes_what_a_clerk_has_open_with_the_reason():
    waiting = builders.waiting_sign_off()
    clerk, assessment = waiting.clerk, waiting.assessment
    with pytest.raises(accounts.Refused, match="Write why"):
        leave(clerk)

    leave(clerk, reason="Left the firm on 30 November.")

    assessment.refresh_from_db()
    waiting.refresh_from_db()
    event = assessment.events.get(kind="close")
    assert (assessment.state, event.note) == ("closed", "Left the firm on 30 November.")
    assert waiting.voided_at is not None


def test_deactivate_person_ends_delegations_and_takes_the_name_off_open_disputes():
    dispute = builders.dispute()
    decider = builders.user()
    actions.name_decider(dispute=dispute, decider=decider, by=builders.administrator())
    giver = builders.supervisor(builders.draft_assessment())
    today = timezone.localdate()
    delegation = accounts.delegate(
        from_supervisor=giver,
        to_supervisor=decider,
        starts_on=today,
        ends_on=today + datetime.timedelta(days=9),
        reason="On holiday.",
        by=giver,
    )

    handover = leave(decider)

    dispute.refresh_from_db()
    delegation.refresh_from_db()
    assert (handover.ended, handover.undecided) == ([delegation], [dispute])
    assert dispute.named_decider is None
    assert delegation.ended_at is not None


def test_move_person_hands_their_open_work_to_the_new_team():
    assessment = builders.reviewed_assessment()
    old, team = builders.supervisor(assessment), builders.team()

    actions.move_person(person=assessment.clerk, team=team, by=builders.administrator())

    assert routed(assessment) == [f"From {old} to {team.supervisor}"]


def test_change_team_hands_everybodys_open_work_over_and_counts_nobody_twice():
    first = builders.submitted_assessment()
    team = first.clerk.team
    second = builders.draft_assessment(builders.user(team=team))
    successor = builders.user()

    handover = actions.change_team(
        team=team, name=team.name, parent=None, supervisor=successor, by=builders.administrator()
    )

    assert {route.assessment for route in handover.routes} == {first, second}
    assert {route.to_supervisor for route in handover.routes} == {successor}


def test_import_people_hands_open_work_over_too():
    assessment = builders.submitted_assessment()
    successor, team = builders.user("Nadia New"), assessment.clerk.team
    data = f"username,supervisor_of\n{successor.username},{team.name}\n".encode()

    actions.import_people(data=data, by=None, dry_run=True)
    assert routed(assessment) == []
    actions.import_people(data=data, by=None)

    assert len(routed(assessment)) == 1
    assert acting_ids(assessment.clerk) == [successor.pk]


def test_foresee_says_what_would_happen_and_changes_nothing():
    assessment = builders.submitted_assessment()
    gone = builders.supervisor(assessment)
    by = builders.administrator()

    handover = actions.foresee(
        lambda: actions.deactivate_person(person=User.objects.get(pk=gone.pk), by=by, nobody=True)
    )

    assert [route.assessment for route in handover.routes] == [assessment]
    assert User.objects.get(pk=gone.pk).is_active
    assert routed(assessment) == []


def test_a_successor_starts_blank_and_what_the_former_rated_stays_in_the_history():
    assessment = builders.submitted_assessment()
    builders.rate(assessment, Role.SUPERVISOR, point=2)
    gone, successor = builders.supervisor(assessment), builders.user()
    leave(gone, successors={assessment.clerk.team: successor})
    statement = assessment.version.statements.first()

    actions.save_rating(
        assessment=Assessment.objects.get(pk=assessment.pk),
        role=Role.SUPERVISOR,
        entry=actions.Entry(statement.pk, 3, "", 0),
        by=successor,
    )

    rows = assessment.ratings.filter(role=Role.SUPERVISOR)
    assert list(rows.values_list("author", "point")) == [(successor.pk, 3)]
    assert RatingChange.objects.filter(author=gone, point=2).count() == 40
