"""Killed in the middle of an import or a publication: all of it is there, or nothing."""

import os

import pytest
from django.conf import settings
from django.db import connection

from assessments.models import Assessment, Cycle, Rating, Role
from frameworks.actions import discard_version
from frameworks.models import FrameworkVersion, Statement, StatementChange
from records.models import Record
from tests import builders
from tests.killing import Killer
from tests.race import broken_records

pytestmark = pytest.mark.django_db(transaction=True)

# KILL_ROUNDS=40 is the full setting.
ROUNDS = int(os.environ.get("KILL_ROUNDS", "10"))
NOWHERE = 10_000  # more statements than there are: killed once all is committed


@pytest.fixture
def killer():
    with Killer(connection.settings_dict, str(settings.SEAL_KEY_FILE)) as found:
        connection.close()
        yield found


def points(statements: int) -> list[int | float | str]:
    """Where to kill: spread over all statements, at odd moments, before and after the commit."""
    timed = [0.002 * number for number in range(1, ROUNDS // 4 + 1)]
    spread = ROUNDS - len(timed) - 2
    before = [1 + number * (statements - 1) // max(spread - 1, 1) for number in range(spread)]
    return [*before, *timed, "before commit", NOWHERE]


def test_an_import_that_is_killed_is_there_whole_or_not_at_all(killer):
    order = {"what": "import", "file": str(builders.SEED)}
    statements = killer.order(at=NOWHERE, **order).statements
    discard_version(version=FrameworkVersion.objects.get(), by=None)
    found = []

    for at in points(statements):
        outcome = killer.order(at=at, **order)

        assert outcome.killed
        versions = list(FrameworkVersion.objects.all())
        whole = [(v.state, v.levels.count(), v.statements.count()) for v in versions]
        assert whole in ([], [("draft", 4, 40)])
        assert Statement.objects.count() == 40 * len(versions)
        found.append(len(versions))
        for version in versions:
            discard_version(version=version, by=None)

    assert (len(found), found[-2:]) == (ROUNDS, [0, 1])
    print(f"\n{connection.vendor}: import killed {len(found)} times, whole {sum(found)} times")


def as_it_stands() -> dict[str, object]:
    """All that a publication changes."""
    return {
        "versions": list(FrameworkVersion.objects.order_by("pk").values_list("pk", "state")),
        "pairing": StatementChange.objects.count(),
        "identity": Statement.objects.filter(competency=None).count(),
        "records": Record.objects.count(),
        "assessments": list(
            Assessment.objects.order_by("pk").values_list("pk", "state", "version", "continues")
        ),
        "ratings": Rating.objects.count(),
        "moved to": Cycle.objects.get().moved_to_id,
    }


def published_after(before: dict[str, object], draft: FrameworkVersion) -> dict[str, object]:
    """The same once the draft is published and the one draft assessment has moved."""
    every = FrameworkVersion.objects.order_by("pk").values_list("pk", flat=True)
    latest = Assessment.objects.latest("pk")
    assessments = [(pk, "closed", version, last) for pk, _, version, last in before["assessments"]]
    return {
        "versions": [(pk, "published" if pk == draft.pk else "retired") for pk in every],
        "pairing": before["pairing"] + 40,
        "identity": 0,
        "records": before["records"] + 2,
        "assessments": [*assessments, (latest.pk, "draft", draft.pk, assessments[-1][0])],
        "ratings": before["ratings"] + 40,
        "moved to": draft.pk,
    }


def next_draft(number: int) -> FrameworkVersion:
    label = f"v.{27 + number // 12}.{number % 12 + 1:02}"
    words = ("under direct supervision", f"beside colleague {number}")
    return builders.draft_version(builders.altered(words, label=label))


def test_a_publication_that_is_killed_has_happened_whole_or_not_at_all(killer):
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF)
    order = {"what": "publish", "cycle": assessment.cycle_id}
    draft = next_draft(0)
    statements = killer.order(at=NOWHERE, version=draft.pk, **order).statements
    found = []

    draft = next_draft(1)
    for number, at in enumerate(points(statements), start=2):
        before = as_it_stands()
        outcome = killer.order(at=at, version=draft.pk, **order)

        assert outcome.killed
        after = as_it_stands()
        whole = after != before
        if whole:
            assert after == published_after(before, draft)
            draft = next_draft(number)
        found.append(whole)

    assert (len(found), found[-2:]) == (ROUNDS, [False, True])
    assert broken_records() == []
    print(f"\n{connection.vendor}: publication killed {len(found)} times, whole {sum(found)} times")
