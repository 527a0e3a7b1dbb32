"""Killed in the middle of an import or a publication: all of it is there, or nothing."""

import os
import time

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from assessments.models import Assessment, Cycle, Rating, Role
from frameworks.actions import discard_version
from frameworks.models import Framework, FrameworkVersion, Statement, StatementChange
from records.models import Record
from tests import builders
from tests.killing import Killer, Outcome
from tests.race import broken_records

pytestmark = pytest.mark.django_db(transaction=True)

# KILL_ROUNDS=40 is the full setting.
ROUNDS = int(os.environ.get("KILL_ROUNDS", "20"))
NOWHERE = 10_000  # more statements than there are: killed once all is committed
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type LIKE 'client%%'
"""


@pytest.fixture
def killer():
    with Killer(connection.settings_dict, str(settings.SEAL_KEY_FILE)) as found:
        connection.close()
        yield found


def points(whole: Outcome) -> list[int | float | str]:
    """Where to kill: at statements from first to last, at odd moments, around the commit."""
    spread = min(whole.statements, ROUNDS * 3 // 4 - 2)
    before = [1 + number * (whole.statements - 1) // (spread - 1) for number in range(spread)]
    left = ROUNDS - spread - 2
    timed = [whole.seconds * 1.2 * number / left for number in range(1, left + 1)]
    return [*before, *timed, "before commit", NOWHERE]


def kill(killer: Killer, at: int | float | str, **order) -> Outcome:
    """Kill, and see that it came where it was meant to and is gone for the database too."""
    outcome = killer.order(at=at, **order)
    assert outcome.killed
    if isinstance(at, int) and at != NOWHERE:
        assert outcome.statements == at - 1
    with connection.cursor() as cursor:
        # A server may still be at the last thing it was sent.
        while connection.vendor == "postgresql":
            cursor.execute(OTHERS)
            if cursor.fetchone() == (0,):
                break
            time.sleep(0.005)
    return outcome


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


def tell(what: str, unharmed: Outcome, found: list[int]) -> None:
    """Print the figures, for a run with -s."""
    sent = f"{connection.vendor}: {what} of {unharmed.statements} statements"
    print(f"\n{sent} killed {len(found)} times, whole {sum(found)} times")


def forget_import() -> None:
    for version in FrameworkVersion.objects.all():
        discard_version(version=version, by=None)
    Framework.objects.all().delete()


def test_an_import_that_is_killed_is_there_whole_or_not_at_all(killer):
    order = {"what": "import", "file": str(builders.SEED)}
    nothing = rows()
    unharmed = kill(killer, NOWHERE, **order)
    everything = rows()
    forget_import()
    found = []

    for at in points(unharmed):
        kill(killer, at, **order)

        after = rows()
        assert after in (nothing, everything), at
        versions = FrameworkVersion.objects.all()
        whole = [(v.state, v.levels.count(), v.statements.count()) for v in versions]
        assert whole == ([] if after == nothing else [("draft", 4, 40)])
        found.append(len(whole))
        forget_import()

    assert (len(found), found[0], found[-2:]) == (ROUNDS, 0, [0, 1])
    tell("import", unharmed, found)


def as_it_stands() -> dict[str, object]:
    """What a publication changes, and what it must not."""
    return {
        "versions": list(FrameworkVersion.objects.order_by("pk").values_list("pk", "state")),
        "pairing": StatementChange.objects.count(),
        "identity": Statement.objects.filter(competency=None).count(),
        "records": Record.objects.count(),
        "assessments": list(
            Assessment.objects.order_by("pk").values_list("pk", "state", "version", "continues")
        ),
        "ratings": list(
            Rating.objects.order_by("pk").values_list("assessment", "point", "note", "revision")
        ),
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
        "ratings": [*before["ratings"], *[(latest.pk, 4, "", 1)] * 40],
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
    kill(killer, NOWHERE, version=next_draft(0).pk, **order)  # as every one after it: a move on
    draft, counted = next_draft(1), rows()
    unharmed = kill(killer, NOWHERE, version=draft.pk, **order)
    growth = {label: count - counted[label] for label, count in rows().items()}
    found = []

    draft = next_draft(2)
    for number, at in enumerate(points(unharmed), start=3):
        before, counted = as_it_stands(), rows()
        kill(killer, at, version=draft.pk, **order)

        grown = {label: count - counted[label] for label, count in rows().items()}
        whole = any(grown.values())
        assert grown == (growth if whole else dict.fromkeys(growth, 0)), at
        assert as_it_stands() == (published_after(before, draft) if whole else before), at
        found.append(whole)
        if whole:
            draft = next_draft(number)

    assert (len(found), found[0], found[-2:]) == (ROUNDS, False, [False, True])
    assert broken_records() == []
    tell("publication", unharmed, found)
