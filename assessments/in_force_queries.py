"""Placements in force on a day, as they were sealed, with what the signers were on that day."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from assessments.dispute_queries import unseen_record_ids
from assessments.models import Appointment, SignOff
from assessments.sign_off_queries import in_force_on, narrowed
from frameworks.models import Statement
from records import sealing
from records.models import SigningKey
from records.permissions import visible_to
from records.queries import RatedStatement, payload_of, rated_rounds

# Of statements that hold the words asked for; more say that the words are too common.
MOST_STATEMENTS = 5


class Standing(NamedTuple):
    """What a person was on a day: their own placement in force, and what they were appointed to."""

    person: User
    placed: SignOff | None
    appointed: Appointment | None


class Stated(NamedTuple):
    """A statement as it was sealed, with the answers."""

    level: str
    statement: RatedStatement


class InForce(NamedTuple):
    """One placement; `payload` is what was sealed, {} where it is not what it was any more.

    `statements` hold the words asked for; `more` counts those left out.
    """

    sign_off: SignOff
    payload: dict[str, Any]
    statements: list[Stated]
    more: int
    signers: list[Standing]


def placements_on(
    reader: User, day: datetime.date, name: str = "", words: str = ""
) -> QuerySet[SignOff]:
    """Give the sign-offs that were in force at the end of that day and that this person may read.

    `name` is of the clerk; of `words` all occur in one statement of the version each was signed on.
    """
    readable = visible_to(reader).exclude(pk__in=unseen_record_ids(reader))
    later = SignOff.objects.filter(supersedes=OuterRef("pk"), record__isnull=False).order_by()
    found = SignOff.objects.filter(record__in=readable).select_related(
        "record", "level", "clerk__team", "signed_by", "second_signed_by", "revocation__by"
    )
    found = found.select_related("assessment__version__framework").annotate(
        later_record=Subquery(later.values("record")[:1])
    )
    found = narrowed(in_force_on(found, day), name)
    if wanted := words.split():
        holding = Q()
        for word in wanted:
            holding &= Q(text__icontains=word)
        versions = Statement.objects.filter(holding).values("version")
        found = found.filter(assessment__version__in=versions)
    return found.order_by("clerk__last_name", "clerk__first_name", "clerk")


def read_in_force(
    sign_offs: Collection[SignOff], day: datetime.date, words: str = ""
) -> list[InForce]:
    """Read what was sealed of these, and what their signers were on the day: 3 queries."""
    keys = dict(SigningKey.objects.values_list("pk", "public_key"))
    signers = [
        person
        for sign_off in sign_offs
        for person in (sign_off.signed_by, sign_off.second_signed_by)
        if person
    ]
    standings = _standings(signers, day)
    found = []
    for sign_off in sign_offs:
        payload = _as_sealed(sign_off, keys)
        every = _holding(payload, words)
        framework = sign_off.assessment.version.framework_id
        found.append(
            InForce(
                sign_off,
                payload,
                every[:MOST_STATEMENTS],
                len(every[MOST_STATEMENTS:]),
                [
                    standings.get((person.pk, framework)) or Standing(person, None, None)
                    for person in (sign_off.signed_by, sign_off.second_signed_by)
                    if person
                ],
            )
        )
    return found


def _as_sealed(sign_off: SignOff, keys: dict[str, str]) -> dict[str, Any]:
    record = sign_off.record
    if record is None:
        return {}
    digest = sealing.chained_digest(record.previous_digest, record.payload)
    key = keys.get(record.key_id, "")
    if digest != record.digest or not key or not sealing.seal_holds(digest, record.seal, key):
        return {}
    return payload_of(record)


def _holding(payload: dict[str, Any], words: str) -> list[Stated]:
    """Give the statements in which all these words occur, in the round that was signed."""
    wanted = words.casefold().split()
    rounds = rated_rounds(payload) if wanted else []
    return [
        Stated(level.label, statement)
        for level in (rounds[-1].levels if rounds else [])
        for statement in level.statements
        if all(word in statement.text.casefold() for word in wanted)
    ]


def _standings(people: Iterable[User], day: datetime.date) -> dict[tuple[int, int], Standing]:
    """Give by person and framework what they were at the end of the day: 2 queries."""
    by_pk = {person.pk: person for person in people}
    everything = SignOff.objects.filter(clerk__in=by_pk, record__isnull=False)
    placed = in_force_on(everything, day).filter(valid_until__gte=day, level__isnull=False)
    appointed = Appointment.objects.filter(
        Q(ended_at=None) | Q(ended_at__date__gt=day),
        person__in=by_pk,
        appointed_at__date__lte=day,
        ends_on__gte=day,
    )
    found: dict[tuple[int, int], Standing] = {}
    for sign_off in placed.select_related("level", "assessment__version"):
        key = sign_off.clerk_id, sign_off.assessment.version.framework_id
        found[key] = Standing(by_pk[sign_off.clerk_id], sign_off, None)
    for each in appointed.select_related("up_to_level__version").order_by("up_to_level__rank"):
        key = each.person_id, each.up_to_level.version.framework_id
        before = found.get(key) or Standing(by_pk[each.person_id], None, None)
        found[key] = before._replace(appointed=each)
    return found
