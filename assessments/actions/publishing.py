from django.db import transaction

from accounts.models import User
from assessments.models import Cycle
from frameworks import actions as frameworks
from frameworks.models import Framework, FrameworkVersion, VersionState


class VersionInUse(Exception):
    """Open cycles stand on the version; the message is a sentence for the person."""


@transaction.atomic
def publish_version(*, version: FrameworkVersion, by: User | None) -> FrameworkVersion:
    """Publish a version in place of the one before. Raises VersionInUse, PublishRefused."""
    Framework.objects.select_for_update().get(pk=version.framework_id)
    before = FrameworkVersion.objects.filter(
        framework=version.framework_id, state=VersionState.PUBLISHED
    ).exclude(pk=version.pk)
    for published in before:
        _check_unused(published)
    return frameworks.publish_version(version=version, by=by)


@transaction.atomic
def retire_version(*, version: FrameworkVersion, by: User | None) -> FrameworkVersion:
    """Retire a version. Raises VersionInUse, PublishRefused."""
    Framework.objects.select_for_update().get(pk=version.framework_id)
    _check_unused(version)
    return frameworks.retire_version(version=version, by=by)


def _check_unused(version: FrameworkVersion) -> None:
    names = list(
        Cycle.objects.filter(version=version, closed_at=None).values_list("name", flat=True)
    )
    if names:
        raise VersionInUse(
            f"{version} is in use by {', '.join(names)}. Close that first, then try again."
            " Nothing was changed."
        )
