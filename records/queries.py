import datetime
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from accounts.models import User
from records import sealing
from records.models import Record, RecordKind, SigningKey


class Check(NamedTuple):
    """What looking at one record again found."""

    digest_holds: bool
    seal_holds: bool
    link_holds: bool
    public_key: str

    @property
    def is_unchanged(self) -> bool:
        return self.digest_holds and self.seal_holds and self.link_holds


def check(record: Record) -> Check:
    """Hash the record again, check its seal and that it follows the one before: 2 queries."""
    key = SigningKey.objects.filter(pk=record.key_id).first()
    before = Record.objects.filter(sequence=record.sequence - 1).first()
    previous = before.digest if before else sealing.NO_DIGEST
    return Check(
        digest_holds=sealing.chained_digest(record.previous_digest, record.payload)
        == record.digest,
        seal_holds=key is not None
        and sealing.key_id(key.public_key) == record.key_id
        and sealing.seal_holds(record.digest, record.seal, key.public_key),
        link_holds=record.previous_digest == previous,
        public_key=key.public_key if key else "",
    )


def envelope(
    kind: str, at: datetime.datetime, subject: User | None, supersedes: Record | None
) -> dict[str, Any]:
    """Give what the columns beside the payload say, as the payload holds it."""
    return {
        "kind": str(kind),
        "sealed_at": at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "subject": subject.pk if subject else None,
        "supersedes": supersedes.pk if supersedes else None,
    }


def payload_of(record: Record) -> dict[str, Any]:
    """Read the sealed text as data; {} where it is none."""
    try:
        payload = json.loads(record.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def framework_names(records: Iterable[Record]) -> dict[int, str]:
    """Name the framework version of each record about one, as it was sealed: one query."""
    kinds = (RecordKind.FRAMEWORK_PUBLISHED, RecordKind.FRAMEWORK_RETIRED)
    wanted = [record.pk for record in records if record.kind in kinds]
    found = {
        record.pk: payload_of(record).get("framework") or {}
        for record in Record.objects.filter(pk__in=wanted).only("payload")
    }
    return {pk: f"{named.get('title', '')} {named.get('label', '')}" for pk, named in found.items()}


class RatedStatement(NamedTuple):
    """A statement as it was sealed, with the three answers of one round."""

    position: int
    text: str
    by_clerk: dict[str, Any] | None
    by_supervisor: dict[str, Any] | None
    agreed: dict[str, Any] | None

    @property
    def notes(self) -> list[dict[str, Any]]:
        """Give the ratings that say why; an agreed one only where it says something of its own."""
        sides = [rating for rating in (self.by_clerk, self.by_supervisor) if rating]
        noted = [r for r in sides if r.get("note") or r.get("reference")]
        agreed = self.agreed or {}
        if agreed.get("note") and agreed["note"] not in [rating["note"] for rating in noted]:
            noted.append(agreed)
        return noted


class RatedLevel(NamedTuple):
    """A level as it was sealed; `result` is what the rule said of it."""

    label: str
    statements: list[RatedStatement]
    result: dict[str, Any] | None


class RatedRound(NamedTuple):
    """One pass between clerk and supervisor; `supervisor` names who rated in it."""

    number: int
    returned_reason: str
    supervisor: str
    levels: list[RatedLevel]
    reconciled: list[dict[str, Any]]


def rated_rounds(payload: dict[str, Any]) -> list[RatedRound]:
    """Lay out a sign-off's payload by round, level and statement, the signed round last."""
    rounds = _with_both_sides(payload)
    return [
        RatedRound(
            found["round"],
            found.get("returned_reason") or "",
            _who_rated(found.get("supervisor") or []),
            _levels(payload, found, is_signed=found is rounds[-1]),
            _reconciled(payload, found),
        )
        for found in rounds
    ]


def _with_both_sides(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Give a correction's round what both sides said last in the rounds before it."""
    rounds: list[dict[str, Any]] = payload.get("rounds") or []
    if not payload.get("correction") or not rounds:
        return rounds
    said: dict[str, dict[Any, Any]] = {"self": {}, "supervisor": {}}
    for found in rounds:
        for side, answers in said.items():
            answers |= {(r["level"], r["position"]): r for r in found.get(side) or []}
    settled = [found["reconciled"] for found in rounds if found.get("reconciled")]
    sides = {side: list(answers.values()) for side, answers in said.items()}
    return [*rounds[:-1], rounds[-1] | sides | {"reconciled": settled[-1] if settled else []}]


def _reconciled(payload: dict[str, Any], found: dict[str, Any]) -> list[dict[str, Any]]:
    """Give what was settled between the two sides, each with its level's label."""
    labels = [level["label"] for level in payload.get("levels") or []]
    return [
        {**talk, "label": labels[talk["level"]] if talk["level"] < len(labels) else ""}
        for talk in found.get("reconciled") or []
    ]


def _who_rated(ratings: list[dict[str, Any]]) -> str:
    names = {rating.get("author", "") for rating in ratings}
    return names.pop() if len(names) == 1 else "Supervisor"


def _levels(payload: dict[str, Any], found: dict[str, Any], *, is_signed: bool) -> list[RatedLevel]:
    answers = {
        (role, rating["level"], rating["position"]): rating
        for role in ("self", "supervisor", "agreed")
        for rating in found.get(role) or []
    }
    results = (payload.get("suggestion") or {}).get("levels") or [] if is_signed else []
    return [
        RatedLevel(
            level["label"],
            [
                RatedStatement(
                    statement["position"],
                    statement["text"],
                    *(
                        answers.get((role, number, statement["position"]))
                        for role in ("self", "supervisor", "agreed")
                    ),
                )
                for statement in level["statements"]
            ],
            results[number] if number < len(results) else None,
        )
        for number, level in enumerate(payload.get("levels") or [])
    ]


# The kinds of change a reader looks for first; what is unchanged comes last.
KINDS = ("reworded", "moved", "new", "retired", "minor", "unchanged")


def changed_statements(payload: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Group a publication's pairing by kind."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for change in (payload.get("pairing") or {}).get("changes") or []:
        grouped.setdefault(change["kind"], []).append(change)
    return [(kind, grouped[kind]) for kind in KINDS if kind in grouped]


def as_file(record: Record) -> str:
    """Give the record as a JSON file: the sealed payload and what is needed to check it."""
    found = check(record)
    return json.dumps(
        {
            "sequence": record.sequence,
            "kind": record.kind,
            "payload": record.payload,
            "digest": record.digest,
            "previous_digest": record.previous_digest,
            "seal": record.seal,
            "key_id": record.key_id,
            "public_key": found.public_key,
            "how_to_check": "digest = SHA-256 of previous_digest followed by payload, in UTF-8;"
            " seal = Ed25519 signature of the digest's 64 hexadecimal digits by public_key.",
        },
        ensure_ascii=False,
        indent=2,
    )
