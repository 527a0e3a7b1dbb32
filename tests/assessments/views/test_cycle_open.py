import datetime

import pytest

from assessments import actions
from assessments.models import Cycle
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/cycles/open/"


def fields(version, *teams, **given):
    return {
        "name": "Autumn 2026",
        "version": version.pk,
        "teams": [team.pk for team in teams],
        "opens_on": "2026-11-16",
        "due_on": "2026-11-30",
        "valid_months": 12,
        "reply_days": 10,
        **given,
    }


def test_cycle_open_opens_a_cycle_for_teams(client):
    administrator = builders.administrator()
    client.force_login(administrator)
    team = builders.team()

    response = client.post(URL, fields(builders.published_version(), team))

    cycle = Cycle.objects.get()
    assert response.url == cycle.get_absolute_url()
    assert (cycle.due_on, cycle.opened_by) == (datetime.date(2026, 11, 30), administrator)
    assert list(cycle.teams.all()) == [team]


def test_cycle_open_offers_today_and_two_weeks(client):
    client.force_login(builders.administrator())
    builders.published_version()

    form = client.get(URL).context["form"]

    assert form.initial["due_on"] - form.initial["opens_on"] == datetime.timedelta(days=14)


def test_cycle_open_says_what_is_missing_and_keeps_the_rest(client):
    client.force_login(builders.administrator())

    response = client.post(URL, fields(builders.published_version(), name=""))

    html = response.content.decode()
    assert "Give the cycle a name, for example Autumn 2026." in html
    assert "Choose at least one team." in html
    assert "2026-11-30" in html
    assert not Cycle.objects.exists()


def test_cycle_open_says_why_it_is_refused(client):
    client.force_login(builders.administrator())
    version, team = builders.published_version(), builders.team()

    response = client.post(URL, fields(version, team, due_on="2026-11-01"))

    assert "The due date lies before the day it opens." in response.content.decode()
    assert not Cycle.objects.exists()


def test_cycle_open_takes_rule_and_settings(client):
    administrator = builders.administrator()
    client.force_login(administrator)
    rule = actions.add_rule(threshold=70, must_have=[], reason="Why.", by=administrator)
    given = {"rule": rule.pk, "reply_days": 5, "needs_standing": "on", "anyway": "on"}

    client.post(URL, fields(builders.published_version(), builders.team(), **given))

    cycle = Cycle.objects.get()
    assert (cycle.rule, cycle.reply_days) == (rule, 5)
    assert (cycle.needs_standing, cycle.needs_second_signer) == (True, False)


def test_cycle_open_offers_the_rule_of_the_cycle_opened_last(client):
    administrator = builders.administrator()
    client.force_login(administrator)
    assert "rule" not in client.get(URL).context["form"].fields
    rule = actions.add_rule(threshold=70, must_have=[], reason="Why.", by=administrator)
    assert client.get(URL).context["form"].initial["rule"].number == 1
    builders.cycle(rule=rule)

    form = client.get(URL).context["form"]

    assert form.initial["rule"] == rule
    assert [label for _, label in form.fields["rule"].choices] == ["Rule 1: 80%", "Rule 2: 70%"]


@pytest.mark.parametrize("days", [0, 61, ""])
def test_cycle_open_bears_no_other_days_to_reply(client, days):
    client.force_login(builders.administrator())

    client.post(URL, fields(builders.published_version(), builders.team(), reply_days=days))

    assert not Cycle.objects.exists()


def test_cycle_open_warns_of_people_without_supervisor(client):
    client.force_login(builders.administrator())
    builders.published_version()
    clerk = builders.user("Nora Byrne", team=builders.team())
    clerk.team.supervisor.is_active = False
    clerk.team.supervisor.save()

    html = client.get(URL).content.decode()

    assert "1 person has no supervisor" in html
    assert "<bdi>Nora Byrne</bdi>" in html


def test_cycle_open_needs_a_published_version(client):
    client.force_login(builders.administrator())

    assert "There is no published framework yet" in client.get(URL).content.decode()


@pytest.mark.parametrize("person", [builders.clerk, builders.auditor])
def test_cycle_open_is_for_administrators(client, person):
    client.force_login(person())

    assert (client.get(URL).status_code, client.post(URL).status_code) == (403, 403)
