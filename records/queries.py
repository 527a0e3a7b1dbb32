import json
from typing import Any, NamedTuple

from records import sealing
from records.models import Record, SigningKey


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
        and sealing.seal_holds(record.digest, record.seal, key.public_key),
        link_holds=record.previous_digest == previous,
        public_key=key.public_key if key else "",
    )


class RatedStatement(NamedTuple):
    """A statement as it was sealed, with the three answers of one round."""

    position: int
    text: str
    by_clerk: dict[str, Any] | None
    by_supervisor: dict[str, Any] | None
    agreed: dict[str, Any] | None


class RatedLevel(NamedTuple):
    """A level as it was sealed; `result` is what the rule said of it."""

    label: str
    statements: list[RatedStatement]
    result: dict[str, Any] | None


def rated_levels(payload: dict[str, Any], round_number: int) -> list[RatedLevel]:
    """Lay a sign-off's payload out by level, with the ratings of one round."""
    rounds = [found for found in payload["rounds"] if found["round"] == round_number]
    answers = {
        (role, rating["level"], rating["position"]): rating
        for found in rounds
        for role in ("self", "supervisor", "agreed")
        for rating in found.get(role, [])
    }
    results = payload["suggestion"]["levels"] if round_number == payload["round"] else []
    return [
        RatedLevel(
            level["label"],
            [
                RatedStatement(
                    statement["position"],
                    statement["text"],
                    answers.get(("self", number, statement["position"])),
                    answers.get(("supervisor", number, statement["position"])),
                    answers.get(("agreed", number, statement["position"])),
                )
                for statement in level["statements"]
            ],
            results[number] if number < len(results) else None,
        )
        for number, level in enumerate(payload["levels"])
    ]


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
        },
        ensure_ascii=False,
        indent=2,
    )
