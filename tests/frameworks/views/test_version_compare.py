import re

import pytest

from assessments.actions import publish_version
from frameworks import actions
from frameworks.comparison_queries import base_of, compared
from tests import builders

pytestmark = pytest.mark.django_db

FORMS = ("Basic transaction forms", "Simple transaction forms")
ZEBRAS = ("Mail distribution and clerical tasks — perform", "Zebra grooming — brush")
REWORDED = ("verify using database software", "verify using paper ledgers")
TELEPHONE = (
    "Telephone and email inquiries from stockholders — handle promptly and professionally,"
    " escalating complex issues when appropriate.",
    "Telephone and email inquiries from stockholders — log, sort and archive every one of them.",
)


def drafted(*edits: tuple[str, str], label: str = "v.26.11"):
    builders.published_version()
    return builders.draft_version(builders.altered(*edits, label=label))


def page_of(client, version, query: str = "", person=None) -> str:
    client.force_login(person or builders.administrator())
    answer = client.get(f"/frameworks/versions/{version.pk}/compare/{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def headings(page: str) -> list[str]:
    return re.findall(r"<h2>([^<]+)</h2>", page)


def test_version_compare_marks_words_and_says_so(client):
    page = page_of(client, drafted(REWORDED))

    assert headings(page) == ["1 reworded"]
    assert '<del><span class="visually-hidden">removed: </span>database software</del>' in page
    assert '<ins><span class="visually-hidden">added: </span>paper ledgers</ins>' in page
    assert "39 unchanged" in page
    assert "Nothing left to decide" in page


def test_version_compare_puts_the_doubtful_first(client):
    page = page_of(client, drafted(REWORDED, TELEPHONE))

    assert headings(page) == ["1 pair to decide", "1 reworded"]
    assert "Are these the same competency?" in page
    assert "Needs you" in page
    assert "1 pair left to decide" in page


def test_version_compare_shows_new_and_retired(client):
    draft = drafted(("Mail distribution and clerical tasks — perform", "Zebra grooming — brush"))
    old = base_of(draft).statements.get(text__startswith="Mail")
    new = draft.statements.get(text__startswith="Zebra")
    actions.separate_statements(version=draft, old=old, new=new, by=builders.administrator())

    page = page_of(client, draft)

    assert "Zebra grooming" in page
    assert "Mail distribution" in page
    assert "Undo" in page


def test_version_compare_says_when_only_the_order_changed(client):
    text = builders.SEED.read_text(encoding="utf-8")
    first, second = re.findall(r'"((?:Basic transaction|Standard office)[^"]+)"', text)
    draft = drafted((first, "SWAP"), (second, first), ("SWAP", second))

    page = page_of(client, draft)

    assert "Every statement is unchanged." in page
    assert "1 of the unchanged in another order" in page


def test_version_compare_shows_a_moved_statement_between_its_places(client):
    text = builders.SEED.read_text(encoding="utf-8")
    [moved] = re.findall(r',"(Document management software[^"]+)"', text)
    [last] = re.findall(r'"(Company confidentiality[^"]+)"', text)
    page = page_of(client, drafted((f',"{moved}"', ""), (f'"{last}"', f'"{last}","{moved}"')))

    assert headings(page) == ["1 moved"]
    assert 'Developing 10 <span class="visually-hidden">to</span>' in page
    assert "Emerging 11" in page


def test_version_compare_of_the_first_version_says_that_there_is_no_other(client):
    page = page_of(client, builders.published_version(), person=builders.clerk())

    assert "Nothing to compare with yet" in page


def test_version_compare_shows_everybody_published_versions_and_nothing_to_press(client):
    old = builders.published_version()
    new = publish_version(version=drafted(REWORDED), by=None)

    page = page_of(client, new, f"?with={old.pk}", builders.clerk())

    assert headings(page) == ["1 reworded"]
    assert "Not the same?" not in page
    assert "Decided" not in page
    assert "Go on to publishing" not in page
    assert "In progress" not in page


def test_version_compare_pairs_published_versions_by_what_was_decided(client):
    draft = drafted(TELEPHONE)
    [pair] = compared(base_of(draft), draft).undecided
    by = builders.administrator()
    actions.separate_statements(version=draft, old=pair.old, new=pair.new, by=by)
    publish_version(version=draft, by=by)

    page = page_of(client, draft, person=builders.clerk())

    assert headings(page) == ["1 new", "1 retired"]


def test_version_compare_offers_no_choice_against_another_version_than_its_base(client):
    draft = drafted(TELEPHONE)
    other = drafted(REWORDED, label="v.27.01")

    page = page_of(client, draft, f"?with={other.pk}")

    assert "Pairs are decided against the version this one would replace" in page
    assert "Save" not in page


def test_version_compare_takes_the_draft_as_the_later_one(client):
    draft = drafted(REWORDED)
    base = base_of(draft)
    client.force_login(builders.administrator())

    answer = client.get(f"/frameworks/versions/{base.pk}/compare/?with={draft.pk}")

    assert answer.url == f"/frameworks/versions/{draft.pk}/compare/?with={base.pk}"


def test_version_compare_warns_of_a_name_before_the_published_one(client):
    page = page_of(client, drafted(REWORDED, label="v.26.04"))

    assert "v.26.04 lies before v.26.05, the published version." in page


@pytest.mark.parametrize("wanted", ["x", "0", "99999999999999999999", "-1"])
def test_version_compare_with_what_is_not_there_is_not_found(client, wanted):
    version = drafted(REWORDED)
    client.force_login(builders.administrator())

    answer = client.get(f"/frameworks/versions/{version.pk}/compare/?with={wanted}")

    assert answer.status_code == 404


def test_version_compare_keeps_drafts_from_everybody_else(client):
    draft = drafted(REWORDED)
    client.force_login(builders.clerk())

    draft_page = client.get(f"/frameworks/versions/{draft.pk}/compare/")
    beside = client.get(f"/frameworks/versions/{base_of(draft).pk}/compare/?with={draft.pk}")

    assert (draft_page.status_code, beside.status_code) == (404, 404)


def test_version_compare_lists_what_to_pair_with_for_one_row_where_there_is_too_much(
    client, monkeypatch
):
    monkeypatch.setattr("frameworks.views.compare_page.MOST_OFFERS", 0)
    draft = drafted(TELEPHONE)
    [pair] = compared(base_of(draft), draft).undecided

    closed = page_of(client, draft)
    opened = page_of(client, draft, f"?row=s{pair.new.pk}")

    assert ("<select" in closed, "<select" in opened) == (False, True)
    assert f'href="?row=s{pair.new.pk}#s{pair.new.pk}"' in closed


def test_version_changes_downloads_what_the_command_prints(client):
    draft = drafted(REWORDED)
    client.force_login(builders.administrator())

    answer = client.get(f"/frameworks/versions/{draft.pk}/changes/")

    assert "43-4011.00_v.26.11_compared_with_v.26.05.json" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.json()["counts"]["reworded"] == 1
    assert len(answer.json()["changes"]) == 40


def test_version_changes_of_the_first_version_is_not_found(client):
    version = builders.published_version()
    client.force_login(builders.clerk())

    assert client.get(f"/frameworks/versions/{version.pk}/changes/").status_code == 404


def test_version_compare_says_that_a_level_is_called_otherwise(client):
    builders.published_version()
    client.force_login(builders.administrator())
    draft = builders.draft_version(builders.altered(('"Emerging"', '"Beginning"')))

    page = client.get(f"/frameworks/versions/{draft.pk}/compare/").content.decode()

    assert "<bdi>Emerging</bdi> is called <bdi>Beginning</bdi> now" in page


def test_version_compare_says_that_an_earlier_version_asked_what_is_new(client):
    builders.published_version()
    client.force_login(builders.administrator())
    between = builders.draft_version(builders.altered(ZEBRAS))
    tomas = builders.administrator("Tomas")
    for pair in compared(base_of(between), between).undecided:
        actions.separate_statements(version=between, old=pair.old, new=pair.new, by=tomas)
    publish_version(version=between, by=None)
    draft = builders.draft_version(builders.altered(FORMS, label="v.27.05"))
    for pair in compared(between, draft).undecided:
        actions.separate_statements(version=draft, old=pair.old, new=None, by=tomas)

    page = client.get(f"/frameworks/versions/{draft.pk}/compare/").content.decode()

    assert page.count("asked before in v.26.05: answers given then come back") == 1
