import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User

pytestmark = pytest.mark.django_db

GOOD = b"username,first_name,last_name\nana,Ana,Lopez\n"


def send(office, data, **more):
    file = SimpleUploadedFile("people.csv", data, "text/csv")
    return office.post("/people/import/", {"file": file, **more}, follow=True)


def test_person_import_adds_people(office):
    response = send(office, GOOD)

    assert response.request["PATH_INFO"] == "/people/"
    assert "1 added, 0 changed" in response.content.decode()
    assert User.objects.filter(username="ana").exists()


def test_person_import_only_checks_when_asked(office):
    response = send(office, GOOD, check_only="on")

    assert "The file can be imported" in response.content.decode()
    assert not User.objects.filter(username="ana").exists()


def test_person_import_shows_every_problem_with_its_row(office):
    response = send(office, GOOD + b"ben,,\na b,A,B\n")

    page = response.content.decode()
    assert "Row 4, username" in page
    assert "Nothing was written" in page
    assert not User.objects.filter(username="ana").exists()


def test_person_import_asks_for_a_file(office):
    assert office.post("/people/import/", {"check_only": "on"}).context["form"].errors["file"]
