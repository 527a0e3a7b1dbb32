from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from accounts import guards as accounts
from assessments import guards as assessments
from frameworks import guards as frameworks
from records import guards as records


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        # SQLite loses triggers when a migration rebuilds their table: see docs/adr.
        pre_migrate.connect(drop_guards, sender=self)
        post_migrate.connect(install_guards, sender=self)


def drop_guards(using: str, **_: Any) -> None:
    for guards in (assessments, frameworks, records, accounts):
        guards.drop(connections[using])


def install_guards(using: str, **_: Any) -> None:
    for guards in (accounts, records, frameworks, assessments):
        guards.install(connections[using])
