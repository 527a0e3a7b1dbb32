"""The first year of a firm: nobody holds a level yet, and the cycle asks who signs to hold it."""

import datetime
import json

import pytest
from django.test import Client

from accounts.models import User
from assessments import actions
from assessments.models import Appointment, Assessment, Cycle, Role, SignOff
from records.models import Record, RecordKind
from tests import builders

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def reconciled(cycle: Cycle, clerk: User) -> Assessment:
    """Both have rated and settled; Developing is suggested."""
    assessment = actions.start_assessment(cycle=cycle, clerk=clerk)
    builders.rate(assessment, Role.SELF)
    assessment = actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    builders.rate(assessment, Role.SUPERVISOR, points={3: 1, 4: 1})
    by = builders.supervisor(assessment)
    assessment = actions.complete_review(assessment=assessment, by=by)
    builders.settle(assessment)
    return actions.reconcile_assessment(assessment=assessment, by=by)


def test_in_the_first_year_an_administrator_appoints_who_signs():
    # Helen Okafor supervises Priya Raman. Neither was ever placed.
    helen = builders.user("Helen Okafor")
    priya = builders.user("Priya Raman", team=builders.team(helen))
    administrator = signed_in(builders.administrator("Tomas Varga"))

    # Tomas opens a cycle that asks who signs to hold the level. He is told that nobody does yet.
    asked = {
        "name": "Autumn 2026",
        "version": builders.published_version().pk,
        "teams": [priya.team_id],
        "opens_on": datetime.date.today(),
        "due_on": datetime.date.today() + datetime.timedelta(days=14),
        "valid_months": 12,
        "reply_days": 10,
        "needs_standing": "on",
    }
    warned = administrator.post("/cycles/open/", asked).content.decode()
    assert "Nothing is opened yet." in warned
    administrator.post("/cycles/open/", {**asked, "anyway": "on"})
    assessment = reconciled(Cycle.objects.get(), priya)
    developing = assessment.version.levels.get(key="developing")
    supervisor = signed_in(helen)

    # She would sign Developing, as suggested, and is told why she cannot.
    url = f"/assessments/{assessment.pk}/sign-off/"
    fields = {
        "level": developing.pk,
        "revision": assessment.revision,
        "justification": "Her own view is higher; her files show Developing.",
    }
    fields |= builders.signature(supervisor.get(url))
    refused = supervisor.post(url, fields).content.decode()
    assert (
        "Nothing was signed. You hold no level that is valid today; this cycle asks for Developing"
        " or higher. An administrator can appoint you." in refused
    )
    assert not SignOff.objects.exists()

    # Tomas sees on the cycle's page for whom nobody may sign.
    page = administrator.get(assessment.cycle.get_absolute_url()).content.decode()
    assert "<bdi>Helen Okafor</bdi> may sign “not yet placed” only; nobody for Emerging," in page

    # He appoints her for half a year, up to Proficient; Helen can read the sealed record.
    administrator.post(
        "/appointments/add/",
        {
            "person": helen.pk,
            "up_to_level": assessment.version.levels.get(key="proficient").pk,
            "ends_on": datetime.date.today() + datetime.timedelta(days=180),
            "reason": "Has run the desk for ten years; the first cycle.",
        },
    )
    appointment = Appointment.objects.get()
    assert Record.objects.get(kind=RecordKind.APPOINTMENT).subject == helen
    record = supervisor.get(f"/records/{appointment.record_id}/").content.decode()
    assert "Has run the desk for ten years; the first cycle." in record
    page = administrator.get(assessment.cycle.get_absolute_url()).content.decode()
    assert "<bdi>Helen Okafor</bdi> may sign up to Proficient; nobody for Advanced." in page

    # Advanced she still may not sign. Developing she signs now.
    assessment = Assessment.objects.get(pk=assessment.pk)
    advanced = assessment.version.levels.get(key="advanced")
    higher = {
        **fields,
        "level": advanced.pk,
        "category": "other_evidence",
    }
    fields |= builders.signature(supervisor.get(url))
    refused = supervisor.post(url, higher | {"seen": fields["seen"]}).content.decode()
    assert "You are appointed up to Proficient; this cycle asks for Advanced." in refused
    signed = supervisor.post(url, fields)
    sign_off = SignOff.objects.get()
    assert signed.url == f"/records/{sign_off.record_id}/"
    assert json.loads(sign_off.record.payload)["placement"]["label"] == "Developing"

    # The firm's second year: who was placed holds what they sign; the appointment ends.
    administrator.post(f"/appointments/{appointment.pk}/end/", {"reason": "Holds a placement."})
    assert not Appointment.objects.filter(ended_at=None).exists()
    assert SignOff.objects.get() == sign_off
