from accounts.actions.delegations import delegate, end_delegation, end_delegations
from accounts.actions.people import (
    add_person,
    change_person,
    deactivate_person,
    leave_start_page,
    move_person,
    reactivate_person,
    set_password,
    set_roles,
)
from accounts.actions.people_files import PeopleImported, PeopleRejected, import_people
from accounts.actions.refusal import Refused
from accounts.actions.teams import add_team, change_team, name_supervisor
from accounts.permissions import ROLES

__all__ = [
    "ROLES",
    "PeopleImported",
    "PeopleRejected",
    "Refused",
    "add_person",
    "add_team",
    "change_person",
    "change_team",
    "deactivate_person",
    "delegate",
    "end_delegation",
    "end_delegations",
    "import_people",
    "leave_start_page",
    "move_person",
    "name_supervisor",
    "reactivate_person",
    "set_password",
    "set_roles",
]
