"""The command's contract: what is printed, what is stored, how it exits."""

import json

import pytest
from django.core.management import CommandError, call_command

from assessments import actions
from frameworks.models import FrameworkVersion
from records.models import Record
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def run(capsys, *args: object) -> tuple[int, dict]:
    """Run the command with --format json; gives its exit code and its answer."""
    code = 0
    try:
        call_command("import_framework", *map(str, args), "--format", "json")
    except SystemExit as exit_:
        code = exit_.code
    return code, json.loads(capsys.readouterr().out)


def changed(tmp_path, **replacements: str):
    """The seed with some of its text replaced, as a file."""
    text = builders.SEED.read_text()
    for old, new in replacements.items():
        text = text.replace(old, new)
    path = tmp_path / "changed.json"
    path.write_text(text)
    return path


def test_a_file_becomes_a_draft(capsys):
    code, answer = run(capsys, builders.SEED)

    assert code == 0
    assert answer == {
        "status": "imported",
        "framework": "43-4011.00",
        "version": "v.26.05",
        "state": "draft",
        "levels": [
            {"key": key, "label": key.title(), "statements": 10}
            for key in ("emerging", "developing", "proficient", "advanced")
        ],
        "problems": [
            {
                "severity": "warning",
                "path": "framework.description",
                "line": 1,
                "message": "The description is empty.",
            }
        ],
    }


def test_publish_publishes_and_seals(capsys):
    code, answer = run(capsys, builders.SEED, "--publish")

    assert (code, answer["state"]) == (0, "published")
    assert json.loads(Record.objects.get().payload)["type"] == "framework_published"


def test_the_same_content_is_recognised_whatever_its_time_or_mark(capsys, tmp_path):
    run(capsys, builders.SEED)
    again = tmp_path / "again.json"
    again.write_bytes(
        b"\xef\xbb\xbf" + builders.SEED.read_bytes().replace(b"2026-05-15T", b"2026-06-16T")
    )

    code, answer = run(capsys, again)

    assert (code, answer["status"]) == (0, "already_imported")
    assert FrameworkVersion.objects.count() == 1


def test_publish_works_on_a_known_draft_a_published_and_a_retired_version(capsys):
    run(capsys, builders.SEED)
    states = []
    for _ in range(2):
        states.append(run(capsys, builders.SEED, "--publish")[1]["state"])
    actions.retire_version(version=FrameworkVersion.objects.get(), by=None)
    states.append(run(capsys, builders.SEED)[1]["state"])
    states.append(run(capsys, builders.SEED, "--publish")[1]["state"])

    assert states == ["published", "published", "retired", "published"]
    assert Record.objects.count() == 3


def test_a_dry_run_writes_nothing(capsys):
    code, answer = run(capsys, builders.SEED, "--dry-run")

    assert (code, answer["status"], answer["state"]) == (0, "valid", None)
    assert FrameworkVersion.objects.count() == 0


def test_a_rejected_file_writes_nothing_and_names_the_place(capsys, tmp_path):
    path = tmp_path / "bad.json"
    text = builders.SEED.read_text()
    raw = json.loads(text)
    raw["framework"]["levels"]["emerging"]["statements"][3] = " "
    path.write_text(json.dumps(raw, indent=1))

    code, answer = run(capsys, path)

    errors = [p for p in answer["problems"] if p["severity"] == "error"]
    assert (code, answer["status"], answer["state"]) == (1, "rejected", None)
    assert [e["path"] for e in errors] == ["framework.levels.emerging.statements[3]"]
    assert path.read_text().splitlines()[errors[0]["line"] - 1].strip() == '" ",'
    assert FrameworkVersion.objects.count() == 0


def test_a_file_without_a_name_is_a_draft_until_it_is_named(capsys, tmp_path):
    path = changed(tmp_path, **{'"v.26.05"': "null"})

    refused = run(capsys, path, "--publish")
    named = run(capsys, path, "--label", "v.26.06", "--publish")
    renamed = run(capsys, path, "--label", "v.26.07")

    assert (refused[0], refused[1]["state"], refused[1]["version"]) == (1, "draft", None)
    assert (named[0], named[1]["state"], named[1]["version"]) == (0, "published", "v.26.06")
    assert (renamed[0], renamed[1]["status"]) == (1, "rejected")


def test_the_same_name_with_other_content_is_a_new_version_with_a_warning(capsys, tmp_path):
    run(capsys, builders.SEED)

    code, answer = run(capsys, changed(tmp_path, **{"Basic transaction forms": "Simple forms"}))

    assert (code, answer["status"]) == (0, "imported")
    assert "framework.version" in [problem["path"] for problem in answer["problems"]]
    assert FrameworkVersion.objects.count() == 2


def test_publishing_leaves_an_open_cycle_on_its_version(capsys, tmp_path):
    cycle = builders.cycle()

    path = changed(tmp_path, **{"Basic transaction forms": "Simple transaction forms"})
    code, answer = run(capsys, path, "--publish")

    cycle.refresh_from_db()
    assert (code, answer["status"], answer["state"]) == (0, "imported", "published")
    assert (cycle.starts_on.state, cycle.moved_to) == ("retired", None)


def test_publishing_a_retired_version_again_says_so(capsys, tmp_path):
    run(capsys, builders.SEED, "--publish")
    later = changed(tmp_path, **{"accurately": "accurateley", "v.26.05": "v.26.11"})
    run(capsys, later, "--publish")

    code, answer = run(capsys, builders.SEED, "--publish")

    assert (code, answer["status"], answer["state"]) == (0, "already_imported", "published")
    assert answer["problems"][-1]["message"] == (
        "Brokerage Clerks v.26.05 had been retired. It is published again, in place of the later"
        " one."
    )


@pytest.mark.parametrize(
    ("label", "warned"), [("v.26.5", True), ("V26.05", True), ("v.26.15", False)]
)
def test_a_name_that_is_another_one_written_otherwise_is_warned_of(capsys, tmp_path, label, warned):
    run(capsys, builders.SEED)
    path = changed(tmp_path, **{"v.26.05": label, "accurately": "with care"})

    _, answer = run(capsys, path)

    words = f"{label} and v.26.05 name the same month"
    assert any(words in problem["message"] for problem in answer["problems"]) == warned


def test_publishing_with_a_doubtful_pair_leaves_a_draft(capsys, tmp_path):
    builders.published_version()
    text = "archive after seven years."
    path = tmp_path / "doubtful.json"
    path.write_bytes(
        builders.altered(
            (
                "complete accurately under direct supervision in a brokerage office environment.",
                text,
            )
        )
    )

    code, answer = run(capsys, path, "--publish")

    assert (code, answer["status"], answer["state"]) == (1, "imported", "draft")
    assert "1 pair waits for your decision" in answer["problems"][-1]["message"]
    assert FrameworkVersion.objects.get(state="published").label == "v.26.05"


@pytest.mark.parametrize("args", [["no/such/file"], ["."], ["--by", "nobody", builders.SEED]])
def test_usage_exits_with_2(args):
    with pytest.raises(CommandError) as raised:
        call_command("import_framework", *map(str, args))

    assert raised.value.returncode == 2


def test_by_names_who_did_it(capsys):
    person = builders.administrator()

    run(capsys, builders.SEED, "--publish", "--by", person.username)

    version = FrameworkVersion.objects.get()
    assert (version.imported_by, version.published_by) == (person, person)


def test_any_occupation_imports(capsys, tmp_path):
    raw = json.loads(builders.SEED.read_text())
    raw["occupation"] |= {"soc": "99-9999.00", "title": "Synthetic Testers", "jobZone": None}
    raw["framework"]["levels"] = [
        {"key": "first", "statements": ["One thing — do it."]},
        {"key": "second", "statements": ["Another thing — do it.", "A third thing — do it."]},
    ]
    path = tmp_path / "other.json"
    path.write_text(json.dumps(raw))

    code, answer = run(capsys, path, "--publish")

    assert (code, answer["state"]) == (0, "published")
    assert [(level["label"], level["statements"]) for level in answer["levels"]] == [
        ("First", 1),
        ("Second", 2),
    ]
