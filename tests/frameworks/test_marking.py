"""What was added and removed is marked, and nothing is lost by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworks.documents import fold
from frameworks.marking import Mark, marked

texts = st.text(alphabet="ab c—.,-'\u00e9\u0301\n", max_size=40)


@pytest.mark.parametrize("old", ["a " * 1000, "the of " * 300])
def test_long_texts_lose_nothing_either(old):
    new = old.replace("a a", "b a").replace("the of", "of x the", 5)

    marks = marked(old, new)

    assert "".join(mark.text for mark in marks if mark.kind != "added") == fold(old)
    assert "".join(mark.text for mark in marks if mark.kind != "removed") == fold(new)


@given(texts, texts)
def test_same_and_removed_is_the_old_text_and_same_and_added_the_new_one(old, new):
    marks = marked(old, new)

    assert "".join(mark.text for mark in marks if mark.kind != "added") == fold(old)
    assert "".join(mark.text for mark in marks if mark.kind != "removed") == fold(new)


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        ("Mail.", "Mail.", [("same", "Mail.")]),
        ("Sort mail.", "Sort mail", [("same", "Sort mail"), ("removed", ".")]),
        (
            "File under the guidance of an experienced clerk.",
            "File under the guidance of a designated reviewer.",
            [
                ("same", "File under the guidance of"),
                ("removed", " an experienced clerk"),
                ("added", " a designated reviewer"),
                ("same", "."),
            ],
        ),
        (
            "Apply rules in the office daily",
            "Apply policies in the branch daily",
            [
                ("same", "Apply"),
                ("removed", " rules in the office"),
                ("added", " policies in the branch"),
                ("same", " daily"),
            ],
        ),
    ],
)
def test_marked_reads_as_a_person_would_mark_it(old, new, marks):
    assert marked(old, new) == [Mark(*mark) for mark in marks]
