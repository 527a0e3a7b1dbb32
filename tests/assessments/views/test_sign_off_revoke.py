import pytest

from assessments.models import Revocation
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db

WHY = "Signed for the wrong clerk."


def url(signed):
    return f"/sign-offs/{signed.pk}/revoke/"


def test_sign_off_revoke_takes_it_back_and_seals_why(client):
    signed = builders.sign_off()
    client.force_login(signed.signed_by)
    assert "Revoke it and seal" in client.get(url(signed)).content.decode()

    sent = {"reason": WHY, **builders.signature(client.get(url(signed)))}
    response = client.post(url(signed), sent, follow=True)

    revocation = Revocation.objects.get()
    assert (revocation.reason, revocation.by) == (WHY, signed.signed_by)
    page = response.content.decode()
    assert response.redirect_chain == [(f"/records/{revocation.record_id}/", 302)]
    assert f"Revoked, and sealed as record {revocation.record_id}." in page
    assert WHY in page
    assert "Who revoked it, and what it means" in page


def test_sign_off_revoke_asks_why(client):
    signed = builders.sign_off()
    client.force_login(signed.signed_by)

    html = client.post(url(signed), {"reason": ""}).content.decode()

    assert "Write why you revoke it: the clerk reads it." in html
    assert not Revocation.objects.exists()


def test_sign_off_revoke_of_a_revoked_one_says_so(client):
    signed = builders.revocation().sign_off
    client.force_login(signed.signed_by)
    assert "It was revoked on" in client.get(url(signed)).content.decode()

    response = client.post(url(signed), {"reason": WHY, "password": builders.PASSWORD})

    assert response.status_code == 409
    assert "Nothing was revoked." in response.content.decode()
    assert Revocation.objects.count() == 1


def test_sign_off_revoke_of_a_disputed_one_waits_for_the_decision(client):
    signed = builders.dispute().sign_off
    client.force_login(signed.signed_by)

    html = client.get(url(signed)).content.decode()

    assert "Wait for the decision." in html
    assert "Revoke it and seal" not in html


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (lambda signed: signed.clerk, 403),
        (lambda signed: builders.auditor(), 403),
        (lambda signed: builders.administrator(), 403),
        (lambda signed: builders.clerk(), 404),
        (lambda signed: builders.above(signed.assessment), 200),
    ],
)
def test_sign_off_revoke_is_for_signers_and_those_above(client, person, status):
    signed = builders.sign_off()
    client.force_login(person(signed))

    assert client.get(url(signed)).status_code == status
    if status != 200:
        assert (
            client.post(url(signed), {"reason": WHY, "password": builders.PASSWORD}).status_code
            == status
        )
        assert not Revocation.objects.exists()


def test_sign_off_revoke_is_left_to_administrators_where_nobody_else_is_there(client):
    signed = builders.sign_off()
    signed.signed_by.is_active = False
    signed.signed_by.save()
    client.force_login(builders.administrator())
    assert f'href="{url(signed)}"' in client.get("/sign-offs/").content.decode()

    sent = {"reason": WHY, **builders.signature(client.get(url(signed)))}
    response = client.post(url(signed), sent, follow=True)

    assert response.redirect_chain == [("/sign-offs/", 302)]
    page = response.content.decode()
    assert "Revoked" in page
    assert WHY in page


def test_the_pages_of_what_was_revoked_say_so(client):
    revocation = builders.revocation(reason=WHY)
    signed = revocation.sign_off
    client.force_login(signed.clerk)

    record = client.get(f"/records/{signed.record_id}/").content.decode()
    mine = client.get("/assessments/").content.decode()
    detail = client.get(f"/assessments/{signed.assessment_id}/").content.decode()
    start = client.get("/").content.decode()

    for page in (record, detail, start):
        assert WHY in page
    assert "nobody is placed by it since" in record
    assert "Revoked" in mine
    assert "Was placed at" in detail
    assert "Say that you have seen it" not in detail
    assert "Dispute statements" not in detail
    assert "Your placement is no longer in force" in start
    assert "Your placement is signed off" not in start
    assert "was revoked. Your next assessment places you anew." in start


def test_the_clerk_neither_acknowledges_nor_disputes_what_was_revoked(client):
    signed = builders.revocation().sign_off
    client.force_login(signed.clerk)

    assert client.get(f"/sign-offs/{signed.pk}/acknowledge/").status_code == 403
    assert client.get(f"/sign-offs/{signed.pk}/dispute/").status_code == 403


def test_the_record_offers_to_revoke_it_to_whoever_may(client):
    signed = builders.sign_off()
    link = f'href="{url(signed)}"'

    found = {}
    for person in (signed.signed_by, signed.clerk, builders.auditor()):
        client.force_login(person)
        pages = (f"/records/{signed.record_id}/", f"/assessments/{signed.assessment_id}/")
        found[person] = [link in client.get(page).content.decode() for page in pages]

    assert list(found.values()) == [[True, True], [False, False], [False, False]]


def test_the_list_shows_when_by_whom_and_why(client):
    revocation = builders.revocation(reason=WHY)
    client.force_login(builders.auditor())

    page = client.get("/sign-offs/").content.decode()

    assert WHY in page
    assert f'<a href="/records/{revocation.record_id}/">' in page


def test_the_news_of_the_clerk_and_of_the_one_above_tell_it(client):
    signed = builders.sign_off()
    head = builders.above(signed.assessment)
    for person in (signed.clerk, head):
        client.force_login(person)
        client.get("/")

    builders.revocation(signed)

    found = []
    for person, words in (
        (signed.clerk, "revoked your placement, and gave the reason"),
        (head, "revoked the placement of"),
    ):
        client.force_login(person)
        found.append(words in client.get("/").content.decode())
    assert found == [True, True]


def test_checking_a_record_says_that_it_was_revoked(client):
    revocation = builders.revocation()
    signed, own = revocation.sign_off.record, revocation.record
    client.force_login(builders.auditor())

    pages = [
        client.post("/records/check/", {"digest": record.digest}).content.decode()
        for record in (signed, own)
    ]

    assert "It was revoked</b>" in pages[0]
    assert f"This is record {own.sequence}, as it was sealed." in pages[1]
    assert Record.objects.count() == own.sequence
