import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import actions
from assessments.models import Cycle
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/sign-offs/"


def shown(client, person, **query):
    client.force_login(person)
    return list(client.get(URL, query).context["page"].object_list)


def test_sign_off_list_shows_auditors_and_administrators_all_newest_first(client):
    old, new = builders.sign_off(), builders.sign_off()

    assert shown(client, builders.auditor()) == [new, old]
    assert shown(client, builders.administrator()) == [new, old]


def test_sign_off_list_shows_a_supervisor_their_people(client):
    own, _ = builders.sign_off(), builders.sign_off()

    assert shown(client, own.signed_by) == [own]


def test_sign_off_list_shows_a_clerk_their_own(client):
    own, _ = builders.sign_off(), builders.sign_off()

    assert shown(client, own.clerk) == [own]
    assert shown(client, builders.clerk()) == []


def test_sign_off_list_finds_by_name(client):
    priya = builders.sign_off(builders.user("Priya Raman", team=builders.team()))
    builders.sign_off(builders.user("Ben Castillo", team=builders.team()))

    assert shown(client, builders.auditor(), name="raman pri") == [priya]
    assert shown(client, builders.auditor(), name="Okafor") == []


def test_sign_off_list_narrows_to_a_signer_and_a_cycle(client):
    one, other = builders.sign_off(), builders.sign_off()

    assert shown(client, builders.auditor(), signer=one.signed_by.pk) == [one]
    assert shown(client, builders.auditor(), cycle=other.assessment.cycle.pk) == [other]
    assert shown(client, builders.auditor(), signer="x", cycle="999") == [other, one]


def test_sign_off_list_names_no_signer_to_others(client):
    sign_off, stranger = builders.sign_off(), builders.user("Ada Secret")
    client.force_login(sign_off.clerk)

    html = client.get(URL, {"signer": stranger.pk}).content.decode()

    assert "Ada Secret" not in html


@pytest.mark.parametrize("kind", ["administrator", "supervisor"])
def test_sign_off_list_tells_auditors_alone_why_it_was_another_level(client, kind):
    sign_off = builders.sign_off(rank=2)
    why = "Work seen that the statements do not cover"
    client.force_login(builders.auditor())
    assert why in client.get(URL).content.decode()

    client.force_login(sign_off.signed_by if kind == "supervisor" else builders.administrator())

    assert why not in client.get(URL).content.decode()


def test_sign_off_list_links_to_the_record(client):
    sign_off = builders.sign_off()
    client.force_login(builders.auditor())

    assert sign_off.record.get_absolute_url() in client.get(URL).content.decode()


def text(client, person) -> str:
    client.force_login(person)
    return " ".join(client.get(URL).content.decode().split())


def test_sign_off_list_names_the_second_signer(client):
    waiting = builders.waiting_sign_off()
    second = builders.above(waiting.assessment)
    actions.sign_second(sign_off=waiting, by=second, revision=waiting.assessment.revision)

    html = text(client, builders.auditor())

    assert f"second: <bdi>{second}</bdi>" in html


def test_sign_off_list_marks_what_is_disputed(client):
    dispute, _ = builders.dispute(), builders.sign_off()

    assert text(client, dispute.sign_off.signed_by).count("Disputed") == 1
    assert text(client, builders.auditor()).count("Disputed") == 1


def test_sign_off_list_marks_what_another_took_the_place_of(client):
    later = builders.superseding_sign_off()

    html = text(client, builders.auditor())

    assert html.count("Superseded by") == 1
    assert html.count(f'<a href="{later.record.get_absolute_url()}">') == 2
    assert "Disputed" not in html


def test_sign_off_list_does_not_mark_what_is_superseded_by_one_signature(client):
    dispute = builders.rated_dispute(point=4, count=1)
    Cycle.objects.update(needs_second_signer=True)
    assessment = dispute.sign_off.assessment
    signer = builders.above(assessment)
    actions.supersede_sign_off(
        dispute=dispute,
        level=assessment.version.levels.last(),
        by=signer,
        justification="The tickets bear it out.",
    )

    html = text(client, builders.auditor())

    assert ("Superseded" in html, html.count("Disputed")) == (False, 1)


def test_sign_off_list_bears_any_page_and_name(client):
    assert shown(client, builders.auditor(), name="\x00", page="zero") == []


def test_sign_off_list_asks_as_much_for_one_as_for_three(client):
    client.force_login(builders.auditor())
    builders.sign_off()
    one = _queries(client)
    builders.sign_off()
    builders.sign_off()

    assert _queries(client) == one


def _queries(client):
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    return len(captured)


def test_sign_off_list_shows_what_was_in_force_on_a_day(client):
    with time_machine.travel("2026-03-02T12:00:00Z"):
        first = builders.sign_off()
        other = builders.sign_off()
    with time_machine.travel("2026-03-20T12:00:00Z"):
        rated = builders.rated_dispute(first)
        anew = actions.supersede_sign_off(
            dispute=rated,
            level=first.assessment.version.levels.first(),
            by=rated.rated_by,
            category="other_evidence",
            justification="Seen in the quarterly file checks.",
        )
    auditor = builders.auditor()

    assert shown(client, auditor, on="2026-03-01") == []
    assert shown(client, auditor, on="2026-03-02") == [other, first]
    assert shown(client, auditor, on="2026-03-19") == [other, first]
    assert shown(client, auditor, on="2026-03-20") == [anew, other]
    assert shown(client, auditor, on="2026-03-20", name=other.clerk.last_name) == [other]
    assert shown(client, auditor, on="9999-12-31") == [anew, other]
    assert shown(client, auditor, on="not a day") == [anew, other, first]


def test_sign_off_list_says_when_nothing_was_in_force_and_what_was_valid_no_longer(client):
    with time_machine.travel("2026-03-02T12:00:00Z"):
        signed = builders.sign_off()
    client.force_login(builders.auditor())

    def page(day: str) -> str:
        return client.get(URL, {"on": day}).content.decode()

    until = signed.valid_until
    assert "Nothing was in force on 1 March 2026" in page("2026-03-01")
    assert "v.26.05" in page("2026-03-02")
    assert f"valid until {until:%-d %B %Y} only" not in page(until.isoformat())
    assert f"valid until {until:%-d %B %Y} only" in page("2031-01-01")
