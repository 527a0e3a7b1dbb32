from frameworks.actions.drafts import (
    LONGEST_LABEL,
    PublishRefused,
    discard_version,
    name_version,
)
from frameworks.actions.importing import ImportOutcome, ImportRejected, import_version
from frameworks.actions.pairing import (
    PairingRefused,
    pair_statements,
    separate_statements,
    undo_pairing,
)
from frameworks.actions.publishing import publish_version, retire_version

__all__ = [
    "LONGEST_LABEL",
    "ImportOutcome",
    "ImportRejected",
    "PairingRefused",
    "PublishRefused",
    "discard_version",
    "import_version",
    "name_version",
    "pair_statements",
    "publish_version",
    "retire_version",
    "separate_statements",
    "undo_pairing",
]
