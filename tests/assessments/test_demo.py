import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Team, User
from assessments.demo_version import MADE_UP, REPLACED, altered
from assessments.models import Assessment, Cycle, Dispute, RatingChange, SignOff
from assessments.sealed_rows import COMPARER as ASSESSMENTS
from frameworks.comparison_queries import base_of, compared
from frameworks.models import FrameworkVersion
from frameworks.queries import document_of
from frameworks.sealed_rows import COMPARER as FRAMEWORKS
from records.models import Record
from records.verification import verify
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_seed_demo_builds_one_of_each_and_changes_nothing_when_run_again(settings, capsys):
    settings.DEMO = True
    call_command("seed_demo")

    now = Assessment.objects.filter(cycle__closed_at=None)
    states = sorted({(a.state, a.round) for a in now})
    assert states == [
        ("closed", 1),
        ("draft", 1),
        ("draft", 2),
        ("reconciled", 1),
        ("reviewed", 1),
        ("signed_off", 1),
        ("submitted", 1),
        ("submitted", 2),
    ]
    placed = {
        (s.level.label if s.level else None, s.level == s.suggested_level)
        for s in SignOff.objects.filter(assessment__in=now)
    }
    assert placed == {
        ("Advanced", True),
        ("Developing", True),
        ("Developing", False),
        (None, True),
    }
    assert [s.clerk.first_name for s in SignOff.objects.filter(record=None)] == ["Yusuf"]
    assert sorted(Dispute.objects.values_list("outcome", flat=True)) == ["", "upheld"]
    assert (Team.objects.count(), User.objects.count()) == (3, 18)
    draft = FrameworkVersion.objects.get(state="draft")
    coming = compared(base_of(draft), draft)
    assert coming.diff.counts == {
        "unchanged": 29,
        "minor": 2,
        "reworded": 6,
        "moved": 1,
        "new": 2,
        "retired": 2,
    }
    assert (coming.diff.reordered, len(coming.undecided)) == (3, 1)
    assert "Sign in with the password" in capsys.readouterr().out

    before = (Record.objects.count(), RatingChange.objects.count(), User.objects.count())
    call_command("seed_demo")
    after = (Record.objects.count(), RatingChange.objects.count(), User.objects.count())
    assert before == after


def test_seed_demo_lets_two_cycles_lie_in_the_past(settings):
    settings.DEMO = True
    call_command("seed_demo")

    today = timezone.localdate()
    past = Cycle.objects.exclude(closed_at=None).order_by("opens_on")
    assert [(today - cycle.opens_on).days for cycle in past] == [183, 92]
    assert set(past.values_list("assessments__state", flat=True)) == {"signed_off"}
    sealed = list(Record.objects.order_by("sequence").values_list("sealed_at", "kind"))
    assert sealed == sorted(sealed, key=lambda record: record[0])
    assert {"supersession", "revocation", "dispute_upheld"} < {kind for _, kind in sealed}
    assert verify([FRAMEWORKS, ASSESSMENTS]).problems == []


def test_altered_says_that_its_wording_is_made_up_and_keeps_whose_the_rest_is():
    published = document_of(builders.published_version())
    coming = document_of(builders.draft_version(altered(builders.SEED.read_bytes())))

    assert (coming.label, coming.description) == ("v.26.11", MADE_UP)
    assert coming.sources == {**published.sources, "Wording": MADE_UP}
    assert coming.attribution == published.attribution


def test_altered_leaves_the_two_replaced_statements_in_doubt():
    published = builders.published_version()
    draft = builders.draft_version(altered(builders.SEED.read_bytes()))

    pairs = compared(published, draft).undecided

    assert [(pair.old.level.key, pair.old.position) for pair in pairs] == list(REPLACED)
    assert [pair.new.text for pair in pairs] == list(REPLACED.values())


def test_seed_demo_refuses_without_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo")
