import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworks.documents import Problem
from frameworks.parsing import MOST_BYTES, MOST_PROBLEMS, Unreadable, parse, path_text

NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | STORABLE,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STORABLE, inner, max_size=4),
    max_leaves=20,
)


def refusal(data: bytes) -> Problem:
    with pytest.raises(Unreadable) as caught:
        parse(data)
    return caught.value.problems[-1]


@given(st.dictionaries(STORABLE, VALUES, max_size=4), st.sampled_from([None, 0, 2]))
def test_parse_reads_what_python_reads(value, indent):
    text = json.dumps(value, indent=indent)
    tree = parse(text.encode())

    assert tree.value == json.loads(text)
    assert tree.problems == []


@given(st.binary(max_size=200))
def test_parse_answers_any_bytes(data):
    with contextlib.suppress(Unreadable):
        parse(data)


@given(st.text('[]{}",:\\ 01-.eEntufalsr\n', max_size=40))
def test_parse_refuses_what_python_refuses(text):
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    try:
        tree = parse(text.encode())
    except Unreadable:
        assert not isinstance(value, dict)
    else:
        assert isinstance(value, dict)
        assert set(tree.value) == set(value)


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", None, "The file is empty."),
        (b" \n", None, "The file is empty."),
        (b"x" * (MOST_BYTES + 1), None, "larger than 2 MiB"),
        (b'{"a": "b\x97"}', 1, "byte 0x97"),
        (b'{\r\n"a":\r\n"b\x97"}', 3, "not UTF-8"),
        ('{"a": 1}'.encode("utf-16"), 1, "UTF-16"),
        ('{"a": 1}'.encode("utf-16-le"), 1, "UTF-16"),
        ('{"a": 1}'.encode("utf-32"), 1, "UTF-16 or UTF-32"),
        (b"[1, 2]", 1, "one object"),
        (b"[" * 100_000, 1, "nested more than 20 deep"),
        (b'{"a":\n1,}', 2, "a comma too many before the closing } (column 3)"),
        (b'{"a" 1}', 1, "a colon is missing after the name (column 6)"),
        (b'{"a": 1 "b": 2}', 1, "a comma or the closing } is missing (column 9)"),
        (b"{a: 1}", 1, "a name in double quotation marks"),
        (b'{"a": }', 1, "a value is missing"),
        (b'{"a": 01}', 1, "a comma or the closing } is missing"),
        (b'{"a": "b', 1, "closing quotation mark is missing (column 7)"),
        (b'{"a": "b\n"}', 1, "line break or control character"),
        (b'{"a": "\\x"}', 1, "a backslash"),
        (b'{"a": "\\u12"}', 1, "four hexadecimal digits"),
        (b'{"a": 1}\n{"b": 2}', 2, "after the end of the object"),
    ],
)
def test_parse_refuses_and_says_where(data, line, message):
    problem = refusal(data)

    assert (problem.severity, problem.path, problem.line) == ("error", "", line)
    assert message in problem.message


def test_parse_accepts_twenty_deep_and_brackets_inside_text():
    deep = b'{"a": ' + b"[" * 19 + b"]" * 19 + b', "b": "' + b'[{\\"' * 50 + b'"}'

    assert parse(deep).problems == []
    assert "20 deep" in refusal(b'{"a": ' + b"[" * 20 + b"]" * 20 + b"}").message


def test_parse_passes_over_a_byte_order_mark_with_a_warning():
    problems = parse(b'\xef\xbb\xbf{"a": 1}').problems

    assert [(p.severity, p.path, p.line) for p in problems] == [("warning", "", 1)]


@pytest.mark.parametrize(
    ("data", "path", "line"),
    [
        (b'{"a": {"b": 1,\n"b": 2}}', "a.b", 2),
        (b'{"a": [1,\n\nNaN]}', "a[1]", 3),
        (b'{"a": -Infinity}', "a", 1),
        (b'{"a": 1e999}', "a", 1),
        (b'{"a": ' + b"9" * 5000 + b"}", "a", 1),
        (b'{"a": ["b", "\\u0000"]}', "a[1]", 1),
        (b'{"a": "\\ud800"}', "a", 1),
        (b'{"\\udc00": 1}', '["\\udc00"]', 1),
        (b'{"a": {"b.c": NaN}}', 'a["b.c"]', 1),
    ],
)
def test_parse_goes_on_after_what_cannot_be_stored(data, path, line):
    problems = parse(data).problems

    assert [(p.severity, p.path, p.line) for p in problems] == [("error", path, line)]


def test_parse_reads_a_pair_of_surrogate_escapes_as_one_character():
    assert parse(b'{"a": "\\ud83d\\ude00"}').value == {"a": "😀"}


def test_parse_reads_very_large_whole_numbers_as_other_readers_do():
    value = parse(b'{"a": 9007199254740991, "b": 123456789012345678901}').value

    assert value["a"] == 2**53 - 1
    assert math.isclose(value["b"], 1.2345678901234568e20)


def test_parse_stops_listing_after_a_thousand_problems():
    with pytest.raises(Unreadable) as caught:
        parse(b'{"a": [' + b"NaN," * 5000 + b"1]}")

    assert len(caught.value.problems) == MOST_PROBLEMS + 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_tree_knows_the_line_of_a_path_or_of_what_is_around_it(end):
    tree = parse(end.join(["{", '"a": {', '"b": [1,', '2]}, "c": 3', "}"]).encode())

    paths = [(), ("a",), ("a", "b"), ("a", "b", 1), ("a", "b", 7), ("a", "x", "y"), ("c", 0)]
    assert [tree.line(path) for path in paths] == [1, 2, 3, 4, 3, 2, 4]


def test_path_text_counts_from_nought_and_quotes_odd_keys():
    assert path_text(("framework", "levels", 0, "statements", 3)) == (
        "framework.levels[0].statements[3]"
    )
    assert path_text(("levels", "a b", "")) == 'levels["a b"][""]'
    assert path_text(()) == ""
