"""A pack: some records in a ZIP, with all that is needed to check them on another machine."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from records import sealing
from records.actions import ensure_key
from records.chain import Head
from records.models import Record, SigningKey
from records.pack import summary
from records.pack.writing import PackFile
from records.pack_queries import chunks, pages_of
from records.queries import payload_of
from records.verification import head

SHIPPED = Path(__file__).resolve().parent / "pack"


class Asked(NamedTuple):
    """What a pack is to hold: numbers of records, and in words what they are and for whom."""

    numbers: Sequence[int]
    about: str
    maker: str


class Beside(NamedTuple):
    """What other apps know of these records: files by name, the history line by line, notices.

    `history_is` says whose changes of answers are in the history.
    """

    frameworks: Iterable[tuple[str, bytes]]
    history: Iterable[Mapping[str, Any]]
    history_is: str
    notices: Sequence[str]


def make_pack(
    asked: Asked, beside: Beside, *, printed: Callable[[Record], bytes] | None = None
) -> IO[bytes]:
    """Write the pack to a temporary file, ready to be read; it is gone when it is closed.

    The same ledger gives the same bytes. Raises OSError and ValueError where the sealing key
    cannot be read.
    """
    key = ensure_key()
    found = head()
    file = tempfile.TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    try:
        last = Record.objects.only("sealed_at").get(pk=found.sequence)
        pack = PackFile(file, name_of(found), last.sealed_at)
        pack.add("README.txt", _readme(asked, beside, last, has_prints=printed is not None))
        pack.add("verify.py", (SHIPPED / "verify.py").read_bytes())
        pack.add("public-keys.json", _json(dict(_keys())))
        pack.add_parts("chain.jsonl", _chain(found))
        _add_records(pack, asked.numbers, printed)
        pack.add_parts("summary.csv", _summary(asked.numbers, found))
        pack.add_parts("events.jsonl", map(_json, beside.history))
        for name, data in beside.frameworks:
            pack.add(f"frameworks/{name}", data)
        key_id = sealing.key_id(sealing.public_hex(key))
        # The manifest itself and not its digest, which could be taken for that of a record.
        pack.close(lambda manifest: f"{key_id} {sealing.seal(manifest, key)}")
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def name_of(found: Head) -> str:
    """Name a pack by the end of the ledger that it was made of."""
    return f"examiner-pack-{found.sequence}"


def _add_records(
    pack: PackFile, numbers: Sequence[int], printed: Callable[[Record], bytes] | None
) -> None:
    for some in chunks(numbers):
        for record in Record.objects.filter(pk__in=some).order_by("pk"):
            name = f"records/{record.pk}"
            pack.add(f"{name}.json", record.payload.encode(), at=record.sealed_at)
            if printed is not None:
                pack.add(f"{name}.pdf", printed(record), at=record.sealed_at)


def _chain(found: Head) -> Iterator[bytes]:
    columns = ("sequence", "digest", "previous_digest", "seal", "key_id")
    records = Record.objects.filter(pk__lte=found.sequence).only(*columns)
    for record in pages_of(records):
        yield _json({name: getattr(record, name) for name in columns})


def _keys() -> Iterator[tuple[str, str]]:
    yield from SigningKey.objects.order_by("pk").values_list("key_id", "public_key")


def _summary(numbers: Sequence[int], found: Head) -> Iterator[bytes]:
    # Without this mark spreadsheets take UTF-8 for something else.
    yield "\ufeff".encode() + summary.line(summary.COLUMNS)
    for some in chunks(numbers):
        later = Record.objects.filter(supersedes__in=some, pk__lte=found.sequence)
        taken = dict(later.order_by().values_list("supersedes", "pk"))
        for record in Record.objects.filter(pk__in=some).order_by("pk"):
            facts = summary.facts_of(payload_of(record))
            at = record.sealed_at.isoformat(timespec="seconds")
            yield summary.line(
                (
                    *(record.pk, record.get_kind_display(), at),
                    *(*facts, record.supersedes_id, taken.get(record.pk), record.digest),
                )
            )


def _readme(asked: Asked, beside: Beside, last: Record, *, has_prints: bool) -> bytes:
    prints = "records/N.pdf      the same to read and to print\n"
    text = (SHIPPED / "README.txt").read_text("utf-8")
    return text.format(
        about=asked.about,
        maker=asked.maker,
        head=last.pk,
        at=last.sealed_at.isoformat(timespec="seconds"),
        pdf=prints if has_prints else "",
        changes=beside.history_is,
        attribution="\n".join(beside.notices),
    ).encode()


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n").encode()
