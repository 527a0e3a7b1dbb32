import os
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests import builders

# Playwright's synchronous calls run inside an event loop, where Django suspects asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])],
    }


@pytest.fixture
def complaints():
    """What the browser objects to in the course of a test."""
    return []


@pytest.fixture(autouse=True)
def _no_complaints(request, complaints):
    """Fail the test for an error in the console, a policy violation or a request elsewhere.

    @pytest.mark.console_error("409") lets pass what a test makes happen on purpose.
    """
    yield
    expected = [marker.args[0] for marker in request.node.iter_markers("console_error")]
    assert [c for c in complaints if not any(re.search(e, c) for e in expected)] == []


@pytest.fixture
def new_context(new_context, complaints):
    def note(message):
        # The browser reports violations of the Content-Security-Policy as errors too.
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def note_elsewhere(request):
        url = urlsplit(request.url)
        if url.scheme in {"http", "https", "ws", "wss"} and url.hostname not in {
            "localhost",
            "127.0.0.1",
        }:
            complaints.append(f"request to another host: {request.url}")

    def open_context(**options):
        context = new_context(**options)
        context.on("console", note)
        context.on("weberror", lambda error: complaints.append(f"uncaught: {error.error}"))
        context.on("request", note_elsewhere)
        return context

    return open_context


@pytest.fixture
def assessment(live_server):
    return builders.draft_assessment()


@pytest.fixture
def sign_in(live_server, client):
    """Give a browser context the session of a person."""

    def sign(context, person):
        client.force_login(person)
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                    "url": live_server.url,
                }
            ]
        )

    return sign


@pytest.fixture
def rating_page(live_server, context, page, sign_in, assessment):
    sign_in(context, assessment.clerk)
    page.goto(f"{live_server.url}/assessments/{assessment.pk}/rate/1/")
    return page
