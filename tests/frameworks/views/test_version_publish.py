import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def post(client, version, verb: str, **data: str) -> str:
    client.force_login(builders.administrator())
    page = client.post(f"/frameworks/versions/{version.pk}/{verb}/", data, follow=True)
    version.refresh_from_db()
    return page.content.decode()


def test_version_publish_publishes(client):
    version = builders.draft_version()

    page = post(client, version, "publish")

    assert version.state == "published"
    assert "New cycles can use it from now on." in page


def test_version_publish_refuses_a_version_without_a_name(client):
    data = builders.SEED.read_bytes().replace(b'"v.26.05"', b"null")
    version = builders.draft_version(data)

    page = post(client, version, "publish")

    assert version.state == "draft"
    assert "The version has no name yet." in page


def test_version_label_names_a_draft(client):
    data = builders.SEED.read_bytes().replace(b'"v.26.05"', b"null")
    version = builders.draft_version(data)

    post(client, version, "label", label="v.26.06")

    assert version.label == "v.26.06"


def test_version_retire_is_refused_while_a_cycle_is_open(client):
    cycle = builders.cycle()

    page = post(client, cycle.version, "retire")

    assert cycle.version.state == "published"
    assert f"is in use by {cycle.name}" in page


def test_version_retire_keeps_the_wording(client):
    version = builders.published_version()

    post(client, version, "retire")

    assert version.state == "retired"
    assert version.statements.count() == 40


def test_version_discard_deletes_a_draft_only(client):
    client.force_login(builders.administrator())
    draft = builders.draft_version()
    url = f"/frameworks/versions/{draft.pk}/discard/"

    client.post(url)

    assert client.get(f"/frameworks/versions/{draft.pk}/").status_code == 404
    version = builders.published_version()
    assert "Only a draft can be discarded." in post(client, version, "discard")


def test_framework_list_asks_the_same_queries_for_one_and_three(
    client, django_assert_max_num_queries
):
    client.force_login(builders.administrator())
    builders.published_version()
    with django_assert_max_num_queries(8) as one:
        client.get("/frameworks/")
    for word in (b"Simple forms", b"Plain forms"):
        data = builders.SEED.read_bytes().replace(b"Basic transaction forms", word)
        builders.draft_version(data)

    with django_assert_max_num_queries(len(one)):
        client.get("/frameworks/")
