import re

import pytest

from accounts import actions
from tests import builders

pytestmark = pytest.mark.django_db

NEW = "four-Green-harbours"


def ask(client, email="ana@example.com"):
    return client.post("/password/reset/", {"email": email})


def test_password_reset_leads_from_the_mail_to_the_sign_in(client, mailoutbox):
    person = builders.user("Ana Lopez", email="ana@example.com")

    ask(client)
    link = re.search(r"http://testserver(/\S+)", mailoutbox[0].body).group(1)
    page = client.get(link, follow=True)
    done = client.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})

    person.refresh_from_db()
    assert "ana.lopez" in page.content.decode()
    assert done.url == "/password/reset/complete/"
    assert client.get(done.url).status_code == 200
    assert person.check_password(NEW)
    assert "no longer works" in client.get(link, follow=True).content.decode()


def test_password_reset_answers_everybody_alike(client, mailoutbox):
    builders.user(email="ana@example.com")
    builders.user(email="gone@example.com", is_active=False)

    answers = [ask(client, f"{name}@example.com") for name in ("ana", "gone", "nobody")]

    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, "/password/reset/sent/")
    }
    assert client.get("/password/reset/sent/").status_code == 200
    assert [mail.to for mail in mailoutbox] == [["ana@example.com"]]


def test_password_reset_link_does_not_open_a_deactivated_account(client, mailoutbox):
    person = builders.user("Ana Lopez", email="ana@example.com")
    ask(client)
    link = re.search(r"http://testserver(/\S+)", mailoutbox[0].body).group(1)
    page = client.get(link, follow=True)
    actions.deactivate_person(person=person, by=None)

    client.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})

    data = {"username": "ana.lopez", "password": NEW}
    assert client.post("/sign-in/", data).status_code == 200


def test_password_reset_shows_a_bad_address(client):
    assert ask(client, "nothing").context["form"].errors["email"]
