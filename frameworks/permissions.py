from typing import Any

from accounts.permissions import is_administrator


def can_manage_frameworks(user: Any) -> bool:
    return is_administrator(user)
