import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from frameworks.models import FrameworkVersion
from tests import builders

pytestmark = pytest.mark.django_db
URL = "/frameworks/upload/"


def upload(client, data: bytes):
    client.force_login(builders.administrator())
    return client.post(URL, {"file": SimpleUploadedFile("file.json", data), "label": ""})


def test_version_upload_leads_to_the_draft(client):
    answer = upload(client, builders.SEED.read_bytes())

    version = FrameworkVersion.objects.get()
    assert answer.url == f"/frameworks/versions/{version.pk}/"
    page = client.get(answer.url).content.decode()
    assert "Publish this version" in page
    assert "The description is empty." in page
    assert "© EBSCOed" in page


def test_version_upload_leads_to_what_changed_where_there_is_something_to_compare_with(client):
    builders.published_version()

    answer = upload(client, builders.altered(("Basic transaction forms", "Simple forms")))

    version = FrameworkVersion.objects.get(state="draft")
    assert answer.url == f"/frameworks/versions/{version.pk}/compare/"
    assert "Imported as a draft." in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"{", "JSON"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b"{}", "The occupation is missing."),
        (b"[" * 50, "nested"),
        (b" " * (2 * 1024 * 1024 + 1), "2 MiB"),
    ],
)
def test_version_upload_says_what_is_wrong_and_writes_nothing(client, data, words):
    answer = upload(client, data)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Nothing was written" in answer.content.decode()
    assert FrameworkVersion.objects.count() == 0


def test_version_upload_shows_a_statement_that_looks_like_html_as_text(client):
    data = builders.SEED.read_bytes().replace(
        b"Basic transaction forms", b"<script>alert(1)</script> forms"
    )

    answer = upload(client, data)

    page = client.get(answer.url).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; forms" in page


def test_version_upload_names_every_problem_by_its_place_and_keeps_the_name(client):
    client.force_login(builders.administrator())
    raw = json.loads(builders.SEED.read_bytes())
    raw["occupation"]["soc"] = "none"
    raw["framework"]["levels"]["emerging"]["statements"][3] = " "
    file = SimpleUploadedFile("mine.json", json.dumps(raw).encode())

    page = client.post(URL, {"file": file, "label": "v.26.05"}).content.decode()

    assert "mine.json</bdi> was refused: 2 errors" in page
    assert "<bdi>SOC code</bdi>" in page
    assert "<bdi>Emerging, statement 4</bdi>" in page
    assert "The description is empty." in page
    assert 'value="v.26.05"' in page


def test_version_upload_asks_for_a_file(client):
    client.force_login(builders.administrator())

    page = client.post(URL).content.decode()

    assert "Framework file: This field is required." in page
