import pytest

from assessments.models import Cycle, SignOff
from tests import builders

pytestmark = pytest.mark.django_db

WHY = "The level was read off the wrong line of the desk plan."


def url(signed):
    return f"/sign-offs/{signed.pk}/correct/"


def sent(client, signed, rank=3, **given):
    page = client.get(url(signed))
    return {
        "reason": WHY,
        "level": signed.assessment.version.levels.get(rank=rank).pk,
        "category": "other_evidence",
        "justification": "Seen in the quarterly file checks.",
        "revision": signed.assessment.revision,
        **builders.signature(page),
        **given,
    }


def test_sign_off_correct_places_anew_and_seals_why(client):
    signed = builders.sign_off()
    client.force_login(signed.signed_by)

    response = client.post(url(signed), sent(client, signed), follow=True)

    new = SignOff.objects.get(supersedes=signed)
    assert (new.correction_reason, new.level.rank) == (WHY, 3)
    page = response.content.decode()
    assert response.redirect_chain == [(f"/records/{new.record_id}/", 302)]
    assert f"Corrected, and sealed as record {new.record_id}." in page
    assert "It corrects" in page
    assert WHY in page
    assert "I correct this placement for the reason I give" in page


def test_sign_off_correct_asks_what_was_wrong_and_for_the_password(client):
    signed = builders.sign_off()
    client.force_login(signed.signed_by)

    html = client.post(url(signed), sent(client, signed, reason="", password="")).content.decode()

    assert "Write what was wrong: the clerk reads it." in html
    assert "Give your password: it stands for your signature." in html
    assert SignOff.objects.count() == 1


def test_sign_off_correct_says_when_nothing_would_be_corrected(client):
    signed = builders.sign_off()
    client.force_login(signed.signed_by)
    same = sent(client, signed, rank=4, category="", justification=signed.justification)

    html = client.post(url(signed), same).content.decode()

    assert "Nothing was signed. That is what was signed already" in html


def test_sign_off_correct_of_what_changed_meanwhile_is_a_conflict(client):
    signed = builders.sign_off()
    client.force_login(signed.signed_by)
    given = sent(client, signed)
    signed.clerk.title = "Senior Clerk"
    signed.clerk.save()

    response = client.post(url(signed), given)

    assert response.status_code == 409
    assert "the clerk&#x27;s name, title or team" in response.content.decode()
    assert SignOff.objects.count() == 1


def test_sign_off_correct_of_a_revoked_one_leads_back(client):
    signed = builders.revocation().sign_off
    client.force_login(signed.signed_by)

    response = client.get(url(signed), follow=True)

    assert response.redirect_chain == [(f"/assessments/{signed.assessment_id}/", 302)]
    assert "It was revoked on" in response.content.decode()


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (lambda signed: signed.clerk, 403),
        (lambda signed: builders.above(signed.assessment), 403),
        (lambda signed: builders.auditor(), 403),
        (lambda signed: builders.administrator(), 404),
        (lambda signed: builders.clerk(), 404),
    ],
)
def test_sign_off_correct_is_for_the_supervisor(client, person, status):
    signed = builders.sign_off()
    client.force_login(person(signed))

    assert client.get(url(signed)).status_code == status
    assert client.post(url(signed), {"reason": WHY}).status_code == status
    assert SignOff.objects.count() == 1


def test_both_records_say_what_was_corrected(client):
    signed = builders.sign_off()
    client.force_login(signed.signed_by)
    client.post(url(signed), sent(client, signed))
    new = SignOff.objects.get(supersedes=signed)
    client.force_login(signed.clerk)

    old_page = client.get(f"/records/{signed.record_id}/").content.decode()
    new_page = client.get(f"/records/{new.record_id}/").content.decode()

    assert f'Another record has taken its place: <a href="/records/{new.record_id}/">' in old_page
    assert WHY in old_page
    assert f'It corrects <a href="/records/{signed.record_id}/">' in new_page
    assert new_page.count("<b>Fully</b>") == 80


def test_the_start_page_tells_the_clerk_what_was_corrected(client):
    new = builders.correction()
    client.force_login(new.clerk)

    page = client.get("/").content.decode()

    assert "Your placement was corrected: see it" in page
    assert "in place of Advanced, and wrote what was wrong:" in page
    assert new.correction_reason in page


def test_a_correction_that_waits_is_shown_and_signed_by_the_second(client):
    signed = builders.sign_off(rank=3)
    Cycle.objects.filter(pk=signed.assessment.cycle_id).update(needs_second_signer=True)
    head = builders.above(signed.assessment)
    client.force_login(signed.signed_by)

    response = client.post(url(signed), sent(client, signed, rank=4), follow=True)
    page = response.content.decode()
    assert "What was signed before stands until the second signature is given." in page
    assert "A correction to Advanced waits for the second signature." in page

    waiting = SignOff.objects.get(supersedes=signed)
    client.force_login(head)
    second = client.get(f"/sign-offs/{waiting.pk}/second/")
    assert "What it corrects" in second.content.decode()
    given = {"revision": waiting.assessment.revision, **builders.signature(second)}
    client.post(f"/sign-offs/{waiting.pk}/second/", given)

    waiting.refresh_from_db()
    assert waiting.record is not None
