import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.permissions import ADMINISTRATORS, AUDITORS
from assessments import actions
from assessments.dispute_queries import decider_of, disputes_to_decide, open_disputes
from assessments.models import Cycle, Dispute, Role
from assessments.queries import placement_in_force
from records.queries import payload_of
from tests import builders

pytestmark = pytest.mark.django_db

WHY = "The tickets of October bear it out."


def supersede(dispute: Dispute, rank: int = 4, **more):
    level = dispute.sign_off.assessment.version.levels.get(rank=rank)
    by = builders.above(dispute.sign_off.assessment)
    return actions.supersede_sign_off(
        dispute=dispute, level=level, by=by, justification=WHY, **more
    )


def test_a_clerk_acknowledges_once_and_replies_and_both_are_sealed():
    sign_off = builders.sign_off()

    seen = actions.acknowledge_sign_off(
        sign_off=sign_off, by=sign_off.clerk, reply="I have seen it. Month end was not my queue."
    )

    payload = payload_of(seen.record)
    assert payload["sign_off"]["record"] == sign_off.record_id
    assert payload["reply"] == "I have seen it. Month end was not my queue."
    assert "does not mean that I agree" in payload["meaning"]
    with pytest.raises(actions.Moved):
        actions.acknowledge_sign_off(sign_off=sign_off, by=sign_off.clerk)


def test_nobody_acknowledges_for_the_clerk():
    sign_off = builders.sign_off()

    with pytest.raises(actions.NotYours):
        actions.acknowledge_sign_off(sign_off=sign_off, by=sign_off.signed_by)


def test_a_disputed_placement_stands():
    dispute = builders.dispute()

    assert dispute.is_open
    assert placement_in_force(dispute.sign_off.clerk) == dispute.sign_off


def test_a_sign_off_is_disputed_once_within_thirty_days_and_by_its_clerk():
    signed = builders.sign_off()
    statements = signed.assessment.version.statements.all()[:1]
    with pytest.raises(actions.NotYours):
        actions.open_dispute(
            sign_off=signed, statements=statements, reason=WHY, by=signed.signed_by
        )
    with pytest.raises(actions.WorkflowError, match="at least one statement"):
        actions.open_dispute(sign_off=signed, statements=[], reason=WHY, by=signed.clerk)
    late = timezone.now() + datetime.timedelta(days=31)
    with (
        time_machine.travel(late),
        pytest.raises(actions.WorkflowError, match="within 30 days"),
    ):
        actions.open_dispute(sign_off=signed, statements=statements, reason=WHY, by=signed.clerk)

    builders.dispute(signed)

    with pytest.raises(actions.Moved, match="once"):
        builders.dispute(signed)


def test_the_next_supervisor_up_who_signed_nothing_decides():
    dispute = builders.dispute()

    above = builders.above(dispute.sign_off.assessment)

    assert decider_of(dispute) == above
    assert disputes_to_decide(above) == [dispute]
    assert disputes_to_decide(dispute.sign_off.signed_by) == []


def test_a_second_signer_is_passed_over_and_an_administrator_names_somebody():
    waiting = builders.waiting_sign_off()
    by = builders.above(waiting.assessment)
    waiting.assessment.refresh_from_db()
    signed = actions.sign_second(sign_off=waiting, by=by, revision=waiting.assessment.revision)
    dispute = builders.dispute(signed)
    assert open_disputes() == [(dispute, None)]
    stranger = builders.user()

    for person in (signed.clerk, by, signed.signed_by):
        with pytest.raises(actions.WorkflowError):
            actions.name_decider(dispute=dispute, decider=person, by=builders.administrator())
    with pytest.raises(actions.NotYours):
        actions.name_decider(dispute=dispute, decider=stranger, by=by)
    actions.name_decider(dispute=dispute, decider=stranger, by=builders.administrator())

    dispute.refresh_from_db()
    assert decider_of(dispute) == stranger


def test_a_decider_decides_only_after_rating_what_is_disputed():
    dispute = builders.dispute()
    by = builders.above(dispute.sign_off.assessment)

    with pytest.raises(actions.WorkflowError, match="Rate the disputed statements first"):
        actions.uphold_sign_off(dispute=dispute, reason=WHY, by=by)
    with pytest.raises(actions.WorkflowError, match="2 statements are not rated yet"):
        actions.rate_disputed(dispute=dispute, answers=[], by=by, complete=True)


def test_ratings_of_the_decider_freeze_when_they_are_complete():
    dispute = builders.rated_dispute()
    row = dispute.statements.first()

    with pytest.raises(actions.Moved):
        actions.rate_disputed(
            dispute=dispute,
            answers=[actions.Answer(row.statement_id, 4)],
            by=builders.above(dispute.sign_off.assessment),
            complete=False,
        )

    row.refresh_from_db()
    assert row.point == 1


def test_whoever_decides_next_starts_blank():
    dispute = builders.undecided_dispute()
    administrator, former, successor = (
        builders.administrator(),
        builders.user(),
        builders.user(),
    )
    actions.name_decider(dispute=dispute, decider=former, by=administrator)
    answers = [actions.Answer(row.statement_id, 1) for row in dispute.statements.all()]
    actions.rate_disputed(dispute=dispute, answers=answers, by=former, complete=True)

    actions.name_decider(dispute=dispute, decider=successor, by=administrator)
    actions.rate_disputed(dispute=dispute, answers=[], by=successor, complete=False)

    dispute.refresh_from_db()
    assert dispute.rated_at is None
    assert set(dispute.statements.values_list("point", "author")) == {(None, None)}


def test_nobody_is_named_while_somebody_above_is_free_or_by_who_signed_in_it():
    dispute = builders.rated_dispute()
    with pytest.raises(actions.WorkflowError, match="stands above and is free of it"):
        actions.name_decider(dispute=dispute, decider=builders.user(), by=builders.administrator())

    alone = builders.undecided_dispute()
    signer = alone.sign_off.signed_by
    signer.groups.add(Group.objects.get(name=ADMINISTRATORS))

    with pytest.raises(actions.NotYours, match="You signed or rated in it"):
        actions.name_decider(dispute=alone, decider=builders.user(), by=signer)


def test_a_blind_decider_reads_no_record_of_the_assessment_not_even_as_an_auditor(client):
    sign_off = builders.sign_off()
    seen = actions.acknowledge_sign_off(sign_off=sign_off, by=sign_off.clerk, reply="Hm.")
    dispute = builders.dispute(sign_off)
    decider = builders.above(sign_off.assessment)
    decider.groups.add(Group.objects.get_or_create(name=AUDITORS)[0])
    client.force_login(decider)

    assert client.get(sign_off.record.get_absolute_url()).status_code == 302
    assert client.get(seen.record.get_absolute_url()).status_code == 302
    assert client.get(f"/assessments/{sign_off.assessment.pk}/reconcile/").status_code == 404
    assert dispute.reason not in client.get(f"/disputes/{dispute.pk}/").content.decode()


def test_uphold_seals_the_decision_and_the_placement_stays_as_it_was():
    dispute = builders.rated_dispute()
    by = builders.above(dispute.sign_off.assessment)

    decided = actions.uphold_sign_off(dispute=dispute, reason=WHY, by=by)

    payload = payload_of(decided.record)
    assert (decided.outcome, decided.decided_by) == ("upheld", by)
    assert placement_in_force(dispute.sign_off.clerk) == dispute.sign_off
    assert payload["decision"]["reason"] == WHY
    assert payload["sign_off"]["record"] == dispute.sign_off.record_id
    assert [s["answer"] for s in payload["dispute"]["statements"]] == ["Not yet", "Not yet"]
    with pytest.raises(actions.Moved):
        actions.uphold_sign_off(dispute=dispute, reason=WHY, by=by)


def test_supersede_opens_a_round_in_which_only_the_disputed_is_rated_anew():
    dispute = builders.rated_dispute(count=3)
    old = dispute.sign_off

    new = supersede(dispute, rank=3)

    assessment = new.assessment
    assessment.refresh_from_db()
    dispute.refresh_from_db()
    rows = assessment.ratings.filter(round=2)
    disputed = set(dispute.statements.values_list("statement", flat=True))
    assert (assessment.state, assessment.round, new.round) == ("signed_off", 2, 2)
    assert rows.filter(role=Role.AGREED).count() == 40
    assert set(rows.filter(role=Role.SUPERVISOR).values_list("statement", flat=True)) == disputed
    assert placement_in_force(new.clerk) == new
    assert (dispute.outcome, dispute.record) == ("superseded", new.record)
    assert new.record.supersedes == old.record
    assert new.record.kind == "supersession"


def test_supersede_seals_the_old_record_the_dispute_and_every_round():
    dispute = builders.rated_dispute(count=3)

    new = supersede(dispute, rank=3)

    payload = payload_of(new.record)
    assert payload["supersedes"] == dispute.sign_off.record_id
    assert payload["dispute"]["reason"] == "I did these alone all year."
    assert payload["placement"]["label"] == "Proficient"
    assert [r["round"] for r in payload["rounds"]] == [1, 2]
    assert "I signed nothing in this assessment before" in payload["declaration"]["signer"]["text"]
    assert payload["suggestion"]["level"] == "Proficient"


def test_a_superseding_placement_may_need_its_second_signature_too():
    dispute = builders.rated_dispute(point=4)
    Cycle.objects.update(needs_second_signer=True)
    top = builders.team()
    team = builders.above(dispute.sign_off.assessment).supervised_teams.get()
    team.parent = top
    team.save()

    waiting = supersede(dispute)
    dispute.refresh_from_db()
    assert dispute.is_open
    assert placement_in_force(dispute.sign_off.clerk) == dispute.sign_off
    for person in (dispute.sign_off.signed_by, waiting.signed_by):
        with pytest.raises(actions.NotYours):
            actions.sign_second(sign_off=waiting, by=person, revision=waiting.assessment.revision)
    new = actions.sign_second(
        sign_off=waiting, by=top.supervisor, revision=waiting.assessment.revision
    )

    dispute.refresh_from_db()
    assert (dispute.outcome, dispute.decided_by) == ("superseded", waiting.signed_by)
    assert placement_in_force(new.clerk) == new


def test_a_declined_superseding_placement_leaves_the_dispute_to_be_decided_anew():
    dispute = builders.rated_dispute(point=4)
    Cycle.objects.update(needs_second_signer=True)
    top = builders.team()
    team = builders.above(dispute.sign_off.assessment).supervised_teams.get()
    team.parent = top
    team.save()
    waiting = supersede(dispute)

    actions.decline_sign_off(sign_off=waiting, by=top.supervisor, reason="Not convinced.")
    by = builders.above(dispute.sign_off.assessment)
    decided = actions.uphold_sign_off(dispute=dispute, reason=WHY, by=by)

    assert decided.outcome == "upheld"
    assert placement_in_force(dispute.sign_off.clerk) == dispute.sign_off


def test_a_superseding_placement_can_be_disputed_in_its_turn():
    new = supersede(builders.rated_dispute(count=3), rank=3)

    again = builders.dispute(new)

    assert again.sign_off == new
    assert decider_of(again) is None  # who decided it has signed in it now


def test_a_dispute_decided_late_does_not_unseat_what_was_signed_since():
    dispute = builders.rated_dispute(count=3)
    clerk = dispute.sign_off.clerk
    newer = builders.sign_off(clerk, rank=2)

    old = supersede(dispute, rank=3)

    assert old.record_id > newer.record_id
    assert placement_in_force(clerk) == newer


@pytest.mark.parametrize("change", ["uphold", "place anew"])
def test_a_waiting_superseding_signature_falls_when_it_is_decided_otherwise(change):
    dispute = builders.rated_dispute(point=4)
    Cycle.objects.update(needs_second_signer=True)
    by = builders.above(dispute.sign_off.assessment)
    waiting = supersede(dispute)

    if change == "uphold":
        actions.uphold_sign_off(dispute=dispute, reason=WHY, by=by)
    else:
        Cycle.objects.update(needs_second_signer=False)
        supersede(dispute)

    waiting.refresh_from_db()
    assert waiting.voided_at is not None
    with pytest.raises(actions.WorkflowError):
        actions.sign_second(
            sign_off=waiting, by=builders.user(), revision=waiting.assessment.revision
        )
