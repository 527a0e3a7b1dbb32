import re

import pytest

from frameworks.actions import publish_version
from frameworks.comparison_queries import base_of, compared
from records.models import Record
from records.queries import payload_of
from tests import builders

pytestmark = pytest.mark.django_db

TELEPHONE = (
    "handle promptly and professionally, escalating complex issues when appropriate.",
    "log, sort and archive every one of them.",
)
VENDORS = (
    "manage and negotiate to optimize toolsets and reduce administrative overhead.",
    "choose, visit twice a year and write down what they deliver.",
)
MAIL = ("Mail distribution and clerical tasks — perform", "Zebra grooming — brush")


@pytest.fixture
def draft(client):
    """A draft with two doubtful pairs; an administrator is signed in."""
    builders.published_version()
    client.force_login(builders.administrator())
    return builders.draft_version(builders.altered(TELEPHONE, VENDORS))


def pairs(draft):
    return compared(base_of(draft), draft).undecided


def post(client, draft, path: str = "pair/", **data):
    given = {key: value.pk if hasattr(value, "pk") else value for key, value in data.items()}
    return client.post(f"/frameworks/versions/{draft.pk}/{path}", given)


def page_of(client, answer) -> str:
    return re.sub(r"\s+", " ", client.get(answer.url).content.decode())


def test_version_pair_keeps_the_answer_and_leads_to_the_next_open_pair(client, draft):
    first, second = pairs(draft)

    answer = post(client, draft, old=first.old, new=first.new, choice="same")

    assert answer.url == f"/frameworks/versions/{draft.pk}/compare/#s{second.new.pk}"
    [change] = draft.changes.all()
    assert (change.kind, change.old_statement, change.new_statement) == (
        "reworded",
        first.old,
        first.new,
    )
    page = page_of(client, answer)
    assert "1 of 2 pairs left to decide" in page
    assert "Decided" in page
    assert 'value="same" required checked' in page


def test_version_pair_separates_and_shows_the_pair_still(client, draft):
    first, _ = pairs(draft)

    answer = post(client, draft, old=first.old, new=first.new, choice="different")

    assert sorted(draft.changes.values_list("kind", flat=True)) == ["new", "retired"]
    page = page_of(client, answer)
    assert 'value="different" required checked' in page
    heads = re.findall(r"<h2>([^<]+)</h2>", page)
    assert heads == ["1 of 2 pairs left to decide", "1 new", "1 retired"]
    assert page.count("See among the pairs decided above.") == 2


def test_version_pair_says_when_every_pair_is_decided(client, draft):
    for pair in pairs(draft):
        answer = post(client, draft, old=pair.old, new=pair.new, choice="same")

    page = page_of(client, answer)
    assert "Every pair is decided." in page
    assert "2 pairs decided" in page
    assert "Go on to publishing" in page


def test_version_pair_pairs_with_another_statement_of_either_side(client, draft):
    first, second = pairs(draft)

    post(client, draft, old=first.old, new=first.new, choice="other", other=second.new)
    crossed = draft.changes.get()
    post(client, draft, old=first.old, new=first.new, choice="other", other=second.old)

    assert (crossed.old_statement, crossed.new_statement) == (first.old, second.new)
    assert draft.changes.get(new_statement=first.new).old_statement == second.old


def test_version_pair_pairs_what_was_new_with_what_was_retired(client):
    builders.published_version()
    client.force_login(builders.administrator())
    draft = builders.draft_version(builders.altered(MAIL))
    old = base_of(draft).statements.get(text__startswith="Mail")
    new = draft.statements.get(text__startswith="Zebra")
    post(client, draft, old=old, new=new, choice="different")

    answer = post(client, draft, new=new, choice="other", other=old)

    assert draft.changes.get().kind == "reworded"
    assert "Zebra" in page_of(client, answer)


def test_version_pair_mends_a_sure_pair_and_comes_back_to_it(client):
    builders.published_version()
    client.force_login(builders.administrator())
    draft = builders.draft_version(builders.altered(("an experienced clerk", "a senior clerk")))
    old = base_of(draft).statements.get(text__startswith="Customer account records")
    new = draft.statements.get(text__startswith="Customer account records")

    answer = post(client, draft, old=old, new=new, choice="different")

    assert answer.url.endswith(f"/compare/#s{new.pk}")
    page = page_of(client, answer)
    assert re.findall(r"<h2>([^<]+)</h2>", page) == ["1 new", "1 retired"]
    assert page.count(">Undo<") == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose one of the answers, then save."),
        ({"choice": "perhaps"}, "Choose one of the answers, then save."),
        ({"choice": "other"}, "Choose the statement to pair with, then save."),
        ({"choice": "same", "old": "", "new": ""}, "A pair is a statement of each version."),
        ({"choice": "same", "old": "x"}, "This pair is not in the comparison any more."),
        ({"choice": "different", "new": "0"}, "This pair is not in the comparison any more."),
    ],
)
def test_version_pair_says_what_is_missing(client, draft, data, words):
    first, _ = pairs(draft)

    answer = post(client, draft, **({"old": first.old, "new": first.new} | data))

    assert (answer.status_code, words in answer.content.decode()) == (400, True)
    assert draft.changes.count() == 0


def test_version_pair_takes_no_statement_of_a_third_version(client, draft):
    other = builders.draft_version(builders.altered(MAIL, label="v.27.01"))
    first, _ = pairs(draft)

    answer = post(client, draft, old=first.old, new=other.statements.first(), choice="same")

    assert "This pair is not in the comparison any more." in answer.content.decode()
    assert draft.changes.count() == 0


def test_version_pair_is_refused_once_it_is_published(client):
    version = builders.published_version()
    client.force_login(builders.administrator())

    answer = post(client, version, new=version.statements.first(), choice="different")

    assert "is not a draft" in page_of(client, answer)
    assert version.changes.count() == 0


def test_version_pair_undo_opens_the_question_again(client, draft):
    first, _ = pairs(draft)
    post(client, draft, old=first.old, new=first.new, choice="different")

    answer = post(client, draft, "pair/undo/", old=first.old, new=first.new)

    assert answer.url.endswith(f"/compare/#s{first.new.pk}")
    assert draft.changes.count() == 0
    assert "2 pairs to decide" in page_of(client, answer)


@pytest.mark.parametrize("data", [{}, {"old": "x"}, {"new": "0"}])
def test_version_pair_undo_of_nothing_says_so(client, draft, data):
    answer = post(client, draft, "pair/undo/", **data)

    assert 'class="errsum"' in answer.content.decode()


def test_version_pair_undo_twice_says_nothing(client, draft):
    first, _ = pairs(draft)
    post(client, draft, old=first.old, new=first.new, choice="same", since=0)
    since = draft.changes.get().pk

    for _ in range(2):
        answer = post(client, draft, "pair/undo/", old=first.old, new=first.new, since=since)
        assert answer.url.endswith(f"/compare/#s{first.new.pk}")


def test_version_pair_shows_what_is_missing_at_its_pair_and_keeps_the_choice(client, draft):
    first, _ = pairs(draft)

    page = post(client, draft, old=first.old, new=first.new, choice="other").content.decode()

    assert f'<a href="#s{first.new.pk}">Go to the pair</a>' in page
    assert page.count(f'id="e-s{first.new.pk}">Choose the statement to pair with') == 1
    assert 'value="other" required checked' in page


def test_version_pair_does_not_undo_what_another_decided_meanwhile(client, draft):
    """Two administrators have the page open; the second has not seen the first one's answer."""
    first, second = pairs(draft)
    tomas, olga = builders.administrator("Tomas"), builders.administrator("Olga")
    given = {"old": first.old, "new": first.new, "since": 0}
    client.force_login(tomas)
    post(client, draft, choice="different", **given)
    client.force_login(olga)

    same = post(client, draft, choice="same", **given)
    undone = post(client, draft, "pair/undo/", **given)
    elsewhere = post(client, draft, choice="other", other=second.new, **given)
    agreed = post(client, draft, choice="different", **given)

    for refused in (same, undone, elsewhere):
        assert refused.status_code == 409
        page = refused.content.decode()
        assert f"{tomas} decided on this meanwhile: two different statements." in page
        assert 'value="different" required checked' in page
    assert agreed.status_code == 302
    assert sorted(draft.changes.values_list("kind", flat=True)) == ["new", "retired"]
    assert {change.confirmed_by for change in draft.changes.all()} == {tomas}

    since = re.search(r'name="since" value="(\d+)"', same.content.decode())[1]
    post(client, draft, choice="same", **given | {"since": since})

    assert draft.changes.get().confirmed_by == olga


def test_version_pair_is_named_in_the_record_of_this_pair_and_of_no_other(client, draft):
    first, second = pairs(draft)
    post(client, draft, old=first.old, new=first.new, choice="different")
    post(client, draft, old=second.old, new=second.new, choice="same")
    before = base_of(draft)

    published = publish_version(version=draft, by=None)
    publish_version(version=before, by=None)
    publish_version(version=published, by=None)

    named = [
        [bool(change["confirmed_by"]) for change in payload_of(record)["pairing"]["changes"]]
        for record in Record.objects.filter(kind="framework_published").order_by("sequence")[1:]
    ]
    assert [sum(each) for each in named] == [3, 0, 3]
