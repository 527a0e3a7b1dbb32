"""Taking a sealed placement back: who may, what it does and what stays."""

import datetime
import json

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Team
from assessments import actions, guards
from assessments.eligibility_queries import read_placed
from assessments.models import Event, Revocation, SignOff
from assessments.queries import latest_placement, placement_in_force
from assessments.revocation_queries import revoking_objection
from assessments.revoking import Revoker, objection_to_revoking
from assessments.sealed_rows import COMPARER
from assessments.sign_off_queries import in_force_on, sign_offs_visible_to
from records import guards as records_guards
from records.models import Record
from records.verification import verify
from tests import builders

WHY = "Signed for the wrong clerk."
NOBODY = Revoker(
    is_clerk=False,
    is_below_clerk=False,
    is_active=True,
    has_signed=False,
    is_above=False,
    is_administrator=False,
    others_can=True,
)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "Only who signed it"),
        ({"has_signed": True}, None),
        ({"is_above": True}, None),
        ({"is_administrator": True}, "Only who signed it"),
        ({"is_administrator": True, "others_can": False}, None),
        ({"others_can": False}, "Only who signed it"),
        ({"has_signed": True, "is_active": False}, "Your access is closed"),
        ({"is_above": True, "is_clerk": True}, "Nobody revokes their own placement"),
        ({"is_above": True, "is_below_clerk": True}, "Pat Lee supervises you"),
    ],
)
def test_objection_to_revoking_lets_those_who_signed_and_those_above(known, said):
    found = objection_to_revoking(NOBODY._replace(**known), "Pat Lee")

    assert (found or "").startswith(said or "")
    assert (found is None) == (said is None)


@pytest.mark.django_db
def test_revoke_sign_off_seals_what_is_taken_back_by_whom_and_why():
    signed = builders.sign_off(builders.clerk())

    revocation = actions.revoke_sign_off(sign_off=signed, by=signed.signed_by, reason=WHY)

    record, payload = revocation.record, json.loads(revocation.record.payload)
    assert (record.kind, record.supersedes, record.subject) == (
        "revocation",
        signed.record,
        signed.clerk,
    )
    assert payload["type"] == "revocation"
    assert payload["reason"] == WHY
    assert payload["supersedes"] == signed.record_id
    assert payload["sign_off"]["digest"] == signed.record.digest
    assert payload["sign_off"]["placement"] == "Advanced"
    assert payload["revoked_by"]["name"] == str(signed.signed_by)
    assert payload["revoked_by"]["as"] == "signer"
    assert payload["record"]["rows"]["the revocation"]["rows"] == 1
    event = Event.objects.latest("pk")
    assert (event.kind, event.note, event.by) == ("revoke", WHY, signed.signed_by)


@pytest.mark.django_db
def test_revoke_sign_off_leaves_nothing_in_force_and_brings_nothing_back():
    first = builders.sign_off()
    signed = builders.sign_off(first.clerk)
    version, today = [signed.assessment.version_id], timezone.localdate()

    builders.revocation(signed)

    assert placement_in_force(signed.clerk) is None
    assert latest_placement(signed.clerk) == signed
    assert read_placed(version, today, [signed.clerk_id]) == {}


@pytest.mark.django_db
def test_revoking_an_earlier_placement_leaves_the_later_one_in_force():
    first = builders.sign_off()
    later = builders.sign_off(first.clerk)

    builders.revocation(first)

    assert placement_in_force(first.clerk) == later


@pytest.mark.django_db
def test_what_was_revoked_was_in_force_on_the_days_before():
    signed, reader = builders.sign_off(), builders.auditor()
    today = timezone.localdate()
    yesterday = today - datetime.timedelta(days=1)
    builders.revocation(signed)
    backdated(signed, yesterday)
    found = sign_offs_visible_to(reader)

    assert list(in_force_on(found, yesterday)) == [signed]
    assert list(in_force_on(found, today)) == []


def backdated(signed: SignOff, day: datetime.date) -> None:
    """As if it had been sealed on that day; guards are not asked."""
    records_guards.drop(connection)
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    Record.objects.filter(pk=signed.record_id).update(sealed_at=at)
    records_guards.install(connection)


@pytest.mark.django_db
def test_revoke_sign_off_once():
    signed = builders.sign_off()
    builders.revocation(signed)

    with pytest.raises(actions.Moved, match="It was revoked on"):
        builders.revocation(SignOff.objects.get(pk=signed.pk))

    assert Revocation.objects.count() == 1


@pytest.mark.django_db
def test_revoke_sign_off_asks_for_a_reason():
    signed = builders.sign_off()

    with pytest.raises(actions.WorkflowError, match="Write why you revoke it"):
        builders.revocation(signed, reason="  ")

    assert not Revocation.objects.exists()


@pytest.mark.django_db
def test_what_waits_or_was_superseded_or_is_disputed_is_not_revoked():
    waiting = builders.waiting_sign_off()
    anew = builders.superseding_sign_off()
    disputed = builders.dispute().sign_off

    for signed, said in (
        (waiting, "ready to be signed off"),
        (anew.supersedes, "Another placement has taken its place"),
        (disputed, "The clerk disputes it"),
    ):
        with pytest.raises(actions.WorkflowError, match=said):
            builders.revocation(signed)


@pytest.mark.django_db
def test_a_superseding_sign_off_can_be_revoked_and_the_old_one_stays_out_of_force():
    anew = builders.superseding_sign_off()

    builders.revocation(anew)

    assert placement_in_force(anew.clerk) is None


@pytest.mark.django_db
def test_what_was_revoked_is_not_disputed():
    signed = builders.sign_off()
    builders.revocation(signed)

    with pytest.raises(actions.Moved, match="It was revoked meanwhile"):
        builders.dispute(SignOff.objects.get(pk=signed.pk))


@pytest.mark.django_db
def test_signers_and_supervisors_above_may_revoke():
    signed = builders.sign_off()
    head = builders.above(signed.assessment)
    elsewhere = builders.team().supervisor

    may = {
        person: revoking_objection(person, signed) is None
        for person in (signed.signed_by, head, signed.clerk, elsewhere, builders.administrator())
    }

    assert list(may.values()) == [True, True, False, False, False]


@pytest.mark.django_db
def test_a_supervisor_above_the_signer_may_revoke_where_the_clerk_has_moved():
    signed = builders.sign_off()
    head = builders.team()
    signed.signed_by.team = Team.objects.create(name="Supervisors", parent=head)
    signed.signed_by.save()
    signed.clerk.team = builders.team()
    signed.clerk.save()

    revocation = actions.revoke_sign_off(sign_off=signed, by=head.supervisor, reason=WHY)

    payload = json.loads(revocation.record.payload)
    assert payload["revoked_by"]["as"] == f"supervisor above {signed.signed_by}"


@pytest.mark.django_db
def test_an_administrator_may_revoke_where_nobody_else_is_left():
    signed = builders.sign_off()
    administrator = builders.administrator()
    signed.signed_by.is_active = False
    signed.signed_by.save()

    revocation = actions.revoke_sign_off(sign_off=signed, by=administrator, reason=WHY)

    payload = json.loads(revocation.record.payload)
    assert payload["revoked_by"]["as"].startswith("administrator")


@pytest.mark.django_db
def test_a_revocation_verifies_and_an_altered_one_does_not():
    builders.revocation()
    assert verify([COMPARER]).problems == []

    guards.drop(connection)
    Revocation.objects.update(reason="Another reason.")
    (problem,) = verify([COMPARER]).problems
    assert problem.message.endswith("the revocation behind it.")

    Revocation.objects.all().delete()
    (problem,) = verify([COMPARER]).problems
    assert "in the tables no more" in problem.message
    guards.install(connection)
