"""Correcting a sealed placement: a new sign-off in its place, with a reason; both are kept."""

import json

import pytest
from django.db import IntegrityError, transaction

from assessments import actions, guards
from assessments.models import Cycle, Event, Role, SignOff
from assessments.queries import placement_in_force
from assessments.sealed_rows import COMPARER
from records.verification import verify
from tests import builders

pytestmark = pytest.mark.django_db

WHY = "The level was read off the wrong line of the desk plan."


def corrected(signed: SignOff, rank: int = 3, **given) -> SignOff:
    return actions.correct_sign_off(
        **{
            "sign_off": signed,
            "level": signed.assessment.version.levels.get(rank=rank),
            "by": signed.signed_by,
            "revision": signed.assessment.revision,
            "reason": WHY,
            "category": "other_evidence",
            "justification": "Seen in the quarterly file checks.",
            **given,
        }
    )


def test_correct_sign_off_places_anew_and_names_what_it_corrects():
    old = builders.sign_off()

    new = corrected(old)

    record, payload = new.record, json.loads(new.record.payload)
    assert (record.kind, record.supersedes) == ("supersession", old.record)
    assert (new.supersedes, new.round, new.level.rank) == (old, 2, 3)
    assert placement_in_force(old.clerk) == new
    assert payload["supersedes"] == old.record_id
    assert payload["correction"]["reason"] == WHY
    assert payload["correction"]["corrects"]["digest"] == old.record.digest
    assert payload["declaration"]["signer"]["text"].startswith("I correct this placement")
    assert payload["signer"]["signed_as"] == "supervisor"
    event = Event.objects.latest("pk")
    assert (event.kind, event.round, event.note) == ("correct", 1, WHY)


def test_correct_sign_off_keeps_the_ratings_as_they_were_signed():
    old = builders.sign_off(points={1: 4, 2: 4, 3: 3, 4: 1}, rank=3)

    new = corrected(old, rank=2)

    agreed = new.assessment.ratings.filter(role=Role.AGREED)
    rows = [
        list(agreed.filter(round=n).order_by("statement").values_list("statement", "point"))
        for n in (1, 2)
    ]
    assert rows[0] == rows[1]
    assert new.suggested_level == old.suggested_level
    assert not new.assessment.ratings.filter(round=2).exclude(role=Role.AGREED).exists()


def test_correct_sign_off_asks_what_was_wrong():
    old = builders.sign_off()

    with pytest.raises(actions.WorkflowError, match="Write what was wrong"):
        corrected(old, reason=" ")


def test_correct_sign_off_changes_something():
    old = builders.sign_off()

    with pytest.raises(actions.WorkflowError, match="nothing would be corrected"):
        corrected(old, rank=4, category=old.justification_category, justification=old.justification)


def test_only_the_justification_can_be_corrected():
    old = builders.sign_off()

    new = corrected(old, rank=4, justification="Seen in the file checks of June.")

    assert (new.level, new.justification) == (old.level, "Seen in the file checks of June.")


def test_correct_sign_off_is_refused_once_it_does_not_stand():
    revoked = builders.revocation().sign_off
    disputed = builders.dispute().sign_off
    superseded = builders.superseding_sign_off().supersedes

    for signed, said in (
        (revoked, "It was revoked on"),
        (disputed, "The clerk disputes it"),
        (superseded, "Another placement has taken its place"),
    ):
        signed = SignOff.objects.get(pk=signed.pk)
        with pytest.raises(actions.Moved, match=said):
            corrected(signed, by=builders.supervisor(signed.assessment))


def test_a_correction_can_be_corrected_disputed_and_revoked():
    first = corrected(builders.sign_off())

    second = corrected(first, rank=2)
    dispute = builders.dispute(corrected(builders.sign_off()))
    builders.revocation(second)

    assert (second.supersedes, second.round) == (first, 3)
    assert dispute.is_open
    assert placement_in_force(first.clerk) is None


def test_correct_sign_off_of_an_older_page_is_refused():
    old = builders.sign_off()

    with pytest.raises(actions.Moved, match="changed since this page was drawn"):
        corrected(old, revision=old.assessment.revision - 1)


def test_only_the_supervisor_corrects():
    old = builders.sign_off()
    head = builders.above(old.assessment)

    for person in (old.clerk, head, builders.administrator()):
        with pytest.raises(actions.NotYours):
            corrected(old, by=person)


def test_where_two_must_sign_the_old_one_stands_until_the_second_has():
    old = builders.sign_off(rank=3)
    Cycle.objects.filter(pk=old.assessment.cycle_id).update(needs_second_signer=True)
    head = builders.above(old.assessment)

    waiting = corrected(old, rank=4)
    assert waiting.record is None
    assert placement_in_force(old.clerk) == old
    revision = waiting.assessment.revision
    actions.sign_second(sign_off=waiting, by=head, revision=revision)

    waiting.refresh_from_db()
    payload = json.loads(waiting.record.payload)
    assert payload["second_signer"]["name"] == str(head)
    assert payload["correction"]["reason"] == WHY
    assert placement_in_force(old.clerk) == waiting
    assert verify([COMPARER]).problems == []


def test_a_correction_that_waits_can_be_declined_and_tried_again():
    old = builders.sign_off(rank=3)
    Cycle.objects.filter(pk=old.assessment.cycle_id).update(needs_second_signer=True)
    head = builders.above(old.assessment)
    waiting = corrected(old, rank=4)

    actions.decline_sign_off(sign_off=waiting, by=head, reason="Not shown at the desk.")

    assert placement_in_force(old.clerk) == old
    assert corrected(old, rank=4).is_waiting


def test_revoking_voids_a_correction_that_waits():
    old = builders.sign_off(rank=3)
    Cycle.objects.filter(pk=old.assessment.cycle_id).update(needs_second_signer=True)
    head = builders.above(old.assessment)
    waiting = corrected(old, rank=4)

    builders.revocation(old)

    waiting.refresh_from_db()
    assert waiting.voided_at is not None
    with pytest.raises(actions.WorkflowError):
        actions.sign_second(sign_off=waiting, by=head, revision=waiting.assessment.revision)


def test_a_disputed_placement_keeps_a_correction_waiting_out():
    old = builders.sign_off(rank=3)
    Cycle.objects.filter(pk=old.assessment.cycle_id).update(needs_second_signer=True)
    head = builders.above(old.assessment)
    waiting = corrected(old, rank=4)
    builders.dispute(SignOff.objects.get(pk=old.pk))

    with pytest.raises(actions.Moved, match="The clerk disputes it"):
        actions.sign_second(sign_off=waiting, by=head, revision=waiting.assessment.revision)

    assert placement_in_force(old.clerk) == old


def test_a_correction_verifies_and_an_altered_reason_does_not():
    from django.db import connection

    new = corrected(builders.sign_off())
    assert verify([COMPARER]).problems == []

    guards.drop(connection)
    SignOff.objects.filter(pk=new.pk).update(correction_reason="Another reason.")
    (problem,) = verify([COMPARER]).problems
    guards.install(connection)
    assert problem.message.endswith("the reason of the correction behind it.")


def test_a_reason_of_correction_belongs_to_what_supersedes():
    signed = builders.sign_off()
    signed.pk, signed.record, signed.round, signed.needs_second = None, None, 2, True
    signed.correction_reason = WHY

    with (
        pytest.raises(IntegrityError, match="sign_off_correction_supersedes"),
        transaction.atomic(),
    ):
        signed.save()
