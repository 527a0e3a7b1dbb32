import datetime

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Team
from assessments import actions
from assessments.eligibility_queries import second_signers_for
from assessments.models import Cycle, SignOff
from assessments.queries import placement_in_force
from records.models import Record
from records.queries import payload_of
from tests import builders

pytestmark = pytest.mark.django_db

WHY = "Seen in the quarterly file checks."


def sign_first(assessment, rank: int = 4, **more) -> SignOff:
    Cycle.objects.update(needs_second_signer=True)
    return actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.get(rank=rank),
        by=builders.supervisor(assessment),
        revision=assessment.revision,
        justification=WHY,
        **more,
    )


def sign_second(sign_off: SignOff, by=None) -> SignOff:
    sign_off.assessment.refresh_from_db()
    return actions.sign_second(
        sign_off=sign_off,
        by=by or builders.above(sign_off.assessment),
        revision=sign_off.assessment.revision,
    )


def test_the_first_signature_places_nobody_and_seals_nothing():
    before = Record.objects.count()

    sign_off = builders.waiting_sign_off()

    sign_off.assessment.refresh_from_db()
    assert (sign_off.assessment.state, sign_off.record) == ("reconciled", None)
    assert placement_in_force(sign_off.clerk) is None
    assert Record.objects.count() == before + (0 if before else 1)


def test_the_second_signature_seals_both_names_and_sentences():
    sign_off = sign_second(builders.waiting_sign_off())

    above = builders.above(sign_off.assessment)
    payload = payload_of(sign_off.record)
    assert placement_in_force(sign_off.clerk) == sign_off
    assert payload["signer"]["name"] == str(builders.supervisor(sign_off.assessment))
    assert payload["second_signer"]["name"] == str(above)
    assert "confirm this placement" in payload["second_signer"]["declaration"]
    assert payload["justification"] == WHY


@pytest.mark.parametrize(("rank", "needed"), [(1, True), (2, True), (3, False), (4, True)])
def test_two_must_sign_for_advanced_and_for_two_levels_from_the_suggested(rank, needed):
    assessment = builders.reconciled_assessment()

    sign_off = sign_first(assessment, rank, category="other")

    assert sign_off.needs_second is needed
    assert (sign_off.record is None) is needed


def test_nobody_signs_twice_for_themselves_or_without_being_entitled():
    sign_off = builders.waiting_sign_off()
    people = [sign_off.clerk, sign_off.signed_by, builders.user(), builders.administrator()]

    for person in people:
        with pytest.raises(actions.NotYours):
            sign_second(sign_off, by=person)

    assert SignOff.objects.get().is_waiting


def test_a_refused_second_signature_keeps_its_reason_and_lets_the_first_decide_anew():
    sign_off = builders.waiting_sign_off()
    above = builders.above(sign_off.assessment)

    declined = actions.decline_sign_off(sign_off=sign_off, by=above, reason="Too early.")
    sign_off.assessment.refresh_from_db()
    again = sign_first(sign_off.assessment, rank=3, category="not_yet_steady")

    assert (declined.declined_by, declined.declined_reason) == (above, "Too early.")
    assert declined.record is None
    assert again.record is not None
    with pytest.raises(actions.Moved):
        sign_second(sign_off)


def test_a_return_voids_the_signature_that_waits():
    sign_off = builders.waiting_sign_off()

    actions.return_assessment(
        assessment=sign_off.assessment, by=sign_off.signed_by, reason="Look at 3 again."
    )

    sign_off.refresh_from_db()
    assert sign_off.voided_at is not None
    assert not sign_off.is_waiting


def test_the_second_signer_signs_what_was_shown_or_not_at_all():
    sign_off = builders.waiting_sign_off()
    above = builders.above(sign_off.assessment)

    with pytest.raises(actions.Moved, match="since this page was drawn"):
        actions.sign_second(sign_off=sign_off, by=above, revision=1)


def test_a_cycle_that_asks_for_standing_refuses_a_signer_without():
    assessment = builders.reconciled_assessment()
    Cycle.objects.update(needs_standing=True)

    with pytest.raises(actions.NotYours, match="An administrator can appoint you"):
        sign_first(assessment)

    assert not SignOff.objects.exists()


def waiting_decision() -> SignOff:
    """A disputed placement placed anew, once signed; somebody above could sign second."""
    dispute = builders.rated_dispute(point=4)
    Cycle.objects.update(needs_second_signer=True)
    by = builders.above(dispute.sign_off.assessment)
    team = by.supervised_teams.get()
    team.parent = builders.team()
    team.save()
    level = dispute.sign_off.assessment.version.levels.last()
    return actions.supersede_sign_off(dispute=dispute, level=level, by=by, justification=WHY)


def test_a_decision_to_uphold_voids_the_decision_that_waits():
    waiting = waiting_decision()

    actions.uphold_sign_off(
        dispute=waiting.supersedes.dispute, reason="It stands.", by=waiting.signed_by
    )

    waiting.refresh_from_db()
    assert waiting.voided_at is not None


def test_whoever_decides_next_voids_the_decision_that_waits_on_other_ratings():
    waiting = waiting_decision()
    dispute, successor = waiting.supersedes.dispute, builders.user()
    accounts.deactivate_person(person=waiting.signed_by, by=None)
    Team.objects.update(parent=None)
    actions.name_decider(dispute=dispute, decider=successor, by=builders.administrator())

    actions.rate_disputed(dispute=dispute, answers=[], by=successor, complete=False)

    waiting.refresh_from_db()
    assert waiting.voided_at is not None


def test_two_delegates_of_one_supervisor_are_one_side():
    waiting = builders.waiting_sign_off()
    giver, today = waiting.signed_by, timezone.localdate()
    first, second = builders.user(), builders.user()
    for delegate in (first, second):
        accounts.delegate(
            from_supervisor=giver,
            to_supervisor=delegate,
            starts_on=today,
            ends_on=today + datetime.timedelta(days=2),
            reason="On holiday.",
            by=giver,
        )
    assessment = builders.reconciled_assessment(builders.user(team=waiting.clerk.team))
    Cycle.objects.update(needs_second_signer=True)
    signed = actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=first,
        revision=assessment.revision,
    )

    for person in (giver, second):
        with pytest.raises(actions.NotYours, match="Your side has signed"):
            sign_second(signed, by=person)

    assert second not in second_signers_for(signed, signed.level, today)


def test_a_first_signature_falls_when_its_signer_is_no_longer_the_supervisor():
    waiting = builders.waiting_sign_off()

    actions.deactivate_person(person=waiting.signed_by, by=builders.administrator())

    waiting.refresh_from_db()
    assert waiting.voided_at is not None
