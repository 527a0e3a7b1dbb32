import io
import json
import zipfile

import pytest

from accounts.models import User
from assessments.models import SignOff
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/records/pack/"


def records_in(client, reader: User, **asked) -> list[int]:
    """The numbers of the records in the pack that this reader gets."""
    client.force_login(reader)
    response = client.post(URL, asked)
    assert response["Content-Disposition"].startswith('attachment; filename="examiner-pack-')
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as pack:
        names = [name.split("/", 1)[1] for name in pack.namelist()]
    return [int(name[8:-5]) for name in names if name.startswith("records/") and "json" in name]


def said(client, reader: User, **asked) -> str:
    client.force_login(reader)
    return client.post(URL, asked).content.decode()


def of(sign_off: SignOff) -> int:
    assert sign_off.record_id
    return sign_off.record_id


def test_record_pack_holds_a_persons_records_and_what_they_name(client):
    sign_off, other = builders.superseding_sign_off(), builders.sign_off()

    found = records_in(client, builders.auditor(), person=sign_off.clerk_id)

    assert found == [1, sign_off.supersedes.record_id, of(sign_off)]
    assert of(other) not in found


def test_record_pack_of_a_clerk_is_their_own(client):
    sign_off, other = builders.sign_off(), builders.sign_off()

    assert records_in(client, sign_off.clerk, person=sign_off.clerk_id) == [1, of(sign_off)]
    assert "Choose one of these people" in said(client, sign_off.clerk, person=other.clerk_id)


def test_record_pack_of_a_supervisor_is_of_their_team(client):
    sign_off, other = builders.sign_off(), builders.sign_off()
    team = sign_off.clerk.team

    assert records_in(client, sign_off.signed_by, team=team.pk) == [1, of(sign_off)]
    asked = {"team": other.clerk.team_id}
    assert "Choose one of these teams" in said(client, sign_off.signed_by, **asked)


def test_record_pack_of_days_holds_what_was_sealed_then(client):
    sign_off, reader = builders.sign_off(), builders.auditor()

    assert records_in(client, reader, until="2999-12-31", since="2000-01-01") == [1, of(sign_off)]
    asked = {"since": "2000-01-01", "until": "2000-01-31"}
    assert "no record of that which you may read" in said(client, reader, **asked)


def test_record_pack_of_an_administrator_holds_no_answers(client):
    builders.sign_off()

    assert records_in(client, builders.administrator(), since="2000-01-01") == [1]


def test_record_pack_keeps_from_the_decider_what_is_disputed(client):
    dispute = builders.dispute()
    clerk, decider = dispute.sign_off.clerk, builders.above(dispute.sign_off.assessment)

    assert dispute.sign_off.record_id not in records_in(client, decider, since="2000-01-01")
    assert of(dispute.sign_off) in records_in(client, clerk, since="2000-01-01")


def test_record_pack_asks_for_something(client):
    reader = builders.sign_off().clerk

    assert "Choose whose records, or from which days." in said(client, reader)
    page = said(client, reader, since="2026-02-01", until="2026-01-01")
    assert "The last day is before the first." in page


def test_record_pack_is_not_of_more_than_a_browser_waits_for(client, monkeypatch):
    builders.sign_off()
    monkeypatch.setattr("records.views.MOST_IN_A_PACK", 1)

    page = said(client, builders.auditor(), since="2000-01-01")

    assert "These are 2 records, and a page makes a pack of at most 1." in page


def test_record_pack_says_nothing_of_open_work(client):
    sign_off = builders.sign_off()
    assessment = builders.submitted_assessment(User.objects.get(pk=sign_off.clerk_id))
    client.force_login(builders.auditor())

    response = client.post(URL, {"person": sign_off.clerk_id})

    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as pack:
        (name,) = (name for name in pack.namelist() if name.endswith("events.jsonl"))
        told = {json.loads(line)["assessment"] for line in pack.read(name).splitlines()}
    assert assessment.events.exists()
    assert told == {sign_off.assessment_id}
