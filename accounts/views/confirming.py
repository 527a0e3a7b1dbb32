"""Whoever signs gives their password again, unless they gave it a moment ago."""

import time

from accounts.forms import SignatureForm, Signer
from accounts.views.requests import SignedIn

MINUTES = 5
KEY = "password_given_at"  # in the session: seconds since 1970


def signer_of(request: SignedIn) -> Signer:
    given = request.session.get(KEY, 0)
    confirmed = 0 <= time.time() - given < 60 * MINUTES
    return Signer(request.user, request, is_confirmed=confirmed)


def is_signed(request: SignedIn, form: SignatureForm) -> bool:
    """Say whether the form is complete; the right password counts whatever else it lacks."""
    complete = form.is_valid()
    if form.is_bound and "password" in form.cleaned_data:
        request.session[KEY] = int(time.time())
    return complete
