from django.conf import settings
from django.http import HttpRequest

from accounts.models import User


class SignedIn(HttpRequest):
    """A request of a person who is signed in: the middleware lets no other reach these views."""

    user: User


def address_of(request: HttpRequest) -> str:
    """Give the address that asks: behind a proxy what the proxy itself wrote down, the last one."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
