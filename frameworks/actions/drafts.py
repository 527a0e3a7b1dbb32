from django.db import transaction

from accounts.models import User
from frameworks.models import Framework, FrameworkVersion, VersionState

LONGEST_LABEL = 40


class PublishRefused(Exception):
    """The version cannot be published or retired so; the message is a sentence."""


def locked(version: FrameworkVersion) -> FrameworkVersion:
    """Lock the framework, which owns the rules, and read the version anew.

    Raises PublishRefused when it was discarded meanwhile.
    """
    framework = Framework.objects.select_for_update().get(pk=version.framework_id)
    found = framework.versions.filter(pk=version.pk).first()
    if found is None:
        raise PublishRefused("This draft was discarded meanwhile.")
    return found


@transaction.atomic
def name_version(*, version: FrameworkVersion, label: str, by: User | None) -> FrameworkVersion:
    """Name a draft that has no name yet. Raises PublishRefused."""
    version = locked(version)
    label = label.strip()
    if version.state != VersionState.DRAFT or version.label:
        raise PublishRefused(f"{version} has its name already.")
    if not label or len(label) > LONGEST_LABEL or "\x00" in label:
        raise PublishRefused(f"A version's name has 1 to {LONGEST_LABEL} characters.")
    version.label = label
    version.save(update_fields=["label"])
    return version


@transaction.atomic
def discard_version(*, version: FrameworkVersion, by: User | None) -> None:
    """Delete a draft with its statements. Raises PublishRefused for anything else."""
    version = locked(version)
    if version.state != VersionState.DRAFT:
        raise PublishRefused("Only a draft can be discarded.")
    version.changes.all().delete()
    version.statements.all().delete()
    version.levels.all().delete()
    version.delete()
