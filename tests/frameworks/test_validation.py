import copy
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks.documents import Problem
from frameworks.levels import LONGEST_STATEMENT
from frameworks.validation import read

SEED = (Path(__file__).parents[2] / "seeds" / "43-4011.00_v.26.05.json").read_bytes()
GONE = object()
TEN = [f"Topic {number} — does it." for number in range(10)]
SOUND = {
    "schemaVersion": "1.0",
    "exportedAt": "2026-05-15T12:40:51.793Z",
    "occupation": {
        "soc": "11-1111.00",
        "title": "Testers",
        "group": "Tests",
        "sector": "48-49",
        "jobZone": 3,
        "jobZoneInferred": False,
    },
    "framework": {
        "version": "v.26.05",
        "description": "What testers do.",
        "contextCovered": "Tests.",
        "levels": {
            key: {"label": key.title(), "statements": [f"{key} {text}" for text in TEN]}
            for key in ("emerging", "developing", "proficient", "advanced")
        },
    },
    "sources": {"onet": "v30.2"},
    "attribution": "© Testers",
}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def raw(path="", value=GONE):
    """A sound file with one thing in it changed, or taken out."""
    result = copy.deepcopy(SOUND)
    if not path:
        return result
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    inner = result
    for step in way:
        inner = inner[step]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    return result


def found(value):
    """The problems of a file as (severity, path), its document, and its words."""
    document, _, problems = read(json.dumps(value).encode())
    assert (document is None) == any(p.severity == "error" for p in problems)
    return [(p.severity, p.path) for p in problems], document, [p.message for p in problems]


def places(value):
    result = [()]
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            result += [(key, *place) for place in places(inner)]
    return result


def test_read_builds_the_document_of_the_seed():
    document, _, problems = read(SEED)

    assert problems == [Problem("warning", "framework.description", 1, "The description is empty.")]
    assert (document.soc, document.title) == ("43-4011.00", "Brokerage Clerks")
    assert (document.label, document.sector, document.job_zone) == ("v.26.05", "55", 3)
    assert document.exported_at == datetime.datetime(
        2026, 5, 15, 12, 40, 51, 793000, tzinfo=datetime.UTC
    )
    assert document.attribution == "© EBSCOed"
    assert [(level.key, level.label, len(level.statements)) for level in document.levels] == [
        ("emerging", "Emerging", 10),
        ("developing", "Developing", 10),
        ("proficient", "Proficient", 10),
        ("advanced", "Advanced", 10),
    ]
    levels = json.loads(SEED)["framework"]["levels"]
    assert [list(level.statements) for level in document.levels] == [
        level["statements"] for level in levels.values()
    ]


def test_read_has_nothing_to_say_of_a_sound_file():
    assert read(json.dumps(SOUND).encode())[2] == []


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("schemaVersion", [GONE, None, "", "x", "2.0", "0.9", 1, 1.0, "1.", "1.0.0.0", "1.\u0660"]),
        ("occupation", [GONE, None, [], "x"]),
        ("occupation.soc", [GONE, None, "", 43, "43-4011.0", " 43-4011", "43-4011.00\n"]),
        ("occupation.title", [GONE, None, "", " \n", "\u200b", 5, [], "x" * 201]),
        ("occupation.group", [5, {}, "x" * 201]),
        ("occupation.sector", [55, [], "x" * 41]),
        ("occupation.jobZone", ["3", 3.5, True, [], {}]),
        ("occupation.jobZoneInferred", ["no", 0, []]),
        ("framework", [GONE, None, [], "x"]),
        ("framework.version", [26.05, [], "x" * 41]),
        ("framework.description", [5, []]),
        ("framework.contextCovered", [5, []]),
        ("framework.levels", [GONE, None, {}, [], "x", 4, {"a": {"statements": []}}]),
        ("framework.levels.emerging", [None, [], "x"]),
        ("framework.levels.emerging.label", [5, [], "x" * 121]),
        ("framework.levels.emerging.statements", [GONE, None, {}, "x", ["x"] * 1001]),
        ("sources", ["x", [], 5]),
        ("attribution", [5, []]),
    ],
)
def test_find_problems_refuses(path, values):
    for value in values:
        problems, _, _ = found(raw(path, value))
        assert [place for severity, place in problems if severity == "error"] == [path]


@pytest.mark.parametrize("text", [None, 5, [], {}, "", " \t", "\u200b", "x" * 2001])
def test_find_problems_refuses_a_statement_and_names_its_place(text):
    value = raw("framework.levels.proficient.statements.3", text)
    problems, _, messages = found(value)

    assert problems == [("error", "framework.levels.proficient.statements[3]")]
    assert messages[0].startswith("Statement 4 of “Proficient” ")


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("schemaVersion", ["1.1", "1.0.3", "1.12"]),
        ("exportedAt", [GONE, None, "", 5, [], "today", "9999-12-31T23:59:59-14:00"]),
        ("occupation.soc", ["11-1111"]),
        ("occupation.group", [GONE, None, ""]),
        ("occupation.sector", [GONE, None, " "]),
        ("occupation.jobZone", [GONE, None, 0, 6, -1, 1e300, 2**60]),
        ("occupation.extra", [1, {}]),
        ("framework.version", [GONE, None, "", " "]),
        ("framework.description", [GONE, None, ""]),
        ("framework.contextCovered", [GONE, None, ""]),
        ("framework.levels", [{"emerging": SOUND["framework"]["levels"]["emerging"]}]),
        ("framework.levels.emerging.label", [GONE, None, " ", "Advanced", "<b>Low</b>"]),
        ("framework.levels.emerging.statements", [TEN[:9], [*TEN, "One — more."], []]),
        ("sources", [GONE, None, {}]),
        ("attribution", [GONE, None, ""]),
        ("extra", [2**70, {"deep": [1]}]),
    ],
)
def test_find_problems_accepts_with_a_warning(path, values):
    for value in values:
        problems, _, _ = found(raw(path, value))
        expected = path.replace("emerging.label", "advanced.label") if value == "Advanced" else path
        assert problems == [("warning", expected)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("No dash at all.", "no “ — ” between"),
        ("Topic - does it.", "“ - ” and no “ — ”"),
        ("Topic \N{EN DASH} does it.", "and no “ — ”"),
        ("Topic--does it.", "“--” and no “ — ”"),
        ("Topic—does it.", "“—” and no “ — ”"),
        ("Topic — does — it.", "2 dashes"),
        (" — does it.", "nothing on one side"),
        ("Topic — does <b>it</b>.", "looks like HTML"),
        ("Topic — does &lt;it.", "looks like HTML"),
        ("Topic — \u202edoes it.", "cannot be seen"),
        ("developing Topic 0  —\u00a0does it.", "“—” and no “ — ”"),
        ("developing  Topic 0 — does it.", "the same as"),
        ("emerging Topic 1 — does it.", "the same as"),
    ],
)
def test_find_problems_warns_of_a_statement_and_keeps_its_text(text, words):
    problems, document, messages = found(raw("framework.levels.emerging.statements.0", text))

    assert {severity for severity, _ in problems} == {"warning"}
    assert any(words in message for message in messages)
    assert document.levels[0].statements[0] == text


def test_a_statement_may_have_two_thousand_characters():
    text = "Topic — " + "x" * (LONGEST_STATEMENT - 8)

    assert found(raw("framework.levels.emerging.statements.0", text))[0] == []


def test_find_problems_names_every_problem_at_once_errors_first():
    value = raw("schemaVersion")
    value["occupation"].update(soc="x", title=5, jobZone=None)
    value["framework"]["levels"]["advanced"]["statements"][1] = ""
    value["framework"]["levels"]["emerging"]["statements"][9] = None

    assert found(value)[0] == [
        ("error", "schemaVersion"),
        ("error", "occupation.soc"),
        ("error", "occupation.title"),
        ("error", "framework.levels.emerging.statements[9]"),
        ("error", "framework.levels.advanced.statements[1]"),
        ("warning", "occupation.jobZone"),
    ]


def test_find_problems_names_the_line():
    text = json.dumps(raw("framework.levels.emerging.statements.2", " "), indent=1)
    line = next(n for n, words in enumerate(text.split("\n"), start=1) if words.strip() == '" ",')

    assert read(text.encode())[2][0].line == line


def test_find_problems_lists_a_thousand_and_counts_the_rest():
    value = raw("framework.levels.emerging.statements", [""] * 900)
    value["framework"]["levels"]["advanced"]["statements"] = [""] * 900

    errors = [p for p in read(json.dumps(value).encode())[2] if p.severity == "error"]
    assert len(errors) == 1001
    assert errors[-1] == Problem("error", "", None, "There are 800 more problems of this kind.")


def test_one_problem_is_named_for_a_number_that_is_none():
    assert found(raw("occupation.jobZone", float("nan")))[0] == [("error", "occupation.jobZone")]


def test_build_normalises_the_codes_and_names_but_no_text():
    value = raw("occupation.soc", "11-1111")
    value["occupation"].update(jobZone=3.0, title=" Testers ", group=None)
    value["framework"].update(version=" v.26.05 ", description=" As it stands. ")
    document = found(value)[1]

    assert (document.soc, document.title, document.group) == ("11-1111.00", "Testers", "")
    assert (document.job_zone, document.label) == (3, "v.26.05")
    assert document.description == " As it stands. "


def test_build_leaves_out_a_job_zone_that_is_none():
    assert found(raw("occupation.jobZone", 6))[1].job_zone is None


def test_build_takes_a_time_without_a_zone_as_utc():
    document = found(raw("exportedAt", "2026-05-15T12:00:00"))[1]

    assert document.exported_at == datetime.datetime(2026, 5, 15, 12, tzinfo=datetime.UTC)


def test_build_puts_known_levels_first_and_titles_what_has_no_label():
    level = {"statements": ["A — b."]}
    value = raw("framework.levels", {"head_clerk": level, "advanced": level, "emerging": level})
    document = found(value)[1]

    assert [(part.key, part.label) for part in document.levels] == [
        ("emerging", "Emerging"),
        ("advanced", "Advanced"),
        ("head_clerk", "Head Clerk"),
    ]


def test_levels_may_be_a_list():
    levels = [
        {"key": key, **level} for key, level in reversed(SOUND["framework"]["levels"].items())
    ]
    problems, document, _ = found(raw("framework.levels", levels))

    assert problems == [("warning", "framework.levels")]
    assert [level.key for level in document.levels] == [
        "emerging", "developing", "proficient", "advanced",
    ]  # fmt: skip


def test_levels_in_a_list_are_named_by_their_place():
    level = {"key": "emerging", "label": "Emerging", "statements": [*TEN[:9], ""]}
    keyless = {"label": "Other", "statements": TEN}
    problems, _, _ = found(raw("framework.levels", [level, keyless, level, 7]))

    assert [place for severity, place in problems if severity == "error"] == [
        "framework.levels[1].key",
        "framework.levels[2].key",
        "framework.levels[0].statements[9]",
        "framework.levels[2].statements[9]",
        "framework.levels[3]",
    ]


@pytest.mark.parametrize("key", ["", " ", "x" * 61])
def test_a_level_needs_a_key_that_can_be_stored(key):
    levels = {**SOUND["framework"]["levels"], key: {"label": "Other", "statements": TEN}}
    problems, _, _ = found(raw("framework.levels", levels))

    assert [severity for severity, _ in problems].count("error") == 1


@given(ANY)
def test_read_answers_any_json(value):
    read(json.dumps(value).encode())


@settings(max_examples=300)
@given(st.sampled_from(places(SOUND)[1:]), ANY)
def test_read_answers_a_file_with_anything_in_any_place(place, anything):
    value = copy.deepcopy(SOUND)
    inner = value
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = anything

    document, _, problems = read(json.dumps(value).encode())
    assert (document is None) == any(problem.severity == "error" for problem in problems)
    json.dumps([problem._asdict() for problem in problems], ensure_ascii=False).encode()


@settings(max_examples=300)
@given(st.integers(0, len(SEED) - 1), st.integers(0, 40), st.binary(max_size=8))
def test_read_answers_a_damaged_seed(start, length, put_in):
    document, _, problems = read(SEED[:start] + put_in + SEED[start + length :])

    assert (document is None) == any(problem.severity == "error" for problem in problems)
