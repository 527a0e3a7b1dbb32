"""Database triggers: a record is only ever added, whoever asks and by whichever connection."""

from functools import partial

from brokerage_skills import triggers
from brokerage_skills.triggers import Guard, refuse

TAKEN_BACK = "Only a sign-off is revoked."

GUARDS = [
    *refuse(
        "record_is_sealed",
        "records_record",
        "A sealed record cannot be changed.",
        "sequence",
        "digest",
        "previous_digest",
        "supersedes_id",
    ),
    Guard(
        "record_revokes_a_sign_off",
        "records_record",
        "INSERT",
        TAKEN_BACK,
        "NEW.kind = 'revocation' AND NOT EXISTS (SELECT 1 FROM records_record AS t"
        " WHERE t.sequence = NEW.supersedes_id AND t.kind IN ('sign_off', 'supersession'))",
    ),
    *refuse(
        "signing_key_is_kept", "records_signingkey", "A signing key is kept as it is.", "key_id"
    ),
    *refuse(
        "verification_is_kept", "records_verification", "A verification is kept as it was.", "id"
    ),
]

install = partial(triggers.install, guards=GUARDS)
drop = partial(triggers.drop, guards=GUARDS)
