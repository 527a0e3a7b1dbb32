from django.db import transaction
from django.db.models import Q, QuerySet
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
    *,
    version: FrameworkVersion,
    old: Statement,
    new: Statement,
    by: User,
    since: int | None = None,
) -> None:
    """Decide that two wordings are one competency; what was decided of either before falls.

    What was decided after the decision numbered `since` was not seen and stands; None asks for
    no such check. Raises PairingRefused: when the version is no draft or a statement is not of
    this comparison, too.
    """
    version = _draft(version, old, new)
    if not _cleared(version, {(old.pk, new.pk)}, since):
        return
    kind = kind_of(_wording(old), _wording(new))
    _decide(version, kind, old, new, by)


@transaction.atomic
def separate_statements(
    *,
    version: FrameworkVersion,
    old: Statement | None,
    new: Statement | None,
    by: User,
    since: int | None = None,
) -> None:
    """Decide that the old wording is retired and the new one is new, as `pair_statements` does.

    Raises PairingRefused.
    """
    version = _draft(version, old, new)
    wanted: set[tuple[int | None, int | None]] = {(old.pk, None)} if old else set()
    if not _cleared(version, wanted | ({(None, new.pk)} if new else set()), since):
        return
    if old is not None:
        _decide(version, ChangeKind.RETIRED, old, None, by)
    if new is not None:
        _decide(version, ChangeKind.NEW, None, new, by)


@transaction.atomic
def undo_pairing(
    *,
    version: FrameworkVersion,
    old: Statement | None,
    new: Statement | None,
    since: int | None = None,
) -> None:
    """Forget what was decided of these statements; nothing is said where nothing was.

    Raises PairingRefused.
    """
    version = _draft(version, old, new)
    _seen(_decided_on(version, old.pk if old else None, new.pk if new else None), since).delete()


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


def _decided_on(
    version: FrameworkVersion, old: int | None, new: int | None
) -> QuerySet[StatementChange]:
    touched = Q(pk__in=[])
    if old is not None:
        touched |= Q(old_statement=old)
    if new is not None:
        touched |= Q(new_statement=new)
    return version.changes.filter(touched)


def _seen(decisions: QuerySet[StatementChange], since: int | None) -> QuerySet[StatementChange]:
    """Give them back. Raises PairingRefused when one of them was made after `since`."""
    if since is None:
        return decisions
    later = decisions.filter(pk__gt=since).select_related("confirmed_by").order_by("pk")
    if found := later.last():
        together = found.old_statement_id and found.new_statement_id
        what = "the same competency" if together else "two different statements"
        raise PairingRefused(
            f"{found.confirmed_by} decided on this meanwhile: {what}. That stands, and yours is"
            " not saved. Answer again if you see it otherwise."
        )
    return decisions


def _cleared(
    version: FrameworkVersion, wanted: set[tuple[int | None, int | None]], since: int | None
) -> bool:
    """Forget what stands against it; False when just this was decided before. Raises."""
    decisions = version.changes.none()
    for old, new in wanted:
        decisions |= _decided_on(version, old, new)
    standing = set(decisions.values_list("old_statement_id", "new_statement_id"))
    if standing == wanted:
        return False
    _seen(decisions, since).delete()
    return True


def _decide(
    version: FrameworkVersion,
    kind: ChangeKind,
    old: Statement | None,
    new: Statement | None,
    by: User,
) -> None:
    StatementChange.objects.create(
        version=version,
        kind=kind,
        old_statement=old,
        new_statement=new,
        confirmed_by=by,
        confirmed_at=timezone.now(),
    )


def _wording(statement: Statement) -> Wording:
    return Wording(statement.level.key, statement.position, statement.text)
