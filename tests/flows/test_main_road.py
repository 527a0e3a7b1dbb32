"""The whole road through the client: import, publish, open, rate, review, sign off, read."""

import datetime
import json

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from accounts.permissions import ADMINISTRATORS
from assessments.models import Assessment, SignOff
from assessments.workflow import State
from frameworks.models import FrameworkVersion
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db

PASSWORD = builders.PASSWORD


def signed_in(username: str) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def answers_of_level(page, point: str) -> dict[str, str]:
    """What a browser without scripts sends for a level: every row answered with this point."""
    rows = page.context["rows"]
    fields = {f"point-{row.id}": point for row in rows}
    fields |= {f"note-{row.id}": row.note for row in rows}
    return fields | {f"revision-{row.id}": str(row.revision) for row in rows}


def test_from_a_file_to_a_sealed_placement():
    # The firm has one administrator; everything else is made on pages.
    tomas = User.objects.create_user("tomas", password=PASSWORD, first_name="Tomas")
    tomas.groups.add(Group.objects.get_or_create(name=ADMINISTRATORS)[0])
    administrator = signed_in("tomas")

    # The framework: uploaded, looked at, published.
    with builders.SEED.open("rb") as file:
        uploaded = administrator.post("/frameworks/upload/", {"file": file, "label": ""})
    version = FrameworkVersion.objects.get()
    assert uploaded.url == f"/frameworks/versions/{version.pk}/"
    draft = administrator.get(uploaded.url).content.decode()
    assert "Basic transaction forms" in draft
    assert "© EBSCOed" in draft
    form = administrator.get(f"/frameworks/versions/{version.pk}/publish/").context["form"]
    administrator.post(
        f"/frameworks/versions/{version.pk}/publish/", {"seen": form["seen"].value()}
    )
    version.refresh_from_db()
    assert version.state == "published"

    # Two people and their team, by the actions the people pages use.
    helen = builders.user("Helen Okafor")
    team = builders.team(helen)
    priya = builders.user("Priya Raman", team=team)
    for person in (helen, priya):
        person.set_password(PASSWORD)
        person.save()

    # The cycle.
    today = datetime.date.today()
    opened = administrator.post(
        "/cycles/open/",
        {
            "name": "Autumn",
            "version": version.pk,
            "teams": [team.pk],
            "opens_on": today - datetime.timedelta(days=1),
            "due_on": today + datetime.timedelta(days=14),
            "valid_months": 12,
            "reply_days": 10,
        },
    )
    assert opened.status_code == 302

    # Priya starts, rates level by level without scripts, and submits.
    clerk = signed_in(priya.username)
    cycle = version.cycles.get()
    assert "Autumn" in clerk.get("/").content.decode()
    clerk.post(f"/assessments/start/{cycle.pk}/")
    assessment = Assessment.objects.get()
    for rank in range(1, 5):
        url = f"/assessments/{assessment.pk}/rate/{rank}/"
        point = "4" if rank < 3 else "2"
        assert clerk.post(url, answers_of_level(clerk.get(url), point)).status_code == 302
    page = clerk.get(f"/assessments/{assessment.pk}/submit/")
    revision = Assessment.objects.get().revision
    assert page.status_code == 200
    clerk.post(f"/assessments/{assessment.pk}/submit/", {"declared": "on", "revision": revision})
    assert Assessment.objects.get().state == State.SUBMITTED

    # Helen finds it in her queue, rates blind, completes.
    supervisor = signed_in(helen.username)
    assert "Priya Raman" in supervisor.get("/reviews/").content.decode()
    for rank in range(1, 5):
        url = f"/assessments/{assessment.pk}/review/{rank}/"
        point = "4" if rank == 1 else "3" if rank == 2 else "1"
        assert supervisor.post(url, answers_of_level(supervisor.get(url), point)).status_code == 302
    supervisor.post(f"/assessments/{assessment.pk}/complete-review/")
    assert Assessment.objects.get().state == State.REVIEWED

    # Both sides side by side, then to signing.
    compared = supervisor.get(f"/assessments/{assessment.pk}/reconcile/").content.decode()
    assert "Developing is shown: 10 of the 10 statements, 8 needed." in compared
    supervisor.post(f"/assessments/{assessment.pk}/reconcile/")
    assert Assessment.objects.get().state == State.RECONCILED
    level = version.levels.get(key="developing")
    url = f"/assessments/{assessment.pk}/sign-off/"
    revision = Assessment.objects.get().revision
    decision = {"level": level.pk, "revision": revision, "justification": ""}
    signed = supervisor.post(url, decision | builders.signature(supervisor.get(url)))

    # The placement, its record, and what the clerk reads of it.
    sign_off = SignOff.objects.get()
    assert signed.url == f"/records/{sign_off.record_id}/"
    assert (sign_off.level, sign_off.suggested_level) == (level, level)
    record = clerk.get(signed.url).content.decode()
    assert "Unchanged since it was sealed" in record
    assert "Developing" in clerk.get(f"/assessments/{assessment.pk}/").content.decode()
    payload = json.loads(Record.objects.get(pk=sign_off.record_id).payload)
    assert len(payload["rounds"][0]["agreed"]) == 40
    assert payload["signer"]["name"] == "Helen Okafor"
