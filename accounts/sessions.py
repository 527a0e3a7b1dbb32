"""How long somebody stays signed in: an hour without use, half a day in all."""

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse

IDLE_SECONDS = 60 * 60
LONGEST_SECONDS = 12 * 60 * 60
# Noted this often at most, so that reading a page writes nothing.
NOTED_EVERY_SECONDS = 5 * 60

BEGAN, USED = "began", "used"  # in the session: seconds since 1970
ENDED = "You were signed out, because {}. What was saved is kept: sign in to go on where you were."
IDLE = "nothing was done for an hour"
OLD = "it was half a day ago that you signed in"


def begin_session(request: HttpRequest, **_: Any) -> None:
    """Note when somebody has signed in: a receiver of Django's `user_logged_in`."""
    request.session[BEGAN] = request.session[USED] = int(time.time())


def session_limits(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """End a session that was not used for long, or has lasted long; note the use of any other."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.session
        if SESSION_KEY in session:
            now = int(time.time())
            began, used = session.get(BEGAN, now), session.get(USED, now)
            if why := why_ended(now - used, now - began):
                session.flush()
                messages.info(request, ENDED.format(why))
            elif BEGAN not in session or now - used >= NOTED_EVERY_SECONDS:
                session[BEGAN], session[USED] = began, now
        return get_response(request)

    return middleware


def why_ended(idle: int, lasted: int) -> str:
    """Say why a session ends, in words; "" where it does not. Both are seconds."""
    if idle > IDLE_SECONDS:
        return IDLE
    return OLD if lasted > LONGEST_SECONDS else ""
