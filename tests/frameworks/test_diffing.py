"""Comparing two versions: every statement once, and what was done is found again."""

import os
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks.changes import Change, ChangeKind, Pair, Place
from frameworks.diffing import compare, kind_of
from tests.frameworks.edited import LEVELS, RAW, document, retitled, version

# DIFF_VERSIONS=1000 is the full setting.
VERSIONS = int(os.environ.get("DIFF_VERSIONS", "150"))
MOST_WRONG_PERCENT = 2

SEED = document()
texts = st.lists(
    st.sampled_from(
        [text for level in RAW["framework"]["levels"].values() for text in level["statements"][:3]]
        + ["Calls — take them.", "calls — take them", "Calls — take them!", "Mail", "mail, too"]
    ),
    max_size=6,
)
documents = (
    st.fixed_dictionaries(dict.fromkeys(LEVELS, texts))
    .filter(lambda levels: any(levels.values()))
    .map(document)
)


def statement(level: str, position: int) -> str:
    return RAW["framework"]["levels"][level]["statements"][position - 1]


def with_text(level: str, position: int, text: str) -> dict[str, list[str]]:
    texts = list(RAW["framework"]["levels"][level]["statements"])
    texts[position - 1] = text
    return {level: texts}


def changed(levels: dict[str, list[str]]) -> list[Change]:
    """What differs when these levels of the seed say something else."""
    found = compare(SEED, document(levels)).changes
    return [change for change in found if change.kind != ChangeKind.UNCHANGED]


@given(documents)
def test_a_document_compared_with_itself_is_unchanged(one):
    found = compare(one, one)

    assert {change.kind for change in found.changes} == {ChangeKind.UNCHANGED}
    assert (found.reordered, found.doubtful) == (0, [])


@given(documents, documents)
def test_every_statement_of_both_stands_in_it_once(one, other):
    found = compare(one, other).changes

    for document_, side in ((one, "old"), (other, "new")):
        places = [getattr(change, side) for change in found if getattr(change, side)]
        assert sorted(wording.place for wording in places) == sorted(
            Place(level.key, number)
            for level in document_.levels
            for number, _ in enumerate(level.statements, start=1)
        )


@given(documents, documents)
def test_it_is_the_same_both_ways_but_for_new_and_retired(one, other):
    there, back = compare(one, other), compare(other, one)

    assert {(c.old, c.new, c.confidence, c.doubtful) for c in there.changes} == {
        (c.new, c.old, c.confidence, c.doubtful) for c in back.changes
    }
    assert there.reordered == back.reordered


@settings(max_examples=50)
@given(st.integers(min_value=0))
def test_what_a_person_decides_stands(seed):
    other = version(seed).document
    found = compare(SEED, other)
    parted = [change for change in found.changes if change.old and change.new][:3]
    decided = [Pair(parted[0].old.place, parted[1].new.place), Pair(parted[2].old.place, None)]

    again = compare(SEED, other, decided).changes

    by_person = [change for change in again if change.decided]
    assert [Pair(c.old.place, c.new.place if c.new else None) for c in by_person] == decided
    assert not any(change.doubtful for change in by_person)


def test_any_mixture_of_the_six_edits_is_found_again():
    wrong: Counter[tuple[str, str]] = Counter()
    every: Counter[str] = Counter()
    doubtful = 0
    for seed in range(VERSIONS):
        made = version(seed)
        for change in compare(SEED, made.document).changes:
            doubtful += change.doubtful
            came_from = change.old.place if change.old else None
            if change.new is None:
                done, right = "retired", came_from in made.gone
            else:
                edited = made.done[change.new.place]
                done, right = (
                    edited.edit,
                    edited == edited._replace(came_from=came_from, edit=change.kind.value),
                )
            every[done] += 1
            wrong[done, str(change.kind.value)] += not right

    share = 100 * wrong.total() / every.total()
    print(f"\n{VERSIONS} versions, {every.total()} statements: {share:.2f} % wrong,")
    print(f"{doubtful} pairs doubtful; by edit {dict(every)}; wrong {dict(+wrong)}")
    assert share <= MOST_WRONG_PERCENT


OFFICE = statement("emerging", 1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (OFFICE.replace("accurately", "acurately"), "minor"),
        (OFFICE.replace("accurately", "accuratley"), "minor"),
        (OFFICE.upper(), "minor"),
        (OFFICE.replace(" — ", " \u2013 "), "minor"),
        (OFFICE.replace(" — ", " -- "), "minor"),
        (OFFICE.removesuffix(".") + " ;", "minor"),
        (f"  {OFFICE.replace(' ', '  ')} ", "unchanged"),
        (OFFICE.replace("complete", "do not complete"), "reworded"),
        (OFFICE.replace("accurately", "inaccurately"), "reworded"),
        (OFFICE.replace("forms", "form"), "reworded"),
        (OFFICE.replace("direct", "indirect"), "reworded"),
        (OFFICE.replace("accurately", "with 5 errors"), "reworded"),
    ],
)
def test_a_change_of_words_is_told_from_a_slip_of_the_pen(text, kind):
    (found,) = [
        change
        for change in compare(SEED, document(with_text("emerging", 1, text))).changes
        if change.new and change.new.place == ("emerging", 1)
    ]

    assert (found.kind, found.old and found.old.text) == (kind, OFFICE)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Trade tickets", "Trace tickets", "reworded"),
        ("Credit a fee", "Debit a fee", "reworded"),
        ("Settled trades", "Unsettled trades", "reworded"),
        ("Liquid assets", "Illiquid assets", "reworded"),
        ("Inbound calls", "Unbound calls", "reworded"),
        ("Settle on T+1", "Settle on T1", "reworded"),
        ("Within 1.5 hours", "Within 15 hours", "reworded"),
        ("At most 5 % off", "At most 5 off", "reworded"),
        ("3-6 of them a day", "36 of them a day", "reworded"),
        ("Within 1-2 days", "Within 12 days", "reworded"),
        ("10-15 clients", "1015 clients", "reworded"),
        ("A ratio of 1:10", "A ratio of 1 10", "reworded"),
        ("In 1/2 an hour", "In 1 2 an hour", "reworded"),
        ("10-12 orders", "10\u201312 orders", "minor"),
        ("Fees of $5", "Fees of €5", "reworded"),
        ("FINRA rules", "FINTA rules", "reworded"),
        ("With oversight", "Without oversight", "reworded"),
        ("Organise files", "Organize files", "minor"),
        ("Send an e-mail", "Send an email", "minor"),
        ("Day-to-day work", "Day to day work", "minor"),
        ("The firm's rules", "The firms rules", "minor"),
        ("Buy and sell", "Buy & sell", "minor"),
        ("Seperate accounts", "Separate accounts", "minor"),
        ("Résumé review", "Resume\u0301 review", "reworded"),
        ("Re\u0301sume\u0301 review", "Résumé review", "unchanged"),
    ],
)
def test_kind_of_is_minor_only_beyond_doubt(old, new, kind):
    levels = {"emerging": [old], "developing": [], "proficient": [], "advanced": []}
    one = compare(document(levels), document(levels)).changes[0].old

    assert kind_of(one, one._replace(text=new)) == kind


def test_two_neighbours_swapped_are_one_out_of_order():
    texts = list(RAW["framework"]["levels"]["emerging"]["statements"])
    texts[3], texts[4] = texts[4], texts[3]

    found = compare(SEED, document({"emerging": texts}))

    assert (found.reordered, found.counts["unchanged"]) == (1, 40)


def test_an_insertion_above_puts_nothing_out_of_order():
    texts = [
        "Suspicious activity — report it.",
        *RAW["framework"]["levels"]["emerging"]["statements"],
    ]

    found = compare(SEED, document({"emerging": texts}))

    assert (found.reordered, found.counts["new"]) == (0, 1)


def test_the_same_topic_with_hardly_a_word_in_common_is_doubtful():
    text = "Basic transaction forms — archive after seven years."

    (change,) = changed(with_text("emerging", 1, text))

    assert (change.kind, change.doubtful) == ("reworded", True)


@pytest.mark.parametrize(
    ("old", "new", "doubtful"),
    [
        ("Buy orders", "Sell orders", True),
        ("Call options", "Put options", True),
        ("Incoming wires", "Outgoing wires", True),
        ("Margin call notices", "Margin call letters", False),
    ],
)
def test_the_same_behaviour_under_another_topic_is_doubtful(old, new, doubtful):
    says = "enter, check and confirm accurately on the day they arrive."

    found = compare(
        document(with_text("emerging", 1, f"{old} — {says}")),
        document(with_text("emerging", 1, f"{new} — {says}")),
    ).changes

    assert [(c.kind, c.doubtful) for c in found if c.kind != "unchanged"] == [
        ("reworded", doubtful)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_of_statements_that_got_another_topic_none_is_paired_without_a_doubt(seed):
    made = retitled(seed)

    for change in compare(SEED, made.document).changes:
        done = made.done.get(change.new.place) if change.new else None
        if done and done.edit == "retitled" and change.old:
            assert change.doubtful


def test_a_new_statement_in_place_of_a_retired_one_is_not_taken_for_it():
    text = "Margin call notices — prepare and send accurately under direct supervision."

    found = changed(with_text("emerging", 1, text))

    assert [(c.kind, c.doubtful) for c in found] == [("new", False), ("retired", False)]


def test_equal_texts_are_paired_one_to_one_the_nearest_first():
    levels = {"emerging": ["Same.", "Same.", "Other words — here."], "developing": ["Same."]}
    old = document({key: [] for key in LEVELS} | levels)
    new = document({key: [] for key in LEVELS} | levels | {"emerging": ["Same."]})

    found = [(c.kind, c.old.place if c.old else None) for c in compare(old, new).changes]

    assert found == [
        ("unchanged", ("emerging", 1)),
        ("unchanged", ("developing", 1)),
        ("retired", ("emerging", 2)),
        ("retired", ("emerging", 3)),
    ]


def test_a_decision_on_places_that_are_not_there_is_passed_over():
    strange = [Pair(Place("expert", 1), Place("emerging", 1)), Pair(Place("emerging", 99), None)]
    twice = [Pair(Place("emerging", 1), None), Pair(Place("emerging", 1), Place("emerging", 1))]

    assert not any(change.decided for change in compare(SEED, SEED, strange).changes)
    assert compare(SEED, SEED, twice).counts["retired"] == 1
