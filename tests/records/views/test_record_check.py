import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from assessments.apps import drop_guards
from assessments.models import SignOff
from records.models import Record
from records.queries import as_file
from records.record_files import FIELDS
from tests import builders
from tests.records import tampering

pytestmark = pytest.mark.django_db
URL = "/records/check/"


@pytest.fixture
def signed(client) -> SignOff:
    signed = builders.sign_off()
    client.force_login(signed.clerk)
    return signed


def record_of(signed: SignOff) -> Record:
    return Record.objects.get(pk=signed.record_id)


def ask(client, **given: object) -> str:
    return client.post(URL, given).content.decode()


def upload(client, text: str) -> str:
    return ask(client, file=SimpleUploadedFile("record.json", text.encode()))


def test_record_check_finds_a_record_by_its_digest(client, signed):
    record = record_of(signed)

    page = ask(client, digest=f" {record.digest[:32].upper()} {record.digest[32:]} ")

    assert f"This is record {record.pk}, as it was sealed." in page
    assert "Nothing has superseded or revoked it." in page
    assert f'href="/records/{record.pk}/"' in page


def test_record_check_finds_a_file_as_it_was_downloaded(client, signed):
    page = upload(client, as_file(record_of(signed)))

    assert "This file is record 2, as it was sealed." in page


@pytest.mark.parametrize("field", ["payload", "previous_digest", "seal", "public_key"])
def test_record_check_sees_a_file_that_was_altered(client, signed, field):
    file = json.loads(as_file(record_of(signed)))
    swap = {"0": "1"}.get(file[field][-1], "0")
    file[field] = (
        file[field].replace("Advanced", "Emerging", 1)
        if field == "payload"
        else file[field][:-1] + swap
    )

    page = upload(client, json.dumps(file))

    assert "This file is not as it was sealed." in page
    assert "as it was sealed.</b>" not in page.replace("is not as it was sealed.</b>", "")


def test_record_check_says_what_is_in_its_place(client):
    anew = builders.superseding_sign_off()
    client.force_login(anew.clerk)

    page = ask(client, digest=anew.supersedes.record.digest)

    assert f"Record {anew.record_id} has taken its place" in page
    assert "No other record" not in page


def test_record_check_names_a_record_to_whoever_has_its_digest_and_shows_it_to_nobody_else(client):
    record = record_of(builders.sign_off())
    client.force_login(builders.clerk())

    page = ask(client, digest=record.digest)

    assert f"This is record {record.pk}, as it was sealed." in page
    assert "not yours to read" in page
    assert str(record.subject) not in page


def test_record_check_says_of_an_unknown_digest_that_it_is_none(client, signed):
    assert "No record of this ledger has this digest." in ask(client, digest="0" * 64)


def test_record_check_sees_that_the_ledger_was_altered(client, signed):
    drop_guards(using=connection.alias)
    tampering.run("UPDATE records_record SET payload = '{}' WHERE sequence = 2")

    page = ask(client, digest=record_of(signed).digest)

    assert "The ledger itself was altered at this record." in page


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Give a digest or a file."),
        ({"digest": "12ab"}, "A digest has 64 digits"),
        ({"file": SimpleUploadedFile("a.json", b"")}, "This is not the file of a record"),
        ({"file": SimpleUploadedFile("a.json", b"[1]")}, "This is not the file of a record"),
        ({"file": SimpleUploadedFile("a.json", b"[" * 99_999)}, "not the file of a record"),
        (
            {"file": SimpleUploadedFile("a.json", json.dumps(dict.fromkeys(FIELDS, 1)).encode())},
            "This is not the file of a record",
        ),
    ],
)
def test_record_check_names_what_it_cannot_read(client, signed, given, said):
    for value in given.values():
        if not isinstance(value, str):
            value.seek(0)

    assert said in ask(client, **given)
