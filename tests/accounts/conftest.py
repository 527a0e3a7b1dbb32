import pytest
from django.test import Client

from tests import builders


@pytest.fixture
def client_of():
    """Give a browser of its own in which this person is signed in."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def administrator():
    return builders.administrator()


@pytest.fixture
def office(client_of, administrator):
    """The browser of an administrator."""
    return client_of(administrator)
