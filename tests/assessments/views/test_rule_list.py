import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/rules/"


def test_rule_list_names_rules_and_who_uses_them(client):
    administrator = builders.administrator("Tomas Reyes")
    client.force_login(administrator)
    statement = builders.published_version().statements.first()
    rule = actions.add_rule(
        threshold=70, must_have=[statement.competency], reason="Why.", by=administrator
    )
    cycle = builders.cycle(rule=rule)

    response = client.get(URL)

    rows = [(str(r.rule), r.rule.must_haves, r.cycles) for r in response.context["rows"]]
    assert rows == [("Rule 1", 0, []), ("Rule 2", 1, [cycle])]
    html = response.content.decode()
    assert f"<bdi>{cycle}</bdi>" in html
    assert "<bdi>Tomas Reyes</bdi>" in html
    assert "no cycle yet" in html


def test_rule_list_of_a_new_database(client):
    client.force_login(builders.administrator())

    assert "No rule is in use yet" in client.get(URL).content.decode()


def test_rule_list_lets_auditors_read_and_not_add(client):
    actions.default_rule()
    client.force_login(builders.auditor())

    html = client.get(URL).content.decode()

    assert "Rule 1" in html
    assert "/rules/add/" not in html


def test_rule_list_is_not_for_others(client):
    client.force_login(builders.clerk())

    assert client.get(URL).status_code == 403


def test_rule_list_asks_as_much_for_one_as_for_three(client):
    administrator = builders.administrator()
    client.force_login(administrator)
    builders.cycle()
    one = _queries(client)
    for threshold in (60, 70):
        rule = actions.add_rule(threshold=threshold, must_have=[], reason="Why.", by=administrator)
        builders.cycle(rule=rule)

    assert _queries(client) == one


def _queries(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    return len(captured)
