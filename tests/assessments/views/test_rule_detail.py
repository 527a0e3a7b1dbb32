import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions
from assessments.models import PlacementRule
from tests import builders
from tests.assessments.test_rules import signed_with_one_low

pytestmark = pytest.mark.django_db


def rule(threshold=70, count=1) -> PlacementRule:
    statements = builders.published_version().statements.all()[:count]
    return actions.add_rule(
        threshold=threshold,
        must_have=[statement.competency for statement in statements],
        reason="Safety first.",
        by=builders.administrator("Tomas Reyes"),
    )


def page(client, found: PlacementRule) -> str:
    return " ".join(client.get(f"/rules/{found.pk}/").content.decode().split())


def test_rule_detail_says_the_rule_in_words(client):
    client.force_login(builders.administrator())
    found = rule()
    statement = builders.published_version().statements.first()

    html = page(client, found)

    assert "at least 70 of every 100 of its statements" in html
    assert "of ten statements that count, 7 must be shown" in html
    assert "7 of the other nine" in html
    assert statement.behaviour in html
    assert statement.version.attribution in html
    assert "<bdi>Safety first.</bdi>" in html


def test_rule_detail_words_statements_as_they_are_today_or_were_last(client):
    client.force_login(builders.administrator())
    found = rule(count=2)
    same, gone = builders.published_version().statements.all()[:2]
    data = builders.SEED.read_bytes().replace(b"v.26.05", b"v.27.01")
    data = data.replace(gone.text.encode(), b"Another one altogether.")
    actions.publish_version(version=builders.draft_version(data), by=None)

    response = client.get(f"/rules/{found.pk}/")

    shown = [
        (group.version.label, [s.text for _, statements in group.levels for s in statements])
        for group in response.context["must_haves"]
    ]
    assert sorted(shown) == [("v.26.05", [gone.text]), ("v.27.01", [same.text])]


def test_rule_detail_previews_what_it_would_have_suggested(client):
    signed = signed_with_one_low()
    client.force_login(builders.auditor())
    before = page(client, signed.rule)

    html = page(client, rule())

    assert "For nobody it would be another level." in before
    assert "Whose suggestion would be another" in html
    assert f"<bdi>{signed.clerk}</bdi>" in html
    assert 'Not yet placed<br><span class="sm">lower</span>' in html
    assert signed.record.get_absolute_url() in html
    assert "what was signed keeps its rule" in html


def test_rule_detail_before_anything_is_signed(client):
    client.force_login(builders.administrator())

    assert "Nobody's placement is signed yet." in page(client, rule())


def test_rule_detail_gives_administrators_no_records(client):
    builders.sign_off()
    client.force_login(builders.administrator())

    assert "/records/1" not in page(client, rule())


def test_rule_detail_is_for_administrators_and_auditors(client):
    found = rule()
    client.force_login(builders.clerk())
    assert client.get(f"/rules/{found.pk}/").status_code == 403

    client.force_login(builders.auditor())

    assert client.get(f"/rules/{found.pk}/").status_code == 200
    assert client.get("/rules/999/").status_code == 404


def test_rule_detail_asks_as_much_for_one_sign_off_as_for_three(client):
    found = rule()
    client.force_login(builders.auditor())
    builders.sign_off()
    one = _queries(client, found)
    builders.sign_off()
    builders.sign_off()

    assert _queries(client, found) == one


def _queries(client, found):
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/rules/{found.pk}/")
    return len(captured)
