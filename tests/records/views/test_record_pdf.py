import pytest

from tests import builders

pytestmark = pytest.mark.django_db


def test_record_pdf_is_a_file_to_keep(client):
    record = builders.sign_off().record
    client.force_login(builders.auditor())

    answer = client.get(f"/records/{record.pk}/pdf/")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="record-{record.pk}.pdf"'
    assert answer.content.startswith(b"%PDF-1.7")


def test_record_pdf_is_offered_on_the_page_of_the_record(client):
    record = builders.sign_off().record
    client.force_login(builders.auditor())

    page = client.get(f"/records/{record.pk}/").content.decode()

    assert f'href="/records/{record.pk}/pdf/"' in page


def test_record_pdf_is_closed_to_who_may_not_read_the_record(client):
    sign_off = builders.sign_off()
    url = f"/records/{sign_off.record_id}/pdf/"

    assert client.get(url).status_code == 302
    client.force_login(builders.clerk())
    assert client.get(url).status_code == 404
    client.force_login(sign_off.clerk)
    assert client.get(url).status_code == 200


def test_record_pdf_waits_until_a_decider_has_rated_what_is_disputed(client):
    dispute = builders.dispute()
    client.force_login(builders.above(dispute.sign_off.assessment))

    assert client.get(f"/records/{dispute.sign_off.record_id}/pdf/").status_code == 403


def test_record_pdf_only_reads(client):
    record = builders.sign_off().record
    client.force_login(builders.auditor())

    assert client.post(f"/records/{record.pk}/pdf/").status_code == 405
