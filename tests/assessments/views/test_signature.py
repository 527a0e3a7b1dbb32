"""Every page on which somebody signs: the password again, and only what was shown is signed."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from accounts.models import User
from assessments.models import SignOff
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db


class Page(NamedTuple):
    url: str
    signer: User
    clerk: User
    typed: dict[str, Any]


def sign_off() -> Page:
    assessment = builders.reconciled_assessment()
    typed = {"level": assessment.version.levels.last().pk, "revision": assessment.revision}
    url = f"/assessments/{assessment.pk}/sign-off/"
    return Page(url, builders.supervisor(assessment), assessment.clerk, typed)


def second_signature() -> Page:
    waiting = builders.waiting_sign_off()
    typed = {"revision": waiting.assessment.revision}
    url = f"/sign-offs/{waiting.pk}/second/"
    return Page(url, builders.above(waiting.assessment), waiting.clerk, typed)


def upheld() -> Page:
    return _decided({"outcome": "uphold", "justification": "The tickets do not bear it out."})


def placed_anew() -> Page:
    level = builders.published_version().levels.get(rank=3).pk
    why = {
        "level": level,
        "justification": "The tickets bear it out.",
        "category": "other_evidence",
    }
    return _decided({"outcome": "place_anew", **why})


def _decided(typed: dict[str, Any]) -> Page:
    dispute = builders.rated_dispute()
    signed = dispute.sign_off
    url = f"/disputes/{dispute.pk}/decide/"
    return Page(url, builders.above(signed.assessment), signed.clerk, typed)


def revocation() -> Page:
    signed = builders.sign_off()
    typed = {"reason": "Signed for the wrong clerk."}
    return Page(f"/sign-offs/{signed.pk}/revoke/", signed.signed_by, signed.clerk, typed)


PAGES = [sign_off, second_signature, upheld, placed_anew, revocation]


@pytest.mark.parametrize("build", PAGES)
def test_a_signature_needs_the_password(client, build: Callable[[], Page]):
    page = build()
    client.force_login(page.signer)
    shown = client.get(page.url)
    before = Record.objects.count()

    for password in ("", "somebody else's"):
        sent = page.typed | builders.signature(shown) | {"password": password}
        refused = client.post(page.url, sent)
        assert refused.status_code == 200
        assert 'autocomplete="current-password"' in refused.content.decode()
    assert Record.objects.count() == before

    signed = client.post(page.url, page.typed | builders.signature(shown))
    assert signed.status_code == 302
    assert Record.objects.count() == before + 1


@pytest.mark.parametrize("build", PAGES)
@pytest.mark.parametrize("whose", ["clerk", "signer"])
def test_a_signature_under_what_has_changed_is_a_conflict(client, build, whose):
    page = build()
    client.force_login(page.signer)
    shown = client.get(page.url)
    before = Record.objects.count(), SignOff.objects.count()
    person = getattr(page, whose)
    person.title = "Another title"
    person.save()

    refused = client.post(page.url, page.typed | builders.signature(shown))

    assert refused.status_code == 409
    assert "Since this page was drawn, this has changed:" in refused.content.decode()
    assert (Record.objects.count(), SignOff.objects.count()) == before
    again = client.post(page.url, page.typed | {"seen": refused.context["seen"]})
    assert again.status_code == 302


@pytest.mark.parametrize("build", PAGES)
def test_a_signature_without_what_was_shown_is_a_conflict(client, build):
    page = build()
    client.force_login(page.signer)

    refused = client.post(page.url, page.typed | {"password": builders.PASSWORD})

    assert refused.status_code == 409


@pytest.mark.parametrize("build", PAGES)
def test_a_page_to_sign_says_who_signs_as_what_and_what_it_means(client, build):
    page = build()
    page.signer.title = "Head of the desk"
    page.signer.save()
    client.force_login(page.signer)

    answer = client.get(page.url)

    html = answer.content.decode()
    assert f"<b><bdi>{page.signer}</bdi></b>, <bdi>Head of the desk</bdi>" in html
    assert "sealed in UTC and shown in America/New_York" in html
    assert answer.context["declaration"].replace("'", "&#x27;") in html
