"""A pack of records with what the tables know of their assessments and frameworks."""

from typing import IO

from django.db.models import QuerySet

from accounts.models import User
from assessments import pack_queries
from records import packs
from records.models import Record
from records.pack_queries import publications_of, versions_published_by, with_those_named
from records.printing import as_pdf

ALL_CHANGES = ""
OWN_CHANGES = ", as far as {reader} entered them"


def examiner_pack(
    asked: QuerySet[Record],
    readable: QuerySet[Record],
    *,
    about: str,
    reader: User | None,
    unseen: frozenset[int] = frozenset(),
) -> IO[bytes]:
    """Make the pack of the records asked for, for somebody who may read the readable ones.

    `reader` is None for a command line, which reads everything. `unseen` are records of
    assessments that the reader is to judge without knowing them: nothing of these is in it.
    """
    numbers = with_those_named(asked, readable)
    assessments = pack_queries.assessments_behind(numbers)
    assessments -= pack_queries.assessments_behind(unseen)
    versions = pack_queries.versions_behind(assessments) | versions_published_by(numbers)
    numbers = sorted({*numbers, *publications_of(versions, readable)})
    reads_all = pack_queries.reads_all(reader)
    beside = packs.Beside(
        frameworks=pack_queries.framework_files(versions),
        history=pack_queries.history_of(assessments, reader),
        history_is=ALL_CHANGES if reads_all else OWN_CHANGES.format(reader=reader),
        notices=pack_queries.notices_of(versions),
    )
    maker = "the operator of the server" if reader is None else str(reader)
    return packs.make_pack(packs.Asked(numbers, about, maker), beside, printed=as_pdf)
