from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction


class Refused(Exception):
    """The change cannot be made; the message is a sentence for the person."""


@contextmanager
def unique(sentence: str) -> Iterator[None]:
    """Turn what the database refuses as taken into this sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refused(sentence) from None
