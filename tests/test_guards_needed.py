"""Each guard is what refuses: with it a change is refused in its words, without it no longer."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts import guards as accounts
from accounts.actions import delegate
from accounts.models import Delegation, User
from assessments import actions
from assessments import guards as assessments
from assessments.models import (
    Acknowledgement,
    Appointment,
    Assessment,
    Cycle,
    Dispute,
    DisputedStatement,
    Event,
    PlacementRule,
    Rating,
    RatingChange,
    Reconciliation,
    ReconciliationAnswer,
    Revocation,
    Role,
    SignOff,
)
from brokerage_skills import triggers
from brokerage_skills.triggers import Guard, trigger_name
from frameworks import guards as frameworks
from frameworks.actions import pair_statements
from frameworks.models import FrameworkVersion, Level, Statement, StatementChange
from records import guards as records
from records.models import Record, SigningKey, Verification
from tests import builders
from tests.raw import copy

GUARDS = accounts.GUARDS + assessments.GUARDS + frameworks.GUARDS + records.GUARDS
draft = "(SELECT max(id) FROM frameworks_frameworkversion WHERE state = 'draft')"
TABLES = {
    "acknowledgement_is_kept": (Acknowledgement, "reply = 'x'"),
    "answer_is_kept": (ReconciliationAnswer, "reason = 'x'"),
    "appointment_is_kept": (Appointment, "reason = 'x'"),
    "cycle_is_on_published": (Cycle, f"moved_to_id = {draft}"),
    "assessment_is_kept": (Assessment, "started_at = '2001-01-01' WHERE state = 'draft'"),
    "dispute_is_kept": (Dispute, "reason = 'x'"),
    "delegation_is_kept": (Delegation, "reason = 'x'"),
    "disputed_statement_is_kept": (DisputedStatement, "note = 'x'"),
    "event_is_kept": (Event, "note = 'x'"),
    "level_is_kept": (Level, "label = 'x'"),
    "must_have_is_kept": (PlacementRule.must_have.through, "id = id + 100"),
    "rating_change_is_kept": (RatingChange, "point = 1"),
    "rating_is_frozen": (Rating, "point = 1"),
    "reconciliation_is_kept": (Reconciliation, "round = 9"),
    "record_is_sealed": (Record, "kind = 'x'"),
    "revocation_is_kept": (Revocation, "reason = 'x'"),
    "rule_is_kept": (PlacementRule, "reason = 'x'"),
    "sign_off_is_sealed": (SignOff, "justification = 'x'"),
    "signing_key_is_kept": (SigningKey, "public_key = 'x'"),
    "statement_change_fits": (
        StatementChange,
        f"new_statement_id = (SELECT min(id) FROM frameworks_statement) WHERE version_id = {draft}",
    ),
    "statement_change_is_kept": (StatementChange, "confirmed_at = '2001-01-01'"),
    "statement_is_kept": (Statement, "text = 'x'"),
    "verification_is_kept": (Verification, "status = 'broken', problems = 1"),
    "version_is_kept": (FrameworkVersion, "attribution = 'x'"),
}
used = "placementrule_id IN (SELECT rule_id FROM assessments_cycle)"
reconciled = (
    "reconciliation_id IN (SELECT r.id FROM assessments_reconciliation AS r"
    " JOIN assessments_assessment AS a ON a.id = r.assessment_id WHERE a.state = 'reconciled')"
)
revoked = "(SELECT sign_off_id FROM assessments_revocation)"
last_carried = (
    "carried_from_id IS NOT NULL AND statement_id = (SELECT max(statement_id)"
    " FROM assessments_rating WHERE carried_from_id IS NOT NULL)"
)
first_asked = "(SELECT min(id) FROM frameworks_statement)"
# What only this one guard refuses, where the usual statement meets a second one.
OFFENCES = {
    "assessment_continues_own_insert": copy(
        Assessment,
        "continues_id IS NOT NULL",
        clerk_id="(SELECT max(id) FROM accounts_user)",
        state="'closed'",
    ),
    "assessment_is_on_published_insert": copy(
        Assessment, "continues_id IS NULL", state="'closed'", version_id=draft
    ),
    "cycle_is_on_published_insert": copy(Cycle, "TRUE", version_id=draft),
    "rating_carried_is_own_insert": copy(Rating, last_carried, statement_id=first_asked),
    "rating_fits_insert": copy(
        Rating,
        last_carried,
        statement_id=first_asked,
        author_id="(SELECT max(id) FROM accounts_user)",
        carried_from_id="NULL",
    ),
    "answer_is_in_time_insert": copy(ReconciliationAnswer, reconciled),
    "assessment_is_final_update": "UPDATE assessments_assessment SET state = 'draft'"
    " WHERE state = 'signed_off'",
    "must_have_is_in_time_insert": copy(
        PlacementRule.must_have.through,
        used,
        competency_id="(SELECT max(competency_id) FROM frameworks_statement)",
    ),
    "must_have_is_kept_insert": copy(PlacementRule.must_have.through, f"NOT {used}", key=True),
    "record_revokes_a_sign_off_insert": copy(
        Record,
        "kind = 'revocation'",
        sequence="sequence + 100",
        digest="'x'",
        previous_digest="'y'",
        supersedes_id="NULL",
    ),
    "revocation_fits_insert": copy(
        Revocation,
        "TRUE",
        sign_off_id=f"(SELECT max(id) FROM assessments_signoff WHERE id <> {revoked}"
        " AND record_id IS NOT NULL)",
        record_id="(SELECT min(sequence) FROM records_record)",
    ),
    "revoked_is_not_disputed_insert": copy(
        Dispute, "TRUE", sign_off_id=revoked, record_id="NULL", outcome="''"
    ),
    "revoked_is_not_superseded_insert": copy(
        SignOff, "voided_at IS NOT NULL", supersedes_id=revoked
    ),
    "sign_off_is_alone_insert": copy(SignOff, "record_id IS NULL AND voided_at IS NULL"),
    "sign_off_is_sealed_insert": copy(SignOff, "voided_at IS NOT NULL", key=True),
    "statement_change_fits_insert": copy(
        StatementChange, f"kind = 'unchanged' AND version_id <> {draft}", version_id=draft
    ),
}


def offence(guard: Guard) -> str:
    """A statement that this guard refuses and no other."""
    if found := OFFENCES.get(trigger_name(guard)):
        return found
    model, change = TABLES[guard.name]
    return {
        "INSERT": lambda: copy(model, "TRUE", key=True),
        "UPDATE": lambda: f"UPDATE {guard.table} SET {change}",
        "DELETE": lambda: f"DELETE FROM {guard.table}",
        "TRUNCATE": lambda: f"TRUNCATE {guard.table} CASCADE",
    }[guard.event]()


def said(guard: Guard, *down: Guard) -> str:
    """What the database says to the offence while some guards are down; all is as it was after."""
    try:
        with transaction.atomic():
            triggers.drop(connection, down)
            with connection.cursor() as cursor:
                cursor.execute(offence(guard))
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


@pytest.fixture
def as_a_stranger():
    """SQLite as it comes: with this setting a replaced row would meet the guard of deleting."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = OFF")
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA recursive_triggers = ON")


@pytest.mark.django_db
def test_each_guard_refuses_what_nothing_else_refuses(as_a_stranger):
    one_of_everything()
    connection.check_constraints()

    wrong = {}
    for guard in GUARDS:
        if guard.event == "TRUNCATE" and connection.vendor == "sqlite":
            continue
        # Emptying a table empties those that refer to it: their guards are down as well.
        cascade = [g for g in GUARDS if g.event == guard.event == "TRUNCATE" and g != guard]
        with_it, without = said(guard, *cascade), said(guard, *cascade, guard)
        if guard.message not in with_it or guard.message in without:
            wrong[trigger_name(guard)] = (with_it, without)

    assert wrong == {}


def one_of_everything() -> None:
    """Every table has a row that its guards keep."""
    partly_carried()
    call_command("verify_records", stdout=io.StringIO())
    signed = builders.sign_off()
    actions.acknowledge_sign_off(sign_off=signed, by=signed.clerk)
    builders.rated_dispute(signed)
    builders.revocation()
    void, _ = builders.waiting_sign_off(), builders.waiting_sign_off()
    actions.return_assessment(assessment=void.assessment, by=void.signed_by, reason="Look again.")
    builders.answered_assessment()
    assessment = builders.answered_assessment()
    actions.reconcile_assessment(assessment=assessment, by=builders.supervisor(assessment))
    administrator = builders.administrator()
    first = signed.assessment.version.statements.first().competency
    for threshold in (70, 60):
        rule = actions.add_rule(
            threshold=threshold, must_have=[first], reason="Safety first.", by=administrator
        )
    builders.cycle(rule=rule)
    today, later = datetime.date.today(), datetime.date.today() + datetime.timedelta(days=90)
    actions.appoint(
        person=builders.user(),
        up_to_level=signed.level,
        reason="Nobody holds a placement yet.",
        ends_on=later,
        by=administrator,
    )
    delegate(
        from_supervisor=signed.signed_by,
        to_supervisor=builders.user(),
        starts_on=today,
        ends_on=later,
        reason="Quarter end.",
        by=administrator,
    )
    another_wording(administrator)


def partly_carried() -> None:
    """A draft with answers brought over, the first statement of it not answered."""
    before = builders.draft_assessment()
    statement = before.version.statements.last()
    entry = actions.Entry(statement.pk, 3, "", 0)
    actions.save_rating(assessment=before, role=Role.SELF, entry=entry, by=before.clerk)
    actions.start_assessment(cycle=builders.cycle(before.clerk.team), clerk=before.clerk)


def another_wording(administrator: User) -> None:
    """A second version published, and a third one as a draft with a decision on a pair."""
    first = ("under direct supervision", "with somebody beside them")
    actions.publish_version(version=builders.draft_version(builders.altered(first)), by=None)
    third = builders.draft_version(builders.altered(label="v.27.05"))
    published = FrameworkVersion.objects.get(state="published")
    pair_statements(
        version=third,
        old=published.statements.first(),
        new=third.statements.first(),
        by=administrator,
    )
