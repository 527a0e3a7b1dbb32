"""What the database refuses of what was signed, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessments import actions
from assessments.guards import FROZEN, REPLACED, SEALED
from assessments.models import Acknowledgement, Assessment, Rating, SignOff
from records.models import Record
from tests import builders
from tests.raw import changes, copy, permitted, refusal, replace

SIGNED, PLACES = "assessments_signoff", "assessments_assessment"
FINAL = "A signed off or closed assessment cannot be changed."
SEEN = "An acknowledgement cannot be changed."
SECOND = (
    "second_signed_by_id second_signed_at record_id"
    " declined_at declined_by_id declined_reason voided_at"
)
WAITS = "record_id IS NULL AND declined_at IS NULL AND voided_at IS NULL"
WHOSE = "id clerk_id cycle_id version_id rule_id started_at continues_id"
SUPERSEDE = f"UPDATE {PLACES} SET round = round + 1, revision = revision + 1"


def waiting(count: int = 1) -> list[SignOff]:
    team = builders.team()
    return [builders.waiting_sign_off(builders.user(team=team)) for _ in range(count)]


@pytest.mark.django_db(transaction=True)
def test_a_signature_that_waits_changes_only_by_the_second():
    builders.sign_off()
    waiting()

    statements = [
        *changes(SignOff, WAITS, but=SECOND),
        f"DELETE FROM {SIGNED} WHERE {WAITS}",
        copy(SignOff, WAITS),
        copy(SignOff, WAITS, round="2", id="id", key=True),
        *replace(SIGNED, WAITS),
    ]
    assert permitted(statements, SEALED) == []


@pytest.mark.django_db(transaction=True)
def test_what_is_sealed_declined_or_void_changes_no_more():
    void, declined, sealed = waiting(3)
    by = builders.above(sealed.assessment).pk
    record = Record.objects.get().pk

    lawful = [
        f"UPDATE {SIGNED} SET voided_at = signed_at WHERE id = {void.pk}",
        f"UPDATE {SIGNED} SET declined_at = signed_at, declined_by_id = {by},"
        f" declined_reason = 'x' WHERE id = {declined.pk}",
        f"UPDATE {SIGNED} SET second_signed_at = signed_at, second_signed_by_id = {by},"
        f" record_id = {record} WHERE id = {sealed.pk}",
    ]
    statements = [
        *changes(SignOff),
        *(f"{sql.partition(' SET ')[0]} SET voided_at = NULL" for sql in lawful[:1]),
        f"UPDATE {SIGNED} SET declined_at = NULL, declined_by_id = NULL",
        f"UPDATE {SIGNED} SET record_id = NULL, second_signed_by_id = NULL",
        f"DELETE FROM {SIGNED}",
        *replace(SIGNED, "TRUE"),
    ]
    if connection.vendor == "postgresql":
        statements.append(f"TRUNCATE {SIGNED} CASCADE")
    assert [refusal(sql) for sql in lawful] == ["", "", ""]
    for found in (void, declined, sealed):
        of_one = [sql if "TRUNCATE" in sql else only(sql, found.pk) for sql in statements]
        assert permitted(of_one, SEALED) == []


def only(sql: str, pk: int) -> str:
    return sql.partition(" WHERE ")[0] + f" WHERE id = {pk}"


@pytest.mark.django_db(transaction=True)
def test_a_record_is_of_one_sign_off():
    """UPDATE OR REPLACE would delete the sealed one in its way."""
    sealed, (found,) = builders.sign_off(), waiting()
    replacing = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"

    said = refusal(
        f"{replacing} {SIGNED} SET record_id = {sealed.record_id}, second_signed_at = signed_at,"
        f" second_signed_by_id = {builders.above(found.assessment).pk} WHERE id = {found.pk}"
    )

    assert SEALED in said
    assert SignOff.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_sign_off_stands_alone_in_its_round_and_supersedes_alone():
    first, (second,) = builders.superseding_sign_off(), waiting()

    alone = copy(SignOff, f"id = {second.pk}", voided_at="NULL")
    again = copy(SignOff, f"id = {first.pk}", round="9", record_id="NULL", needs_second="(1 = 1)")
    assert permitted([alone, again], SEALED) == []
    assert refusal(f"UPDATE {SIGNED} SET voided_at = signed_at WHERE id = {second.pk}") == ""
    assert refusal(alone) == ""


@pytest.mark.django_db(transaction=True)
def test_an_acknowledgement_is_kept():
    signed, other = builders.sign_off(), builders.sign_off()
    seen = actions.acknowledge_sign_off(sign_off=signed, by=signed.clerk, reply="Seen.")

    statements = [
        *changes(Acknowledgement),
        "DELETE FROM assessments_acknowledgement",
        copy(Acknowledgement, "TRUE", record_id=str(other.record_id)),
        copy(Acknowledgement, "TRUE", sign_off_id=str(other.pk)),
        *replace("assessments_acknowledgement", f"id = {seen.pk}"),
    ]
    if connection.vendor == "postgresql":
        statements.append("TRUNCATE assessments_acknowledgement")
    assert permitted(statements, SEEN) == []


@pytest.mark.django_db(transaction=True)
def test_only_one_more_round_is_let_through_beside_what_was_signed():
    signed = builders.sign_off()
    other = builders.cycle()
    rule = actions.add_rule(
        threshold=70, must_have=[], reason="Stricter.", by=builders.administrator()
    )

    statements = [
        *changes(Assessment, but=WHOSE),
        f"UPDATE {PLACES} SET state = 'draft'",
        f"UPDATE {PLACES} SET state = 'closed'",
        f"UPDATE {PLACES} SET round = round + 1",
        f"UPDATE {PLACES} SET round = round + 2, revision = revision + 1",
        f"{SUPERSEDE}, state = 'draft'",
    ]
    assert permitted(statements, FINAL) == []
    statements = [
        f"{SUPERSEDE}, rule_id = {rule.pk}",
        f"{SUPERSEDE}, version_id = version_id + 1",
        f"{SUPERSEDE}, clerk_id = {signed.signed_by_id}",
        f"{SUPERSEDE}, cycle_id = {other.pk}",
        f"{SUPERSEDE}, id = id + 1",
        f"{SUPERSEDE}, started_at = '2001-01-01'",
    ]
    assert permitted(statements, REPLACED) == []
    assert refusal(SUPERSEDE) == ""


@pytest.mark.django_db(transaction=True)
def test_a_closed_assessment_opens_no_round():
    assessment = builders.draft_assessment()
    by = builders.supervisor(assessment)
    actions.close_assessment(assessment=assessment, by=by, reason="Leaves the firm.")

    statements = [SUPERSEDE, *changes(Assessment, but=WHOSE)]
    assert permitted(statements, FINAL) == []


@pytest.mark.django_db(transaction=True)
def test_an_assessment_stays_whose_it_is():
    """UPDATE OR REPLACE would delete what was signed and lies in its way."""
    signed = builders.sign_off()
    draft = builders.draft_assessment()
    replacing = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"

    statements = [
        f"{replacing} {PLACES} SET {columns} WHERE id = {draft.pk}"
        for columns in (
            f"id = {signed.assessment_id}",
            f"clerk_id = {signed.clerk_id}, cycle_id = {signed.assessment.cycle_id}",
            f"cycle_id = {signed.assessment.cycle_id}",
            f"rule_id = {signed.rule_id} + 1",
        )
    ]
    assert permitted(statements, REPLACED) == []


@pytest.mark.django_db(transaction=True)
def test_a_round_that_is_not_sealed_yet_takes_the_rows_of_its_decision_only():
    builders.sign_off()
    ratings = "assessments_rating"
    draft = builders.draft_assessment()
    builders.rate(draft, "self")
    agreed = f"role = 'agreed' AND assessment_id <> {draft.pk}"
    sealed = [copy(Rating, agreed, round="2"), *replace(ratings, agreed)]
    assert permitted(sealed, FROZEN) == []

    assert refusal(SUPERSEDE + " WHERE state = 'signed_off'") == ""

    statements = [
        copy(Rating, f"role = 'self' AND assessment_id <> {draft.pk}", round="2"),
        copy(Rating, agreed, round="1"),
        copy(Rating, agreed, round="3"),
        *replace(ratings, agreed),
    ]
    assert permitted(statements, FROZEN) == []
    assert refusal(copy(Rating, agreed, round="2")) == ""
    assert refusal(copy(Rating, agreed, round="2", role="'supervisor'")) == ""
    assert permitted([*changes(Rating, "round = 2")], FROZEN) == []
    assert permitted([f"DELETE FROM {ratings} WHERE round = 2"], FROZEN) == []
    assert permitted([copy(Rating, "round = 2", key=True)], FROZEN) == []


@pytest.mark.django_db(transaction=True)
def test_a_draft_does_not_take_the_place_of_a_frozen_rating():
    builders.sign_off()
    frozen = Rating.objects.first().pk
    draft = builders.draft_assessment()
    builders.rate(draft, "self")
    replacing = "UPDATE OR REPLACE" if connection.vendor == "sqlite" else "UPDATE"

    said = refusal(
        f"{replacing} assessments_rating SET id = {frozen} WHERE id = {draft.ratings.first().pk}"
    )

    assert FROZEN in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({}, ""),
        ({"signed_by": "clerk"}, "sign_off_by_someone_else"),
        ({"second_signed_by": "clerk"}, "sign_off_by_someone_else"),
        ({"second_signed_by": "signed_by"}, "sign_off_by_two_people"),
        ({"second_signed_at": None}, "sign_off_second_signature_has_its_time"),
        ({"second_signed_by": None, "record": None}, "second_signature_has_its_time"),
        ({"second_signed_by": None, "second_signed_at": None}, "sealed_when_all_have_signed"),
        ({"record": None}, "sign_off_sealed_when_all_have_signed"),
        ({"voided_at": "now"}, "sign_off_sealed_is_neither_declined_nor_void"),
        (
            {"declined_at": "now", "declined_by": "signed_by", "declined_reason": "x"},
            "sign_off_sealed_is_neither_declined_nor_void",
        ),
        ({"declined_by": "signed_by"}, "sign_off_declined_says_who_and_why"),
        ({"suggested_level": None}, "sign_off_override_says_why"),
        ({"level": None}, "sign_off_override_says_why"),
        ({"suggested_level": "lowest"}, "sign_off_override_says_why"),
        ({"suggested_level": "lowest", "justification": "x"}, "sign_off_override_says_why"),
        (
            {"suggested_level": "lowest", "justification_category": "other"},
            "sign_off_override_says_why",
        ),
    ],
)
def test_a_sign_off_of_two_signatures_breaks_no_rule(broken, name):
    found = signed_twice()
    values = {
        "clerk": found.clerk,
        "signed_by": found.signed_by,
        "lowest": found.assessment.version.levels.first(),
        "now": timezone.now(),
    }
    for field, value in broken.items():
        setattr(found, field, values.get(value, value))

    if not name:
        found.save()
        return
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        found.save()


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["declined_at", "declined_by", "declined_reason"])
def test_a_declined_signature_says_who_and_why(missing):
    found = signed_twice()
    found.record = found.second_signed_by = found.second_signed_at = None
    found.declined_at, found.declined_by, found.declined_reason = timezone.now(), found.clerk, "x"
    setattr(found, missing, "" if missing == "declined_reason" else None)

    with (
        pytest.raises(IntegrityError, match="sign_off_declined_says_who_and_why"),
        transaction.atomic(),
    ):
        found.save()


def signed_twice() -> SignOff:
    """As it would be stored once two have signed; not stored yet."""
    assessment = builders.reconciled_assessment()
    highest, now = assessment.version.levels.last(), timezone.now()
    return SignOff(
        assessment=assessment,
        round=1,
        clerk=assessment.clerk,
        level=highest,
        suggested_level=highest,
        rule=assessment.rule,
        signed_by=builders.supervisor(assessment),
        signed_at=now,
        needs_second=True,
        second_signed_by=builders.above(assessment),
        second_signed_at=now,
        record=Record.objects.first(),
    )
