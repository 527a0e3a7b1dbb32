"""What was shown to a signer stands in one text; whatever is otherwise later is named."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.seen import WORDS, changed_since, seen_of

values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
contents = st.dictionaries(st.sampled_from(sorted(WORDS)), values, min_size=1)


@given(contents)
def test_the_same_content_has_not_changed(content):
    assert changed_since(content, seen_of(content)) == ""
    assert changed_since(dict(reversed(content.items())), seen_of(content)) == ""


@given(contents, st.data())
def test_each_part_that_differs_is_named_and_no_other(content, data):
    part = data.draw(st.sampled_from(sorted(content)))
    other = data.draw(values.filter(lambda value: repr(value) != repr(content[part])))

    assert changed_since(content | {part: other}, seen_of(content)) == WORDS[part]


@given(contents, st.data())
def test_a_part_that_is_gone_or_new_is_named(content, data):
    part = data.draw(st.sampled_from(sorted(content)))
    less = {name: value for name, value in content.items() if name != part}

    assert changed_since(less, seen_of(content)) == WORDS[part]
    assert changed_since(content, seen_of(less)) == WORDS[part]


@given(contents, st.text(max_size=60))
def test_what_nobody_was_shown_is_never_what_stands(content, seen):
    assert changed_since(content, seen) != ""
