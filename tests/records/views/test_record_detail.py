import json
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.utils import timezone

from assessments import actions
from assessments.models import Role
from records import guards
from records.actions import append_record
from records.models import Record, RecordKind
from tests import builders

pytestmark = pytest.mark.django_db


def page_of(client, record, person=None) -> str:
    client.force_login(person or builders.auditor())
    return client.get(f"/records/{record.pk}/").content.decode()


def change(record, **columns: object) -> None:
    """What nobody can do while the guards stand."""
    guards.drop(connection)
    Record.objects.filter(pk=record.pk).update(**columns)
    guards.install(connection)


def test_record_detail_shows_a_sign_off_as_it_was_sealed(client):
    sign_off = builders.sign_off(rank=2)
    sign_off.clerk.first_name = "Renamed"
    sign_off.clerk.save()

    page = page_of(client, sign_off.record)

    assert "Unchanged since it was sealed" in page
    assert '<p class="placed">Developing</p>' in page
    assert "The ratings suggested Advanced." in page
    assert "Seen in the quarterly file checks." in page
    assert page.count('<td data-l="Agreed"><b>Fully</b></td>') == 40
    assert "Has not done this" not in page
    assert "I do parts of this." in page
    assert f"<bdi>{sign_off.signed_by}</bdi>" in page
    assert "Renamed" not in page
    assert "Statements © EBSCOed" in page


def test_record_detail_opens_the_level_that_was_signed(client):
    sign_off = builders.sign_off(rank=2)

    page = page_of(client, sign_off.record)

    opened = page.split('<details class="folded" open>')[1:]
    assert len(opened) == 1
    assert "<bdi>Developing</bdi>" in opened[0].split("</summary>")[0]


def test_record_detail_folds_returned_rounds_and_shows_every_note(client):
    assessment = builders.submitted_assessment()
    supervisor = builders.supervisor(assessment)
    builders.rate(assessment, Role.SUPERVISOR, point=0)
    assessment = actions.complete_review(assessment=assessment, by=supervisor)
    assessment = actions.return_assessment(
        assessment=assessment, by=supervisor, reason="Look at Developing again."
    )
    builders.rate(assessment, Role.SELF, point=3)
    assessment = actions.submit_assessment(
        assessment=assessment, by=assessment.clerk, declared=True
    )
    builders.rate(assessment, Role.SUPERVISOR, point=3)
    assessment = actions.complete_review(assessment=assessment, by=supervisor)
    assessment = actions.reconcile_assessment(assessment=assessment, by=supervisor)
    sign_off = actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=supervisor,
        revision=assessment.revision,
    )

    page = page_of(client, sign_off.record)

    first, second = page.index("Round 1<"), page.index("Look at Developing again.")
    assert first < second
    assert page.count("Done by another team.") == 40


def test_record_detail_shows_a_publication(client):
    builders.published_version()

    page = page_of(client, Record.objects.get(), builders.clerk())

    assert "Unchanged since it was sealed" in page
    assert "Brokerage Clerks</bdi> <bdi>v.26.05" in page
    assert "the command line" in page
    assert "1435a5a9 eb3fed38 9455435c" in page
    assert page.count("10 statements") == 4


def test_record_detail_shows_what_a_publication_changed(client):
    cycle = builders.cycle()
    words = ("with supervisor guidance", "with a colleague at hand")
    by = builders.administrator("Ada Berg")
    actions.publish_version(
        version=builders.draft_version(builders.altered(words)),
        by=by,
        policy={cycle.pk: actions.Policy.MOVE},
    )
    client.force_login(by)

    page = client.get("/records/3/").content.decode()

    assert "Against <bdi>v.26.05</bdi>" in page
    assert f"<bdi>{cycle}</bdi>: what was never submitted moved" in page
    assert page.count("with a colleague at hand") == 2
    assert page.count("with supervisor guidance") == 1


def test_record_detail_links_to_the_neighbours_this_person_may_open(client):
    sign_off = builders.sign_off()
    other = builders.sign_off()

    page = page_of(client, other.record, other.clerk)

    assert f"<span>{sign_off.record_id}</span>" in page
    assert "<span>none yet</span>" in page
    page = page_of(client, other.record)
    assert f'<span><a href="/records/{sign_off.record_id}/">' in page


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"payload": "{}"}, "does not fit the text"),
        ({"payload": "no JSON <b>"}, "does not fit the text"),
        ({"digest": "0" * 64}, "does not fit the digest"),
        ({"seal": "0" * 128}, "does not fit the digest"),
        ({"key_id": "0" * 16}, "does not fit the digest"),
        ({"previous_digest": "1" * 64}, "does not follow the record before it"),
    ],
)
def test_record_detail_says_when_a_record_does_not_match_its_seal(client, columns, words):
    sign_off = builders.sign_off()
    change(sign_off.record, **columns)

    page = page_of(client, sign_off.record)

    assert "Unchanged since it was sealed" not in page
    assert "This record does not match its seal" in page
    assert words in page
    assert "<b>" not in page.split("The text as it stands")[1].split("</bdi>")[0]


@pytest.mark.parametrize("payload", [{"text": "of another day"}, {"type": "sign_off"}])
def test_record_detail_bears_a_payload_it_does_not_know(client, payload):
    with transaction.atomic():
        record = append_record(kind=RecordKind.SIGN_OFF, payload=payload, at=timezone.now())

    assert "Unchanged since it was sealed" in page_of(client, record)


def test_record_download_holds_what_checks_it_without_us(client):
    sign_off = builders.sign_off()
    client.force_login(sign_off.clerk)

    answer = client.get(f"/records/{sign_off.record_id}/download/")

    found = json.loads(answer.content)
    text = (found["previous_digest"] + found["payload"]).encode()
    assert sha256(text).hexdigest() == found["digest"]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found["public_key"]))
    key.verify(bytes.fromhex(found["seal"]), found["digest"].encode())
    assert answer["Content-Disposition"] == (
        f'attachment; filename="record-{sign_off.record_id}.json"'
    )
