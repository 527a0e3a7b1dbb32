"""What the commands that read a file take: a path, and who does it."""

from typing import NoReturn

from django.core.management.base import CommandError

from accounts.models import User


def usage(message: str) -> NoReturn:
    """End the command with exit code 2: it was called wrongly."""
    raise CommandError(message, returncode=2)


def person(username: str | None) -> User | None:
    """Give the active person of this user name, None for no name. Exits with 2 for a wrong one."""
    if username is None:
        return None
    found = User.objects.filter(username=username, is_active=True).first()
    return found or usage(f"There is no active person with the user name {username}.")


def read(path: str, most_bytes: int) -> bytes:
    """Read a file, at most one byte more than allowed. Exits with 2 when it cannot be opened."""
    try:
        with open(path, "rb") as file:
            return file.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        usage(f"{path} cannot be opened: {error}")
