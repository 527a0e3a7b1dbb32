"""Two people at the same moment: one winner, on both databases, with and without row locks."""

import datetime

import pytest
from django.db import IntegrityError

from assessments import actions
from assessments.models import Acknowledgement, Appointment, Assessment, Role, SignOff
from assessments.workflow import State
from records.models import Chain, Record
from tests import builders
from tests.race import ROUNDS, broken_records, firm, one_winner, race, sign, went_through

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("row_locks")]

FRAMEWORK_RECORDS = 1
SIGNERS = 32


def sealed() -> int:
    """How many sign-offs have their record; each has one of its own in an unbroken ledger."""
    assert broken_records() == []
    return SignOff.objects.filter(record__isnull=False).count()


def test_two_sign_offs_at_once_leave_one():
    place = firm()

    for _ in range(ROUNDS):
        found = place.reconciled()
        one_winner(
            lambda a=found: sign(a, place.supervisor), lambda a=found: sign(a, place.delegate)
        )

    assert SignOff.objects.count() == sealed() == ROUNDS
    assert Record.objects.count() == ROUNDS + FRAMEWORK_RECORDS


def test_one_person_who_signs_twice_signs_once():
    place = firm()

    for _ in range(ROUNDS):
        found = place.reconciled()
        one_winner(*[lambda a=found: sign(a, place.supervisor)] * 2)

    assert SignOff.objects.count() == sealed() == ROUNDS


def test_two_first_signatures_at_once_leave_one_that_waits():
    place = firm(needs_second_signer=True)

    for _ in range(ROUNDS):
        found = place.reconciled()
        one_winner(
            lambda a=found: sign(a, place.supervisor), lambda a=found: sign(a, place.delegate)
        )

    assert [s.is_waiting for s in SignOff.objects.all()] == [True] * ROUNDS


def test_a_signature_and_a_return_at_once_leave_one():
    place, signed = firm(), 0

    for _ in range(ROUNDS):
        found = place.reconciled()
        winner = one_winner(
            lambda a=found: sign(a, place.supervisor), lambda a=found: give_back(a, place.delegate)
        )
        signed += winner == 0
        found.refresh_from_db()
        assert (found.state, found.round) == [("signed_off", 1), ("draft", 2)][winner]

    assert SignOff.objects.count() == sealed() == signed


def test_a_first_signature_and_a_return_at_once_leave_one():
    place = firm(needs_second_signer=True)

    for _ in range(ROUNDS):
        found = place.reconciled()
        outcomes = race(
            lambda a=found: sign(a, place.supervisor), lambda a=found: give_back(a, place.delegate)
        )
        # What is signed once can be returned still, which voids it.
        assert 1 in (through := went_through(outcomes)) or through == [0]
        found.refresh_from_db()
        waits = any(s.is_waiting for s in found.sign_offs.all())
        assert (found.state, waits) == (("draft", False) if 1 in through else ("reconciled", True))


@pytest.mark.parametrize("rival", ["decline", "return", "second"])
def test_of_a_second_signature_and_what_prevents_it_one_wins(rival):
    place, signed = firm(needs_second_signer=True), 0

    for _ in range(ROUNDS):
        waiting = sign(place.reconciled(), place.supervisor)
        waiting.assessment.refresh_from_db()
        calls = {
            "decline": lambda s=waiting: decline(s, place.top),
            "return": lambda s=waiting: give_back(s.assessment, place.supervisor),
            "second": lambda s=waiting: sign_second(s, place.top),
        }
        winner = one_winner(lambda s=waiting: sign_second(s, place.above), calls[rival])
        waiting.refresh_from_db()
        is_sealed = winner == 0 or rival == "second"
        signed += is_sealed
        assert (waiting.record is not None) == is_sealed
        assert (waiting.second_signed_by in (place.above, place.top)) == is_sealed
        assert waiting.assessment.sign_offs.count() == 1

    assert sealed() == signed


def test_two_acknowledgements_at_once_leave_one():
    place = firm()

    for _ in range(ROUNDS):
        signed = place.signed()
        one_winner(*[lambda s=signed: actions.acknowledge_sign_off(sign_off=s, by=s.clerk)] * 2)

    assert Acknowledgement.objects.count() == sealed() == ROUNDS
    assert Record.objects.count() == 2 * ROUNDS + FRAMEWORK_RECORDS


def test_an_appointment_and_a_signature_by_its_administrator_are_both():
    place = firm(builders.administrator())

    for _ in range(ROUNDS):
        found = place.reconciled()
        outcomes = race(
            lambda a=found: sign(a, place.supervisor),
            lambda a=found: appoint(a, by=place.supervisor),
        )
        assert went_through(outcomes) == [0, 1]

    assert sealed() == ROUNDS


def test_submit_and_autosave_at_once_leave_one():
    assessment = builders.draft_assessment()
    clerk = assessment.clerk
    builders.rate(assessment, Role.SELF)
    assessment.refresh_from_db()
    statement = builders.statements(assessment)[0]

    for number in range(ROUNDS):
        before = assessment.ratings.get(statement=statement, role=Role.SELF)
        entry = actions.Entry(statement.pk, 1 + number % 2 * 3, "", before.revision)
        saved, submitted = race(
            lambda e=entry, pk=assessment.pk: actions.save_rating(
                assessment=Assessment.objects.get(pk=pk),
                role=Role.SELF,
                entry=e,
                by=clerk,
            ),
            lambda a=assessment: actions.submit_assessment(
                assessment=a, by=clerk, declared=True, revision=a.revision
            ),
        )

        after = assessment.ratings.get(statement=statement, role=Role.SELF)
        assessment.refresh_from_db()
        was_saved = not isinstance(saved, Exception)
        was_submitted = not isinstance(submitted, Exception)
        assert was_saved != was_submitted
        assert after.point == (entry.point if was_saved else before.point)
        assert assessment.state == (State.SUBMITTED if was_submitted else State.DRAFT)
        if was_submitted:
            assessment = actions.withdraw_assessment(assessment=assessment, by=clerk)


def appoint(assessment: Assessment, by) -> Appointment:
    return actions.appoint(
        person=builders.user(),
        up_to_level=assessment.version.levels.last(),
        reason="Nobody holds a placement yet.",
        ends_on=datetime.date.today() + datetime.timedelta(days=90),
        by=by,
    )


def give_back(assessment: Assessment, by) -> Assessment:
    return actions.return_assessment(assessment=assessment, by=by, reason="Look again.")


def sign_second(waiting: SignOff, by) -> SignOff:
    revision = waiting.assessment.revision
    return actions.sign_second(sign_off=waiting, by=by, revision=revision)


def decline(waiting: SignOff, by) -> SignOff:
    return actions.decline_sign_off(sign_off=waiting, by=by, reason="Too early.")


def test_thirty_two_who_sign_at_once_fork_nothing():
    place = firm()
    found = [place.reconciled() for _ in range(SIGNERS)]

    outcomes = race(*[lambda a=each: sign(a, place.supervisor) for each in found])

    assert went_through(outcomes) == list(range(SIGNERS))
    assert SignOff.objects.count() == sealed() == SIGNERS
    last = Record.objects.latest("sequence").sequence
    assert last == Record.objects.count() == SIGNERS + FRAMEWORK_RECORDS
    assert Record.objects.values("previous_digest").distinct().count() == last


def test_thirty_two_who_sign_the_same_at_once_sign_it_once():
    place = firm()
    found = place.reconciled()

    one_winner(*[lambda: sign(found, place.supervisor)] * SIGNERS)

    assert SignOff.objects.count() == sealed() == 1


def test_a_sign_off_whose_record_is_not_stored_is_rolled_back(monkeypatch):
    """Not the constraint alone: nothing of the signature may be left."""
    place = firm()
    found = place.reconciled()
    before = _rows(found)
    monkeypatch.setattr(Record.objects, "create", lambda **fields: Record(**fields))

    with pytest.raises(IntegrityError):
        sign(found, place.supervisor)

    assert _rows(found) == before
    assert (found.state, SignOff.objects.count()) == (State.RECONCILED, 0)


def _rows(assessment: Assessment) -> list[object]:
    assessment.refresh_from_db()
    return [
        assessment.state,
        assessment.revision,
        list(assessment.events.values()),
        list(assessment.ratings.values()),
        list(Record.objects.values_list("sequence", "digest")),
        list(Chain.objects.values()),
    ]
