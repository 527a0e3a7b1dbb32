"""A placement signed in error is corrected, then revoked; every day still tells what stood."""

import datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from assessments.models import SignOff
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db

WRONG_LINE = "Read off the wrong line of the desk plan."
WRONG_CLERK = "The file checks were those of another clerk."


def day(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 3, number, 15, tzinfo=datetime.UTC)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, url: str, **given: object) -> str:
    """Sign a page; gives the page that follows."""
    page = client.get(url)
    answer = client.post(url, {**given, **builders.signature(page)}, follow=True)
    return answer.content.decode()


def test_a_placement_is_corrected_then_revoked_and_each_day_tells_what_stood():
    # On the 2nd Helen places Priya at Advanced, one above stands over her.
    with time_machine.travel(day(2)):
        helen = builders.user("Helen Okafor")
        signed = builders.sign_off(builders.user("Priya Raman", team=builders.team(helen)))
        amir = builders.above(signed.assessment)
    first = signed.record

    # On the 10th she finds that she read the wrong line, and corrects it.
    with time_machine.travel(day(10)):
        page = send(
            signed_in(helen),
            f"/sign-offs/{signed.pk}/correct/",
            reason=WRONG_LINE,
            level=signed.assessment.version.levels.get(rank=3).pk,
            category="other_evidence",
            justification="Seen in the quarterly file checks.",
            revision=signed.assessment.revision,
        )
        new = SignOff.objects.get(supersedes=signed)
        assert f"Corrected, and sealed as record {new.record_id}." in page

        # Priya reads it as she comes in.
        page = signed_in(signed.clerk).get("/").content.decode()
        assert "Your placement was corrected: see it" in page
        assert WRONG_LINE in page

    # On the 20th it turns out that the evidence was another clerk's: Amir revokes it.
    with time_machine.travel(day(20)):
        page = send(signed_in(amir), f"/sign-offs/{new.pk}/revoke/", reason=WRONG_CLERK)
        assert f"Revoked, and sealed as record {new.revocation.record_id}." in page

        page = signed_in(signed.clerk).get("/").content.decode()
        assert "Your placement is no longer in force" in page
        assert WRONG_CLERK in page

    # An auditor asks, day by day, what was in force.
    with time_machine.travel(day(25)):
        auditor = signed_in(builders.auditor())
        found = {
            asked: in_force(auditor, asked)
            for asked in ("2026-03-01", "2026-03-05", "2026-03-15", "2026-03-22")
        }
        assert found == {
            "2026-03-01": [],
            "2026-03-05": [signed],
            "2026-03-15": [new],
            "2026-03-22": [],
        }
        page = auditor.get("/sign-offs/?on=2026-03-15").content.decode()
        assert "Revoked on 20 March 2026" in page

        # Each record says what became of it, and none was changed.
        assert WRONG_LINE in auditor.get(first.get_absolute_url()).content.decode()
        assert WRONG_CLERK in auditor.get(new.record.get_absolute_url()).content.decode()
        kinds = Record.objects.filter(subject=signed.clerk).order_by("pk")
        assert list(kinds.values_list("kind", "supersedes")) == [
            ("sign_off", None),
            ("supersession", first.pk),
            ("revocation", new.record_id),
        ]


def in_force(auditor: Client, asked: str) -> list[SignOff]:
    return list(auditor.get(f"/sign-offs/?on={asked}").context["page"].object_list)
