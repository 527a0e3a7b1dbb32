import datetime
import hashlib
import json
from typing import Literal, NamedTuple

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from frameworks.actions.drafts import LONGEST_LABEL, name_version
from frameworks.documents import (
    Document,
    Problem,
    content_digest,
    split_statement,
    text_digest,
)
from frameworks.models import Framework, FrameworkVersion, Level, Statement
from frameworks.queries import facts_of, label_warnings
from frameworks.validation import read


class ImportRejected(Exception):
    """The file is refused and nothing was written; all its problems, warnings too."""

    def __init__(self, problems: list[Problem], document: Document | None = None) -> None:
        super().__init__(problems[0].message)
        self.problems = problems
        self.document = document


class ImportOutcome(NamedTuple):
    """What an import did; `version` is None after a dry run of something new."""

    status: Literal["imported", "already_imported", "valid"]
    document: Document
    version: FrameworkVersion | None
    problems: list[Problem]


@transaction.atomic
def import_version(
    *, data: bytes, by: User | None, label: str | None = None, dry_run: bool = False
) -> ImportOutcome:
    """Read a framework file and store it as a draft. Raises ImportRejected.

    The same content, whatever its time of export, is recognised and not stored again; `label`
    names it when it has no name yet.
    """
    now = timezone.now()
    document, tree, problems = read(data)
    if document is None or tree is None:
        raise ImportRejected(problems)
    given = _checked_label(label, document, problems)
    digest = content_digest(tree.value)
    if not dry_run:
        _lock_framework(document)
    known = FrameworkVersion.objects.filter(
        framework__soc=document.soc, content_digest=digest
    ).first()
    if known is not None:
        return _recognise(known, given, document, problems, by=by, dry_run=dry_run)

    document = document.model_copy(update={"label": given or document.label})
    problems = label_warnings(document) + problems
    if dry_run:
        return ImportOutcome("valid", document, None, problems)
    version = _store(document, data, digest, by=by, at=now)
    return ImportOutcome("imported", document, version, problems)


def _lock_framework(document: Document) -> None:
    """Make the occupation when it is new, and let one import of it after the other."""
    Framework.objects.get_or_create(soc=document.soc, defaults=facts_of(document))
    Framework.objects.select_for_update().get(soc=document.soc)


def _checked_label(label: str | None, document: Document, problems: list[Problem]) -> str:
    """Give the label asked for, "" for none. Raises ImportRejected when it cannot be."""
    given = (label or "").strip()
    if label is not None and not given:
        _reject("The label given is empty.", document, problems)
    if len(given) > LONGEST_LABEL or "\x00" in given:
        _reject(f"A label has at most {LONGEST_LABEL} characters.", document, problems)
    if given and document.label and given != document.label:
        _reject(
            f"The file names itself {document.label}; it cannot be called {given}.",
            document,
            problems,
        )
    return given


def _reject(message: str, document: Document, problems: list[Problem]) -> None:
    raise ImportRejected(
        [Problem("error", "framework.version", None, message), *problems], document
    )


def _recognise(
    known: FrameworkVersion,
    label: str,
    document: Document,
    problems: list[Problem],
    *,
    by: User | None,
    dry_run: bool,
) -> ImportOutcome:
    if label and known.label and label != known.label:
        _reject(
            f"This content was imported as {known.label}; it cannot be called {label}.",
            document,
            problems,
        )
    if label and not known.label and not dry_run:
        known = name_version(version=known, label=label, by=by)
    return ImportOutcome("valid" if dry_run else "already_imported", document, known, problems)


def _store(
    document: Document, data: bytes, digest: str, *, by: User | None, at: datetime.datetime
) -> FrameworkVersion:
    version = FrameworkVersion.objects.create(
        framework=Framework.objects.get(soc=document.soc),
        label=document.label,
        description=document.description,
        context_covered=document.context_covered,
        schema_version=document.schema_version,
        exported_at=document.exported_at,
        sources=json.dumps(document.sources, ensure_ascii=False) if document.sources else "",
        attribution=document.attribution,
        source_bytes=data,
        source_sha256=hashlib.sha256(data).hexdigest(),
        content_digest=digest,
        imported_at=at,
        imported_by=by,
    )
    levels = Level.objects.bulk_create(
        Level(version=version, key=part.key, label=part.label, rank=rank)
        for rank, part in enumerate(document.levels, start=1)
    )
    Statement.objects.bulk_create(
        _statement(version, level, position, text)
        for level, part in zip(levels, document.levels, strict=True)
        for position, text in enumerate(part.statements, start=1)
    )
    return version


def _statement(version: FrameworkVersion, level: Level, position: int, text: str) -> Statement:
    topic, behaviour = split_statement(text)
    return Statement(
        version=version,
        level=level,
        position=position,
        text=text,
        topic=topic,
        behaviour=behaviour,
        text_digest=text_digest(text),
    )
