import json
from collections import Counter

import pytest

from assessments import actions as assessments
from frameworks import actions
from frameworks.models import Competency, Framework, FrameworkVersion, Statement
from frameworks.queries import document_of, reading_of
from frameworks.validation import read
from records.models import Record
from tests import builders
from tests.race import race

pytestmark = pytest.mark.django_db

OLD, NEW = "Basic transaction forms", "Simple transaction forms"


def other_content(**occupation: object) -> bytes:
    """The seed as v.26.06, with one statement reworded."""
    raw = json.loads(builders.SEED.read_bytes())
    raw["occupation"] |= occupation
    raw["framework"]["version"] = "v.26.06"
    return json.dumps(raw, ensure_ascii=False).replace(OLD, NEW).encode()


def test_import_version_stores_what_document_of_reads_back():
    data = builders.SEED.read_bytes()

    version = actions.import_version(data=data, by=None).version

    assert document_of(version) == read(data)[0]
    assert bytes(version.source_bytes) == data
    assert version.state == "draft"


def test_import_version_names_a_known_draft_that_has_no_name():
    data = builders.SEED.read_bytes().replace(b'"v.26.05"', b"null")
    actions.import_version(data=data, by=None)

    outcome = actions.import_version(data=data, by=None, label=" v.26.05 ")

    assert (outcome.status, outcome.version.label) == ("already_imported", "v.26.05")


@pytest.mark.parametrize("label", ["", "v.26.99", "x" * 41])
def test_import_version_rejects_a_label_that_cannot_be(label):
    with pytest.raises(actions.ImportRejected) as raised:
        actions.import_version(data=builders.SEED.read_bytes(), by=None, label=label)

    assert raised.value.problems[0].path == "framework.version"
    assert Framework.objects.count() == 0


def test_a_draft_does_not_change_what_is_said_of_the_occupation():
    builders.published_version()

    draft = builders.draft_version(other_content(title="Other Clerks", sector="52"))

    assert Framework.objects.values_list("title", "sector").get() == ("Brokerage Clerks", "55")
    assert reading_of(draft)[0].title == "Other Clerks"
    assessments.publish_version(version=draft, by=None)
    assert Framework.objects.values_list("title", "sector").get() == ("Other Clerks", "52")


def test_reading_of_warns_of_a_twin_of_the_same_name():
    builders.published_version()
    data = other_content().replace(b"v.26.06", b"v.26.05")

    problems = reading_of(builders.draft_version(data))[1]

    assert "with other content" in problems[0].message


def test_publish_version_retires_the_one_before_it_and_seals_both():
    old = builders.published_version()
    new = builders.draft_version(other_content())

    new = actions.publish_version(version=new, by=None)

    old.refresh_from_db()
    assert (old.state, new.state, new.replaces) == ("retired", "published", old)
    kinds = [r.kind for r in Record.objects.order_by("sequence")]
    assert kinds == ["framework_published", "framework_retired", "framework_published"]


@pytest.mark.parametrize("retire_first", [False, True])
def test_publish_version_keeps_the_competency_of_what_is_paired(retire_first):
    old = builders.published_version()
    if retire_first:
        actions.retire_version(version=old, by=None)

    new = actions.publish_version(version=builders.draft_version(other_content()), by=None)

    places = ("level__rank", "position", "competency")
    assert list(new.statements.values_list(*places)) == list(old.statements.values_list(*places))
    assert dict(Counter(new.changes.values_list("kind", flat=True))) == {
        "unchanged": 39,
        "reworded": 1,
    }
    assert Competency.objects.count() == 40


def test_publish_version_gives_the_same_text_twice_two_competencies():
    raw = json.loads(builders.SEED.read_bytes())
    statements = raw["framework"]["levels"]["emerging"]["statements"]
    statements[1] = f" {statements[0]} "

    version = builders.draft_version(json.dumps(raw).encode())
    actions.publish_version(version=version, by=None)

    assert Statement.objects.values("competency").distinct().count() == 40


def test_publish_version_seals_all_that_is_needed_to_read_it():
    by = builders.administrator()

    version = actions.publish_version(version=builders.draft_version(), by=by)

    payload = json.loads(Record.objects.get().payload)
    assert payload["framework"] == {
        "soc": "43-4011.00",
        "title": "Brokerage Clerks",
        "label": "v.26.05",
        "content_digest": version.content_digest,
        "source_sha256": "1435a5a9eb3fed389455435cf82e462302cf057d0bb40ab4e4a21c1b11401530",
        "attribution": "© EBSCOed",
        "sources": {
            "onet": "v30.2 (CC BY 4.0)",
            "crosswalk": "https://skillscrosswalk.com",
            "generator": "LER.me",
        },
        "replaces": None,
    }
    assert [len(level["statements"]) for level in payload["levels"]] == [10, 10, 10, 10]
    assert payload["by"]["name"] == str(by)


def test_publish_and_retire_version_refuse_what_is_not_due():
    version = builders.draft_version()

    with pytest.raises(actions.PublishRefused, match="is not published"):
        actions.retire_version(version=version, by=None)
    actions.publish_version(version=version, by=None)
    with pytest.raises(actions.PublishRefused, match="is published already"):
        actions.publish_version(version=version, by=None)


def test_name_version_refuses_a_version_with_a_name():
    with pytest.raises(actions.PublishRefused, match="has its name already"):
        actions.name_version(version=builders.draft_version(), label="v.26.06", by=None)


@pytest.mark.django_db(transaction=True)
def test_import_version_of_the_same_file_at_once_stores_it_once():
    data = builders.SEED.read_bytes()

    outcomes = race(*[lambda: actions.import_version(data=data, by=None)] * 4)

    found = sorted(getattr(outcome, "status", repr(outcome)) for outcome in outcomes)
    assert found == ["already_imported"] * 3 + ["imported"]
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_publish_version_of_two_at_once_leaves_one_published():
    drafts = [builders.draft_version(), builders.draft_version(other_content())]
    calls = [lambda v=v: actions.publish_version(version=v, by=None) for v in drafts]

    outcomes = race(*calls)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert FrameworkVersion.objects.filter(state="published").count() == 1


def test_a_draft_that_was_discarded_meanwhile_is_refused_in_a_sentence():
    draft = builders.draft_version()
    twice = FrameworkVersion.objects.get(pk=draft.pk)
    actions.discard_version(version=draft, by=None)

    for act in (
        lambda: actions.discard_version(version=twice, by=None),
        lambda: actions.publish_version(version=twice, by=None),
        lambda: actions.name_version(version=twice, label="v.26.11", by=None),
    ):
        with pytest.raises(actions.PublishRefused, match="discarded meanwhile"):
            act()
