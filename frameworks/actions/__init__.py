from frameworks.actions.drafts import (
    LONGEST_LABEL,
    PublishRefused,
    discard_version,
    name_version,
)
from frameworks.actions.importing import ImportOutcome, ImportRejected, import_version
from frameworks.actions.publishing import publish_version, retire_version

__all__ = [
    "LONGEST_LABEL",
    "ImportOutcome",
    "ImportRejected",
    "PublishRefused",
    "discard_version",
    "import_version",
    "name_version",
    "publish_version",
    "retire_version",
]
