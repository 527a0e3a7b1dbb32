"""Database triggers: a record is only ever added, whoever asks and by whichever connection."""

from functools import partial

from brokerage_skills import triggers
from brokerage_skills.triggers import refuse

GUARDS = [
    *refuse(
        "record_is_sealed",
        "records_record",
        "A sealed record cannot be changed.",
        "sequence",
        "digest",
        "previous_digest",
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
