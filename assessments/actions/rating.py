import datetime
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from assessments import workflow
from assessments.actions.refusals import Moved
from assessments.actions.steps import check_person, where_it_stands
from assessments.models import Assessment, Rating, RatingChange, Role
from assessments.review_queries import other_review
from assessments.scales import NOT_PART_OF_ROLE
from assessments.screening import find_forbidden

LONGEST_NOTE = 2000
LONGEST_REFERENCE = 200
# Control and format characters, line and paragraph separators: what is shown would not be the text.
HIDDEN = ("Cc", "Cf", "Zl", "Zp")


class Entry(NamedTuple):
    """One answer as the person gave it; `revision` is the one they saw, 0 for none yet.

    Without a point the choice made before stays, and a copy from the round before stays one.
    """

    statement_id: int
    point: int | None
    note: str
    revision: int
    reference: str = ""


class RatingRefused(Exception):
    """The answer cannot be stored; the message is a sentence for the person.

    `field` is "note" or "reference" where the sentence is about one of them.
    """

    def __init__(self, statement_id: int, message: str, field: str = "") -> None:
        super().__init__(message)
        self.statement_id = statement_id
        self.field = field


class Conflict(Exception):
    """Answers were changed elsewhere since they were drawn: the ratings as they stand now."""

    def __init__(self, ratings: list[Rating]) -> None:
        super().__init__("This answer was changed in another window.")
        self.ratings = ratings


def save_rating(*, assessment: Assessment, role: Role, entry: Entry, by: User) -> Rating:
    """Save one answer; see save_ratings."""
    return save_ratings(assessment=assessment, role=role, entries=[entry], by=by)[0]


@transaction.atomic
def save_ratings(
    *, assessment: Assessment, role: Role, entries: Sequence[Entry], by: User
) -> list[Rating]:
    """Save answers of the current round, all or none, and give the ratings as they now stand.

    The same answer sent twice is saved once. Raises RatingRefused, Conflict, Moved, NotYours.
    """
    now = timezone.now()
    step = workflow.RATE_SELF if role == Role.SELF else workflow.RATE_CLERK
    check_person(step, assessment, by)
    _claim(assessment, step)
    _check_entries(assessment, entries)
    existing = _existing(assessment, role, by, [entry.statement_id for entry in entries])
    _check_reasons(entries, existing)
    stale = [
        found
        for entry in entries
        if (found := existing.get(entry.statement_id))
        and found.revision != entry.revision
        and not _same(found, entry)
    ]
    if stale:
        raise Conflict(stale)
    return _write(assessment, role, entries, existing, by, now)


def _claim(assessment: Assessment, step: workflow.Step) -> None:
    """Count the assessment's revision up if it is still open to this: lock and check in one."""
    claimed = Assessment.objects.filter(pk=assessment.pk, state__in=step.from_states).update(
        revision=F("revision") + 1
    )
    assessment.refresh_from_db(fields=["state", "round", "revision"])
    if not claimed:
        raise Moved(f"{where_it_stands(assessment)} What you just entered was not saved.")


def _check_entries(assessment: Assessment, entries: Sequence[Entry]) -> None:
    scale = assessment.cycle.the_scale
    points = {None, *scale.values}
    asked = {entry.statement_id for entry in entries}
    known = set(assessment.version.statements.filter(pk__in=asked).values_list("pk", flat=True))
    for entry in entries:
        number = entry.statement_id
        if number not in known or entry.point not in points:
            raise RatingRefused(number, "This is not an answer of this assessment.")
        _check_note(entry)
        _check_reference(entry)


def _check_note(entry: Entry) -> None:
    number = entry.statement_id
    if len(entry.note) > LONGEST_NOTE:
        raise RatingRefused(number, f"A note has at most {LONGEST_NOTE} characters.")
    if "\x00" in entry.note:
        raise RatingRefused(number, "The note holds a character that cannot be stored.")
    if forbidden := find_forbidden(entry.note):
        raise RatingRefused(number, forbidden, "note")


def _check_reference(entry: Entry) -> None:
    number, reference = entry.statement_id, entry.reference.strip()
    if len(reference) > LONGEST_REFERENCE:
        sentence = f"A reference has at most {LONGEST_REFERENCE} characters."
        raise RatingRefused(number, sentence, "reference")
    if any(unicodedata.category(character) in HIDDEN for character in reference):
        sentence = "The reference holds a character that cannot be shown. Type it anew."
        raise RatingRefused(number, sentence, "reference")
    if forbidden := find_forbidden(reference):
        raise RatingRefused(number, forbidden, "reference")


def _check_reasons(entries: Sequence[Entry], existing: dict[int, Rating]) -> None:
    for entry in entries:
        rating = existing.get(entry.statement_id)
        if _point(rating, entry) == NOT_PART_OF_ROLE and not entry.note.strip():
            raise RatingRefused(entry.statement_id, "Write why it is not part of the role.")


def _point(rating: Rating | None, entry: Entry) -> int | None:
    if entry.point is None and rating is not None:
        return rating.point
    return entry.point


def _existing(
    assessment: Assessment, role: Role, by: User, statement_ids: list[int]
) -> dict[int, Rating]:
    ratings = assessment.ratings.filter(role=role, round=assessment.round)
    if role == Role.SUPERVISOR and (other := other_review(assessment, by)):
        raise Moved(f"{other.in_words} Take it over to start blank, or leave it to them.")
    # A new supervisor starts blank; what the former one left stays in the history only.
    if role == Role.SUPERVISOR:
        ratings.exclude(author=by).delete()
    return {r.statement_id: r for r in ratings.filter(statement_id__in=statement_ids)}


def _same(rating: Rating, entry: Entry) -> bool:
    return (
        rating.point == _point(rating, entry)
        and rating.note == entry.note.strip()
        and rating.reference == entry.reference.strip()
    )


def _confirms(rating: Rating, entry: Entry) -> bool:
    return rating.needs_confirmation and entry.point is not None


def _write(
    assessment: Assessment,
    role: Role,
    entries: Sequence[Entry],
    existing: dict[int, Rating],
    by: User,
    now: datetime.datetime,
) -> list[Rating]:
    created: list[Rating] = []
    changed: list[Rating] = []
    result: list[Rating] = []
    for entry in entries:
        rating = existing.get(entry.statement_id)
        if rating is None:
            rating = Rating(
                assessment=assessment,
                statement_id=entry.statement_id,
                role=role,
                round=assessment.round,
                author=by,
                revision=0,
            )
            created.append(rating)
        elif not _same(rating, entry) or _confirms(rating, entry):
            changed.append(rating)
        else:
            result.append(rating)
            continue
        rating.point = _point(rating, entry)
        rating.note = entry.note.strip()
        rating.reference = entry.reference.strip()
        rating.needs_confirmation = rating.needs_confirmation and entry.point is None
        rating.revision += 1
        rating.saved_at = now
        result.append(rating)
    Rating.objects.bulk_create(created)
    if changed:
        fields = ["point", "note", "reference", "needs_confirmation", "revision", "saved_at"]
        Rating.objects.bulk_update(changed, fields)
    remember(created + changed)
    return result


def remember(ratings: Sequence[Rating]) -> None:
    """Write the ratings as they stand now to the history."""
    RatingChange.objects.bulk_create(
        RatingChange(
            assessment_id=rating.assessment_id,
            statement_id=rating.statement_id,
            role=rating.role,
            round=rating.round,
            author_id=rating.author_id,
            point=rating.point,
            note=rating.note,
            reference=rating.reference,
            revision=rating.revision,
            at=rating.saved_at,
        )
        for rating in ratings
    )
