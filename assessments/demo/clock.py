import contextlib
import datetime
from collections.abc import Iterator

from django.utils import timezone


@contextlib.contextmanager
def at(day: datetime.date, hour: int = 10) -> Iterator[None]:
    """Let it be this hour of a past day meanwhile: what was signed then must say so.

    The actions ask Django for the time, and nothing else runs in the process that builds the demo.
    """
    there = datetime.datetime.combine(day, datetime.time(hour))
    moment = timezone.make_aware(there)
    now = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = now
