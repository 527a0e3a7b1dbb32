import pytest

from frameworks.actions import pair_statements, publish_version, separate_statements
from frameworks.comparison_queries import base_of, compared
from tests import builders

pytestmark = pytest.mark.django_db

TELEPHONE = (
    "handle promptly and professionally, escalating complex issues when appropriate.",
    "log, sort and archive every one of them.",
)
SPELLING = ("Basic transaction forms", "Basic transactoin forms")
FORMS = ("Basic transaction forms", "Simple transaction forms")


def post(client, version, verb: str, **data: str) -> str:
    client.force_login(builders.administrator())
    if verb == "publish":
        data.setdefault("seen", seen(client, version))
    page = client.post(f"/frameworks/versions/{version.pk}/{verb}/", data, follow=True)
    version.refresh_from_db()
    return page.content.decode()


def seen(client, version) -> str:
    form = client.get(f"/frameworks/versions/{version.pk}/publish/").context["form"]
    return form["seen"].value()


def test_version_publish_publishes(client):
    version = builders.draft_version()

    page = post(client, version, "publish")

    assert version.state == "published"
    assert "New cycles can use it from now on." in page


def test_version_publish_of_a_pairing_that_was_not_shown_is_refused_once(client):
    builders.published_version()
    client.force_login(builders.administrator("Olga"))
    draft = builders.draft_version(builders.altered(TELEPHONE, label="v.26.11"))
    [pair] = compared(base_of(draft), draft).undecided
    tomas = builders.administrator("Tomas")
    url = f"/frameworks/versions/{draft.pk}/publish/"
    pair_statements(version=draft, old=pair.old, new=pair.new, by=tomas)
    shown = seen(client, draft)
    separate_statements(version=draft, old=pair.old, new=pair.new, by=tomas)

    answer = client.post(url, {"seen": shown})

    assert answer.status_code == 409
    assert f"{tomas} was the last to decide on a pair." in answer.content.decode()
    again = client.post(url, {"seen": answer.context["form"]["seen"].value()})
    draft.refresh_from_db()
    assert (again.status_code, draft.state) == (302, "published")


@pytest.mark.parametrize("first", [True, False])
def test_version_publish_is_refused_when_another_was_published_meanwhile(client, first):
    if not first:
        builders.published_version()
    draft = builders.draft_version(builders.altered(SPELLING, label="v.26.11"))
    client.force_login(builders.administrator())
    shown = seen(client, draft)
    other = builders.draft_version(builders.altered(FORMS, label="v.26.12"))
    publish_version(version=other, by=None)
    url = f"/frameworks/versions/{draft.pk}/publish/"

    answer = client.post(url, {"seen": shown})

    assert answer.status_code == 409
    assert "Another version was published meanwhile." in answer.content.decode()
    assert client.post(url, {}).status_code == 409
    answer = client.post(url, {"seen": answer.context["form"]["seen"].value()})
    draft.refresh_from_db()
    assert draft.state == "published"


def test_version_publish_twice_leads_to_what_was_published(client):
    draft = builders.draft_version()
    client.force_login(builders.administrator())
    data = {"seen": seen(client, draft)}
    url = f"/frameworks/versions/{draft.pk}/publish/"

    answers = [client.post(url, data).url for _ in range(2)]

    assert answers == [f"/frameworks/versions/{draft.pk}/"] * 2


def test_version_publish_says_what_to_choose_for_a_cycle(client):
    cycle = builders.cycle()
    draft = builders.draft_version(builders.altered(SPELLING, label="v.26.11"))
    client.force_login(builders.administrator())
    data = {"seen": seen(client, draft), f"cycle-{cycle.pk}": "perhaps"}

    answer = client.post(f"/frameworks/versions/{draft.pk}/publish/", data)

    assert answer.status_code == 400
    assert f"Choose what becomes of {cycle}." in answer.content.decode()


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


def test_version_detail_says_what_is_lost_with_a_draft(client):
    client.force_login(builders.administrator())
    builders.published_version()
    draft = builders.draft_version(builders.altered(TELEPHONE, label="v.26.11"))
    [pair] = compared(base_of(draft), draft).undecided
    pair_statements(version=draft, old=pair.old, new=pair.new, by=builders.administrator("Olga"))

    page = client.get(f"/frameworks/versions/{draft.pk}/").content.decode()

    assert "What was decided on 1 statement goes with it." in page


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
