import pytest

from assessments import actions
from assessments.models import PlacementRule
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/rules/add/"


def test_rule_add_adds_a_rule_with_what_must_be_shown(client):
    administrator = builders.administrator()
    client.force_login(administrator)
    statements = list(builders.published_version().statements.filter(position=1))
    ticked = {f"level_{s.level_id}": [s.competency_id] for s in statements[:2]}

    response = client.post(URL, {"threshold": 70, "reason": "Safety first.", **ticked})

    rule = PlacementRule.objects.get(number=2)
    assert response.url == f"/rules/{rule.pk}/"
    assert (rule.threshold, rule.reason, rule.added_by) == (70, "Safety first.", administrator)
    wanted = {s.competency_id for s in statements[:2]}
    assert set(rule.must_have.values_list("pk", flat=True)) == wanted


def test_rule_add_offers_every_statement_of_the_published_version(client):
    client.force_login(builders.administrator())
    version = builders.published_version()

    response = client.get(URL)

    html = response.content.decode()
    assert html.count('type="checkbox"') == version.statements.count()
    assert "Must be shown for Developing and every level above" in html
    assert version.attribution in html


def test_rule_add_says_what_is_missing_and_keeps_the_rest(client):
    client.force_login(builders.administrator())
    builders.published_version()

    html = client.post(URL, {"threshold": "", "reason": "Safety first."}).content.decode()

    assert "Give the threshold, for example 80." in html
    assert "Safety first." in html
    assert not PlacementRule.objects.exists()


@pytest.mark.parametrize("threshold", [0, 101, "x"])
def test_rule_add_takes_a_percentage(client, threshold):
    client.force_login(builders.administrator())

    response = client.post(URL, {"threshold": threshold, "reason": "Why."})

    assert response.status_code == 200
    assert not PlacementRule.objects.exists()


def test_rule_add_names_the_rule_that_says_the_same(client):
    client.force_login(builders.administrator())
    actions.default_rule()

    html = client.post(URL, {"threshold": 80, "reason": "Why."}).content.decode()

    assert "Rule 1 says the same already" in html


def test_rule_add_refuses_a_statement_that_is_not_offered(client):
    client.force_login(builders.administrator())
    level = builders.published_version().levels.first()

    client.post(URL, {"threshold": 70, "reason": "Why.", f"level_{level.pk}": ["999999"]})

    assert not PlacementRule.objects.exists()


def test_rule_add_without_a_published_framework(client):
    client.force_login(builders.administrator())

    assert "There is no published framework." in client.get(URL).content.decode()


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_rule_add_is_for_administrators(client, person):
    client.force_login(person())

    assert (client.get(URL).status_code, client.post(URL).status_code) == (403, 403)
