import datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Delegation, Team, User
from assessments import actions
from assessments.eligibility import Candidate
from assessments.eligibility_queries import (
    candidate,
    second_objection,
    second_signers_for,
    signing_objection,
    waiting_second_signatures,
)
from assessments.models import Assessment, Cycle, SignOff
from tests import builders

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


def assessment_asking(**asked: bool) -> Assessment:
    """A reconciled assessment of a cycle that asks for standing, or for what is said."""
    assessment = builders.reconciled_assessment()
    Cycle.objects.filter(pk=assessment.cycle_id).update(**asked or {"needs_standing": True})
    return Assessment.objects.get(pk=assessment.pk)


def level(rank: int, version: Any = None):
    return (version or builders.published_version()).levels.get(rank=rank)


def appoint(person: User, rank: int, **given: Any):
    fields = {
        "person": person,
        "up_to_level": level(rank),
        "reason": "Knows the desk.",
        "ends_on": TODAY + 30 * DAY,
        "by": builders.administrator(),
        **given,
    }
    return actions.appoint(**fields)


def delegate(giver: User, to: User, **given: Any) -> Delegation:
    fields = {"starts_on": TODAY, "ends_on": TODAY, "reason": "On leave.", **given}
    return Delegation.objects.create(
        from_supervisor=giver, to_supervisor=to, made_at=timezone.now(), **fields
    )


def new_version(old: bytes, new: bytes):
    """Publish the seed with other words, which closes what stands on the one before."""
    for cycle in Cycle.objects.filter(closed_at=None):
        actions.close_cycle(cycle=cycle, by=builders.administrator())
    data = builders.SEED.read_bytes().replace(b"v.26.05", b"v.27.01").replace(old, new)
    return actions.publish_version(version=builders.draft_version(data), by=None)


def sign_first(assessment: Assessment, **given: Any) -> SignOff:
    return SignOff.objects.create(
        assessment=assessment,
        round=assessment.round,
        clerk=assessment.clerk,
        level=level(4),
        suggested_level=level(4),
        rule=assessment.rule,
        signed_by=builders.supervisor(assessment),
        signed_at=timezone.now(),
        needs_second=True,
        **given,
    )


def above(assessment: Assessment) -> User:
    """The supervisor of a team above the clerk's."""
    director = builders.user("Ines Director")
    team = Team.objects.get(pk=assessment.clerk.team_id)
    team.parent = builders.team(director)
    team.save()
    return director


def test_candidate_knows_the_supervisor():
    assessment = assessment_asking()

    assert candidate(builders.supervisor(assessment), assessment, TODAY) == Candidate(
        is_clerk=False,
        is_below_clerk=False,
        is_active=True,
        acts=True,
        is_above=True,
        appointed_rank=None,
        placed_rank=None,
        has_signed_first=False,
    )


def test_candidate_tells_the_clerk_a_stranger_and_whoever_is_above_apart():
    assessment = assessment_asking()
    director = above(assessment)

    people = (assessment.clerk, builders.user(), director)
    found = [candidate(person, assessment, TODAY) for person in people]

    assert [one.is_clerk for one in found] == [True, False, False]
    assert [one.acts for one in found] == [False, False, False]
    assert [one.is_above for one in found] == [False, False, True]


def test_candidate_below_the_clerk_answers_to_them():
    assessment = assessment_asking()
    deputy = builders.user(team=builders.team(assessment.clerk))

    assert candidate(deputy, assessment, TODAY).is_below_clerk
    assert signing_objection(deputy, assessment, None, TODAY) == (
        f"{assessment.clerk} supervises you: somebody else must sign."
    )


def test_candidate_acts_as_a_delegate_on_the_days_of_the_delegation_only():
    assessment = assessment_asking()
    marcus = builders.user()
    delegate(builders.supervisor(assessment), marcus, starts_on=TODAY + DAY, ends_on=TODAY + DAY)

    days = (TODAY, TODAY + DAY, TODAY + 2 * DAY)

    assert [candidate(marcus, assessment, day).acts for day in days] == [False, True, False]
    assert [candidate(marcus, assessment, day).is_above for day in days] == [False, True, False]


def test_candidate_no_longer_acts_once_the_delegation_is_ended():
    assessment = assessment_asking()
    marcus = builders.user()
    delegate(builders.supervisor(assessment), marcus, ended_at=timezone.now())

    assert not candidate(marcus, assessment, TODAY).acts


def test_candidate_as_delegate_of_somebody_further_up_is_above_but_does_not_act():
    assessment = assessment_asking()
    marcus = builders.user()
    delegate(above(assessment), marcus)

    found = candidate(marcus, assessment, TODAY)

    assert (found.acts, found.is_above) == (False, True)


def test_candidate_reads_the_database_and_not_what_it_was_given():
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    User.objects.filter(pk=supervisor.pk).update(is_active=False)

    found = candidate(supervisor, assessment, TODAY)

    assert (supervisor.is_active, found.is_active, found.acts) == (True, False, False)


def test_candidate_holds_an_appointment_until_its_day_and_the_highest_counts():
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    appoint(supervisor, 2, ends_on=TODAY + 30 * DAY)
    appoint(supervisor, 4, ends_on=TODAY + 10 * DAY)

    days = (TODAY, TODAY + 10 * DAY, TODAY + 11 * DAY, TODAY + 31 * DAY)

    ranks = [candidate(supervisor, assessment, day).appointed_rank for day in days]
    assert ranks == [4, 4, 2, None]


def test_candidate_no_longer_holds_an_ended_appointment():
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    appointment = appoint(supervisor, 3)

    actions.end_appointment(
        appointment=appointment, reason="Left the desk.", by=appointment.appointed_by
    )

    assert candidate(supervisor, assessment, TODAY).appointed_rank is None


def test_candidate_holds_their_own_placement_while_it_is_valid():
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    supervisor.team = builders.team()
    supervisor.save()
    placed = builders.sign_off(supervisor)

    days = (TODAY, placed.valid_until, placed.valid_until + DAY)

    ranks = [candidate(supervisor, assessment, day).placed_rank for day in days]
    assert ranks == [4, 4, None]


def test_candidate_holds_what_was_sealed_last_even_if_that_is_no_placement():
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    supervisor.team = builders.team()
    supervisor.save()
    builders.sign_off(supervisor)
    later = builders.reconciled_assessment(supervisor, point=1)

    actions.sign_off_assessment(
        assessment=later,
        level=None,
        by=builders.supervisor(later),
        revision=later.revision,
        justification="Talked over at length.",
    )

    assert candidate(supervisor, assessment, TODAY).placed_rank is None


def test_candidate_holds_nothing_by_a_first_signature():
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    supervisor.team = builders.team()
    supervisor.save()

    sign_first(builders.reconciled_assessment(supervisor))

    assert candidate(supervisor, assessment, TODAY).placed_rank is None


def test_candidate_keeps_standing_in_the_next_version_of_the_framework_by_the_levels_key():
    supervisor = builders.user(team=builders.team())
    builders.sign_off(supervisor)
    appoint(supervisor, 3)
    new_version(b"Basic transaction forms", b"Simple transaction forms")
    person = builders.clerk(supervisor)

    found = candidate(supervisor, builders.draft_assessment(person), TODAY)

    assert (found.placed_rank, found.appointed_rank) == (4, 3)


def test_candidate_has_no_standing_from_another_framework():
    supervisor = builders.user(team=builders.team())
    builders.sign_off(supervisor)
    appoint(supervisor, 3)
    other = new_version(b"43-4011.00", b"43-4012.00")
    person = builders.clerk(supervisor)
    cycle = builders.cycle(person.team, version=other)

    found = candidate(supervisor, actions.start_assessment(cycle=cycle, clerk=person), TODAY)

    assert (found.placed_rank, found.appointed_rank) == (None, None)


def test_candidate_asks_the_same_whatever_there_is(django_assert_num_queries):
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    with django_assert_num_queries(6):
        candidate(supervisor, assessment, TODAY)
    for rank in (1, 2, 3):
        appoint(supervisor, rank)
        delegate(supervisor, builders.user())

    with django_assert_num_queries(6):
        candidate(supervisor, assessment, TODAY)


def test_signing_objection_is_lifted_by_an_appointment():
    assessment = assessment_asking()
    supervisor = builders.supervisor(assessment)
    before = signing_objection(supervisor, assessment, level(3), TODAY)

    appoint(supervisor, 3)

    assert before == (
        "You hold no level that is valid today; this cycle asks for Proficient or higher."
        " An administrator can appoint you."
    )
    assert signing_objection(supervisor, assessment, level(3), TODAY) is None
    assert signing_objection(supervisor, assessment, level(4), TODAY) == (
        "You are appointed up to Proficient; this cycle asks for Advanced."
        " An administrator can appoint you."
    )


def test_signing_objection_asks_for_no_standing_where_the_cycle_does_not():
    assessment = assessment_asking(needs_standing=False)

    assert signing_objection(builders.supervisor(assessment), assessment, level(4), TODAY) is None


def test_signing_objection_lets_not_yet_placed_be_signed_without_standing():
    assessment = assessment_asking()

    assert signing_objection(builders.supervisor(assessment), assessment, None, TODAY) is None


def test_second_objection_tells_the_first_signer_and_strangers_from_those_above():
    sign_off = sign_first(assessment_asking(needs_second_signer=True))
    director, stranger, expert = above(sign_off.assessment), builders.user(), builders.user()
    appoint(expert, 4)

    objections = [
        second_objection(person, sign_off, TODAY)
        for person in (sign_off.signed_by, stranger, director, expert)
    ]

    assert objections == [
        "Your side has signed in this: somebody else must give the second signature.",
        f"You are neither above {sign_off.clerk} nor appointed to Advanced:"
        " somebody who is must give the second signature.",
        None,
        None,
    ]


def test_second_signers_for_names_who_is_above_or_appointed_and_nobody_else():
    assessment = assessment_asking(needs_second_signer=True)
    director, expert, marcus = above(assessment), builders.user("Amy Expert"), builders.user()
    appoint(expert, 4)
    appoint(builders.user(), 3)
    appoint(assessment.clerk, 4)
    appoint(builders.user(team=builders.team(assessment.clerk)), 4)
    gone = builders.user()
    appoint(gone, 4)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    delegate(director, marcus)
    sign_off = sign_first(assessment)

    assert set(second_signers_for(sign_off, level(4), TODAY)) == {director, expert, marcus}


def test_second_signers_for_an_assessment_leaves_out_who_would_sign_first():
    assessment = assessment_asking(needs_second_signer=True)
    director, supervisor = above(assessment), builders.supervisor(assessment)

    found = second_signers_for(assessment, level(4), TODAY)
    others = second_signers_for(assessment, level(4), TODAY, first_signer=supervisor)

    assert set(found) == {director, supervisor}
    assert others == [director]


def test_second_signers_for_have_the_standing_that_the_cycle_asks_for():
    assessment = assessment_asking(needs_second_signer=True, needs_standing=True)
    director, supervisor = above(assessment), builders.supervisor(assessment)

    without = second_signers_for(assessment, level(4), TODAY, first_signer=supervisor)
    appoint(director, 4)

    assert without == []
    assert second_signers_for(assessment, level(4), TODAY, first_signer=supervisor) == [director]


def test_second_signers_for_asks_the_same_for_one_as_for_three(django_assert_num_queries):
    assessment, highest = assessment_asking(needs_second_signer=True), level(4)
    appoint(builders.user(), 4)
    second_signers_for(assessment, highest, TODAY)
    with django_assert_num_queries(7):
        assert len(second_signers_for(assessment, highest, TODAY)) == 2
    for _ in range(2):
        appoint(builders.user(), 4)

    with django_assert_num_queries(7):
        assert len(second_signers_for(assessment, highest, TODAY)) == 4


def test_waiting_second_signatures_gives_what_this_person_may_sign():
    sign_off = sign_first(assessment_asking(needs_second_signer=True))
    director, expert = above(sign_off.assessment), builders.user()
    appoint(expert, 4)
    people = (director, expert, sign_off.signed_by, sign_off.clerk, builders.user())

    waiting = [waiting_second_signatures(person, TODAY) for person in people]

    assert waiting == [[sign_off], [sign_off], [], [], []]


def test_waiting_second_signatures_leaves_out_what_no_longer_waits():
    expert, now = builders.user(), timezone.now()
    appoint(expert, 4)

    sign_first(assessment_asking(needs_second_signer=True), voided_at=now)
    sign_first(
        assessment_asking(needs_second_signer=True),
        declined_at=now,
        declined_by=expert,
        declined_reason="One file is not enough.",
    )

    assert waiting_second_signatures(expert, TODAY) == []


def test_waiting_second_signatures_asks_the_same_for_one_as_for_three(django_assert_num_queries):
    expert = builders.user()
    appoint(expert, 4)
    sign_first(assessment_asking(needs_second_signer=True))
    with django_assert_num_queries(7):
        assert len(waiting_second_signatures(expert, TODAY)) == 1
    for _ in range(2):
        sign_first(assessment_asking(needs_second_signer=True))

    with django_assert_num_queries(7):
        assert len(waiting_second_signatures(expert, TODAY)) == 3
