"""The people and the work of the demo, built through the actions only."""

import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from accounts.permissions import ADMINISTRATORS, AUDITORS
from assessments import actions
from assessments.demo import in_progress, past
from assessments.demo.clock import at
from assessments.demo.people import (
    CLIENTS,
    HELEN,
    INGRID,
    MARCUS,
    RUTH,
    TOMAS,
    TRANSFERS,
    add_clerks,
    add_person,
    add_team,
)
from assessments.demo_version import altered
from frameworks.actions import import_version, pair_statements
from frameworks.comparison_queries import base_of, compared
from frameworks.models import Competency, FrameworkVersion

SEED = Path(settings.BASE_DIR) / "seeds" / "43-4011.00_v.26.05.json"


@transaction.atomic
def build(today: datetime.date | None = None) -> None:
    """Fill an empty database with two teams, their people and three cycles.

    Two are past; the third is in progress, with an assessment in every state.
    """
    today = today or timezone.localdate()
    administrator = add_person(TOMAS)
    accounts.set_roles(person=administrator, roles=[ADMINISTRATORS], by=None)
    auditor = add_person(RUTH)
    accounts.set_roles(person=auditor, roles=[AUDITORS], by=None)
    ingrid, operations = add_team("Operations", INGRID)
    helen, transfers = add_team("Transfers and Settlement", HELEN, operations)
    marcus, clients = add_team("Client Accounts", MARCUS, operations)
    transferring = add_clerks(TRANSFERS, transfers, 20411)
    serving = add_clerks(CLIENTS, clients, 20511)
    with at(today - past.PUBLISHED):
        import_version(data=SEED.read_bytes(), by=None)
        version = FrameworkVersion.objects.get()
        actions.publish_version(version=version, by=administrator)
    past.build(version, [transfers, clients], administrator, ingrid, today)
    _rules_and_appointments(version, ingrid, administrator, today)
    cycle = actions.open_cycle(
        name=past.name_of(today),
        version=version,
        teams=[transfers, clients],
        opens_on=today - datetime.timedelta(days=5),
        due_on=today + datetime.timedelta(days=9),
        needs_second_signer=True,
        by=administrator,
    )
    in_progress.rate_transfers(transferring, helen, cycle)
    in_progress.rate_clients(serving, marcus, cycle)
    accounts.delegate(
        from_supervisor=helen,
        to_supervisor=marcus,
        starts_on=today + datetime.timedelta(days=3),
        ends_on=today + datetime.timedelta(days=7),
        reason="Helen is at the settlement conference.",
        by=helen,
    )
    _coming_version(administrator)


def _coming_version(administrator: User) -> None:
    """A draft beside the cycle in progress; of its two doubtful pairs one is decided."""
    draft = import_version(data=altered(SEED.read_bytes()), by=administrator).version
    base = draft and base_of(draft)
    if draft is None or base is None:
        raise ValueError("The demo's draft has nothing to be compared with.")
    first, _ = compared(base, draft).undecided
    if first.old and first.new:
        pair_statements(version=draft, old=first.old, new=first.new, by=administrator)


def _rules_and_appointments(
    version: FrameworkVersion, ingrid: User, administrator: User, today: datetime.date
) -> None:
    """A second rule to compare with, and somebody who may sign without a placement."""
    actions.default_rule()
    confidentiality = version.statements.filter(level__rank=1, position=10)
    actions.add_rule(
        threshold=90,
        must_have=Competency.objects.filter(pk__in=confidentiality.values("competency")),
        reason="Proposed for next year: confidentiality is never traded against the rest.",
        by=administrator,
    )
    actions.appoint(
        person=ingrid,
        up_to_level=version.levels.get(rank=4),
        reason="Heads operations and holds no placement of her own.",
        ends_on=today + datetime.timedelta(days=365),
        by=administrator,
    )
