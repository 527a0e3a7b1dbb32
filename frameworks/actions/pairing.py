from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from frameworks.actions.drafts import locked
from frameworks.changes import ChangeKind, Wording
from frameworks.comparison_queries import base_of
from frameworks.diffing import kind_of
from frameworks.models import FrameworkVersion, Statement, StatementChange, VersionState


class PairingRefused(Exception):
    """The statements cannot be paired or parted so; the message is a sentence for the person."""


@transaction.atomic
def pair_statements(
    *, version: FrameworkVersion, old: Statement, new: Statement, by: User
) -> StatementChange:
    """Decide that two wordings are one competency; what was decided of either before falls.

    Raises PairingRefused when the version is no draft or a statement is not of this comparison.
    """
    version = _draft(version, old, new)
    _forget(version, old, new)
    kind = kind_of(_wording(old), _wording(new))
    return _decide(version, kind, old, new, by)


@transaction.atomic
def separate_statements(
    *, version: FrameworkVersion, old: Statement | None, new: Statement | None, by: User
) -> None:
    """Decide that the old wording is retired and the new one is new. Raises PairingRefused."""
    version = _draft(version, old, new)
    _forget(version, old, new)
    if old is not None:
        _decide(version, ChangeKind.RETIRED, old, None, by)
    if new is not None:
        _decide(version, ChangeKind.NEW, None, new, by)


@transaction.atomic
def undo_pairing(
    *, version: FrameworkVersion, old: Statement | None, new: Statement | None
) -> None:
    """Forget what was decided of these statements. Raises PairingRefused."""
    version = _draft(version, old, new)
    _forget(version, old, new)


def _draft(version: FrameworkVersion, *statements: Statement | None) -> FrameworkVersion:
    version = locked(version)
    if version.state != VersionState.DRAFT:
        raise PairingRefused(f"{version} is not a draft: its pairs are settled.")
    base = base_of(version)
    of = [found for found in (base and base.pk, version.pk) if found]
    given = [found for found in statements if found is not None]
    if not given or any(statement.version_id not in of for statement in given):
        raise PairingRefused(
            "Another version was published meanwhile. Look at the comparison again."
        )
    return version


def _forget(version: FrameworkVersion, old: Statement | None, new: Statement | None) -> None:
    touched = Q()
    if old is not None:
        touched |= Q(old_statement=old)
    if new is not None:
        touched |= Q(new_statement=new)
    version.changes.filter(touched).delete()


def _decide(
    version: FrameworkVersion,
    kind: ChangeKind,
    old: Statement | None,
    new: Statement | None,
    by: User,
) -> StatementChange:
    return StatementChange.objects.create(
        version=version,
        kind=kind,
        old_statement=old,
        new_statement=new,
        confirmed_by=by,
        confirmed_at=timezone.now(),
    )


def _wording(statement: Statement) -> Wording:
    return Wording(statement.level.key, statement.position, statement.text)
