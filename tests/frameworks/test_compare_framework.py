"""The command's contract: what is printed, that nothing is stored, how it exits."""

import json

import pytest
from django.core.management import CommandError, call_command

from frameworks.models import FrameworkVersion
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
KINDS = ["unchanged", "minor", "reworded", "moved", "new", "retired"]


def run(capsys, *args: object) -> tuple[int, str]:
    code = 0
    try:
        call_command("compare_framework", *map(str, args))
    except SystemExit as exit_:
        code = exit_.code
    return code, capsys.readouterr().out


def as_json(capsys, path) -> tuple[int, dict]:
    code, out = run(capsys, path, "--format", "json")
    return code, json.loads(out)


@pytest.fixture
def altered(tmp_path):
    """A file with the seed as a later version, with texts replaced."""

    def write(*edits: tuple[str, str]):
        path = tmp_path / "altered.json"
        path.write_bytes(builders.altered(*edits))
        return path

    return write


def test_compare_framework_names_every_statement_of_both_once(capsys, altered):
    builders.published_version()
    path = altered(("under the guidance of an experienced clerk", "alone"))

    code, answer = as_json(capsys, path)

    assert code == 0
    assert list(answer) == ["counts", "reordered", "changes"]
    assert sorted(answer["counts"]) == sorted(KINDS)
    for side, file in (("old", builders.SEED), ("new", path)):
        levels = json.loads(file.read_bytes())["framework"]["levels"]
        assert sorted(list(c[side].values()) for c in answer["changes"] if c[side]) == sorted(
            [key, position, text]
            for key, level in levels.items()
            for position, text in enumerate(level["statements"], start=1)
        )


def test_compare_framework_gives_each_change_in_one_form(capsys, altered):
    builders.published_version()

    _, answer = as_json(capsys, altered(("Basic transaction forms", "Simple transaction forms")))

    unchanged = answer["changes"][1]
    assert unchanged["kind"] == "unchanged"
    assert list(unchanged) == ["kind", "confidence", "doubtful", "old", "new"]
    assert unchanged["doubtful"] is False
    assert list(unchanged["old"].items())[:2] == [("level", "emerging"), ("position", 2)]
    assert unchanged["old"] == unchanged["new"]


def test_compare_framework_exits_with_0_without_differences(capsys):
    builders.published_version()

    code, answer = as_json(capsys, builders.SEED)

    assert (code, answer["reordered"]) == (0, 0)
    assert answer["counts"] == dict.fromkeys(KINDS, 0) | {"unchanged": 40}
    assert FrameworkVersion.objects.count() == 1


def test_compare_framework_reads_well(capsys, altered):
    builders.published_version()

    code, out = run(capsys, altered(("Basic transaction forms", "Simple transaction forms")))

    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "43-4011.00 v.26.11 against v.26.05, published"
    assert lines[1].endswith("39 unchanged")
    assert "  Emerging 1" in out
    assert "    + Simple transaction forms — complete accurately" in out


def test_compare_framework_refuses_when_nothing_is_published(capsys):
    builders.draft_version()

    code, answer = as_json(capsys, builders.SEED)

    assert (code, answer["status"]) == (1, "rejected")
    assert [problem["message"] for problem in answer["problems"]] == [
        "No version of 43-4011.00 is published: there is nothing to compare with."
    ]


def test_compare_framework_refuses_a_file_with_its_problems(capsys, tmp_path):
    builders.published_version()
    path = tmp_path / "bad.json"
    path.write_text("{}")

    code, answer = as_json(capsys, path)
    in_words = run(capsys, path)

    assert (code, answer["status"]) == (1, "rejected")
    assert "The occupation is missing." in [p["message"] for p in answer["problems"]]
    assert in_words[0] == 1
    assert "The occupation is missing." in in_words[1]
    assert FrameworkVersion.objects.count() == 1


@pytest.mark.parametrize("path", ["no/such/file", "."])
def test_compare_framework_called_wrongly_exits_with_2(path):
    with pytest.raises(CommandError) as raised:
        call_command("compare_framework", path)

    assert raised.value.returncode == 2


def test_compare_framework_says_whom_it_would_touch_when_asked(capsys, altered):
    builders.sign_off()
    path = altered(("under direct supervision", "with somebody beside them"))

    code, out = run(capsys, path, "--impact", "--format", "json")
    words = run(capsys, path, "--impact")[1]

    impact = json.loads(out)["impact"]
    assert (code, impact["in_progress"], impact["in_review"], impact["signed"]) == (0, 0, 0, 1)
    assert impact["ratings"] == {"count": 39, "look again": 1, "stay": 0}
    assert impact["suggested_level_would_change"] == []
    assert [s["become"] for s in impact["statements"]].count("look again") == 1
    assert "Ratings: 39 count as they are, 1 ask for another look" in words
