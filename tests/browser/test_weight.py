"""What the rating page costs a clerk's connection, served as the product is served."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests import builders

KIB = 1024
SHIFTED = """new Promise(done => new PerformanceObserver(list => done(
    list.getEntries().reduce((sum, shift) => sum + shift.value, 0)
)).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done(0), 500))"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def served(tmp_path, transactional_db):
    """The address of gunicorn with collected files, on the database of the test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "DEMO": "1",
        "SECRET_KEY": settings.SECRET_KEY,
        "STATIC_ROOT": str(tmp_path / "static"),
        "PORT": str(port),
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        env=environment,
        check=True,
    )
    command = [sys.executable, "-m", "gunicorn", "--workers", "1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert any("Serving on" in line for line in server.stdout)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
def requests(page):
    """What the page asked for over the network, in order; what a cache gave is left out."""
    seen = []
    page.on("requestfinished", lambda request: seen.append(request))
    return seen


def weight_of(requests):
    """Give how many requests went out and how many bytes of body, compressed, came back."""
    bodies = [request.sizes()["responseBodySize"] for request in requests]
    return len([size for size in bodies if size > 0]), sum(bodies)


def test_the_rating_page_is_light(served, context, page, requests, client):
    assessment = builders.draft_assessment()
    client.force_login(assessment.clerk)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": "session", "value": session, "url": served}])

    page.goto(f"{served}/assessments/{assessment.pk}/rate/1/", wait_until="networkidle")
    first_requests, first_bytes = weight_of(requests)
    shifted = page.evaluate(SHIFTED)
    requests.clear()
    page.goto(f"{served}/assessments/{assessment.pk}/rate/2/", wait_until="networkidle")
    later_requests, later_bytes = weight_of(requests)

    assert first_requests <= 6
    assert first_bytes <= 24 * KIB
    assert later_requests == 1
    assert later_bytes <= 8 * KIB
    assert shifted == 0
