"""People leave and move, and their open work goes along in the same step."""

import datetime

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Team, User
from accounts.queries import clerks_without_supervisor, read_firm
from assessments import actions
from assessments.handover_queries import DisputeRoute, SecondRoute
from assessments.models import Assessment, Cycle, RatingChange, Role
from assessments.queries import placement_in_force
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
    assert read_firm().acting(assessment.clerk) == [above.pk]
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

    assert read_firm().acting(assessment.clerk) == [successor.pk]
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
    dispute = builders.undecided_dispute()
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
    assert handover.ended == [delegation]
    assert handover.disputes == [DisputeRoute(dispute, decider, None)]
    assert routed(dispute.sign_off.assessment) == [f"Dispute: from {decider} to nobody"]
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
    assert read_firm().acting(assessment.clerk) == [successor.pk]


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


def test_deactivate_person_says_who_else_can_give_a_second_signature():
    waiting = builders.waiting_sign_off()
    director = builders.above(waiting.assessment)
    parent = waiting.clerk.team.parent
    Team.objects.filter(pk=parent.pk).update(parent=builders.team())

    handover = leave(director)

    parent.refresh_from_db()
    top = parent.parent.supervisor
    found = handover.signatures
    assert found == [SecondRoute(waiting, sorted([director, top], key=str), [top])]
    assert f"to {top}" in routed(waiting.assessment)[0]


def test_deactivate_person_voids_what_a_leaving_decider_signed_first():
    dispute = builders.rated_dispute()
    assessment = dispute.sign_off.assessment
    Cycle.objects.filter(pk=assessment.cycle_id).update(needs_second_signer=True)
    decider = builders.above(assessment)
    waiting = actions.supersede_sign_off(
        dispute=dispute,
        level=None,
        by=decider,
        justification="Seen otherwise.",
        category="other_evidence",
    )

    leave(decider)

    waiting.refresh_from_db()
    assert waiting.voided_at is not None
    assert routed(assessment) == [f"Dispute: from {decider} to nobody"]


def test_deactivate_person_voids_a_correction_that_they_signed_first():
    signed = builders.sign_off(rank=3)
    Cycle.objects.filter(pk=signed.assessment.cycle_id).update(needs_second_signer=True)
    builders.above(signed.assessment)
    waiting = builders.correction(signed, rank=4)

    leave(waiting.signed_by)

    waiting.refresh_from_db()
    assert waiting.voided_at is not None
    assert placement_in_force(signed.clerk) == signed


def test_move_person_out_of_all_teams_counts_as_left_alone_where_work_is_open():
    assessment, idle = builders.submitted_assessment(), builders.clerk()
    by = builders.administrator()

    with pytest.raises(accounts.Refused, match="would have no supervisor"):
        actions.move_person(person=assessment.clerk, team=None, by=by)
    actions.move_person(person=User.objects.get(pk=idle.pk), team=None, by=by)

    handover = actions.move_person(person=assessment.clerk, team=None, by=by, nobody=True)
    assert handover.left == [assessment.clerk]


def test_reactivate_person_gives_them_back_what_their_teams_have_open():
    assessment = builders.submitted_assessment()
    gone, above = builders.supervisor(assessment), builders.above(assessment)
    leave(gone)

    actions.reactivate_person(
        person=User.objects.get(pk=gone.pk), by=builders.administrator("Ad Two")
    )

    assert routed(assessment)[-1] == f"From {above} to {gone}"


def test_change_team_ends_what_a_former_supervisor_had_delegated():
    helen, grace = builders.user("Helen Okafor"), builders.user("Grace Whitfield")
    team, today = builders.team(helen), timezone.localdate()
    delegation = accounts.delegate(
        from_supervisor=helen,
        to_supervisor=grace,
        starts_on=today,
        ends_on=today,
        reason="On holiday.",
        by=helen,
    )

    handover = actions.change_team(
        team=team,
        name=team.name,
        parent=None,
        supervisor=builders.user(),
        by=builders.administrator(),
    )

    assert handover.ended == [delegation]
    delegation.refresh_from_db()
    assert delegation.ended_at is not None


def test_two_who_supervise_each_other_are_left_without_a_supervisor():
    first, second = builders.user("Ana Lopez"), builders.user("Ben Castillo")
    teams = [builders.team(first), builders.team(second)]
    by = builders.administrator()
    actions.move_person(person=first, team=teams[1], by=by)

    actions.move_person(person=second, team=teams[0], by=by, nobody=True)

    assert clerks_without_supervisor() == [second, first]
