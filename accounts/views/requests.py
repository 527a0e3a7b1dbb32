from django.http import HttpRequest

from accounts.models import User


class SignedIn(HttpRequest):
    """A request of a person who is signed in: the middleware lets no other reach these views."""

    user: User
