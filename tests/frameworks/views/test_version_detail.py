import pytest

from assessments.actions import publish_version
from tests import builders

pytestmark = pytest.mark.django_db


def page_of(client, version, person=None) -> str:
    client.force_login(person or builders.administrator())
    return client.get(f"/frameworks/versions/{version.pk}/").content.decode()


def test_version_detail_shows_what_was_read(client):
    page = page_of(client, builders.draft_version())

    assert "40 statements in 4 levels" in page
    assert page.count("10 statements<") == 4
    assert "3, medium preparation needed" in page
    assert "v30.2 (CC BY 4.0)" in page
    assert "1435a5a9 eb3fed38 9455435c" in page
    assert "The description is empty." in page


def test_version_detail_says_what_publishing_does_to_the_one_before(client):
    builders.published_version()
    data = builders.SEED.read_bytes().replace(b"Basic transaction forms", b"Simple forms")

    page = page_of(client, builders.draft_version(data))

    assert "Brokerage Clerks v.26.05 is retired for new cycles." in page
    assert "with other content" in page


def test_version_detail_of_a_draft_says_in_one_line_what_changed(client):
    builders.published_version()
    edit = ("verify using database software", "verify using paper ledgers")

    page = page_of(client, builders.draft_version(builders.altered(edit)))

    assert "<bdi>v.26.05</bdi>: 1 reworded, 39 unchanged." in page
    assert "See what changed" in page


def test_version_detail_leads_to_a_comparison_with_the_later_one_first(client):
    old = builders.published_version()
    edit = ("verify using database software", "verify using paper ledgers")
    new = publish_version(version=builders.draft_version(builders.altered(edit)), by=None)
    old.refresh_from_db()

    for version in (old, new):
        page = page_of(client, version, builders.clerk())
        assert f"/frameworks/versions/{new.pk}/compare/" in page
        assert "Compare with another version" in page


def test_version_detail_offers_a_clerk_nothing_to_press(client):
    page = page_of(client, builders.published_version(), builders.clerk())

    assert "Statements © EBSCOed" in page
    assert "Retire" not in page
    assert "Download as imported" not in page


def test_version_source_gives_the_bytes_back(client):
    version = builders.draft_version()
    client.force_login(builders.administrator())

    answer = client.get(f"/frameworks/versions/{version.pk}/source/")

    assert answer.content == builders.SEED.read_bytes()
    assert answer["Content-Disposition"].startswith("attachment")
