"""What a person may do by role; who supervises whom is a fact and stands in `queries`."""

from typing import Any

ADMINISTRATORS = "Administrators"
AUDITORS = "Auditors"
ROLES = (ADMINISTRATORS, AUDITORS)
ROLE_LABELS = {ADMINISTRATORS: "Administrator", AUDITORS: "Auditor"}


def role_names(user: Any) -> frozenset[str]:
    """Give the names of the person's groups, read once per request's user object."""
    if not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_role_names"):
        user._role_names = frozenset(user.groups.values_list("name", flat=True))
    names: frozenset[str] = user._role_names
    return names


def forget_roles(user: Any) -> None:
    """Let the groups be read again after they changed."""
    vars(user).pop("_role_names", None)


def is_administrator(user: Any) -> bool:
    return ADMINISTRATORS in role_names(user)


def is_auditor(user: Any) -> bool:
    return AUDITORS in role_names(user)
