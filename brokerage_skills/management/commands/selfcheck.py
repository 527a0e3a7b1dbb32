import datetime
from typing import Any

from django.core.checks import Tags, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from brokerage_skills.health import Finding, findings
from brokerage_skills.serving import find_obstacles
from records.models import Verification, VerificationStatus

VERIFIED_WITHIN = datetime.timedelta(days=8)


class Command(BaseCommand):
    help = "Say line by line whether this installation may serve; exit with 1 where it may not."

    def handle(self, *args: Any, **options: Any) -> None:
        found = findings()
        if not any(finding.problem for finding in found):
            found += [_serving(), _settings(), _ledger()]
        for finding in found:
            self.stdout.write(f"{finding.name:10}  {finding.problem or 'ok'}")
        if any(finding.problem for finding in found):
            raise CommandError("Not everything is well.")


def _serving() -> Finding:
    obstacles = find_obstacles(database_must_answer=True)
    return Finding("serving", " ".join(obstacles))


def _settings() -> Finding:
    warnings = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return Finding("settings", " ".join(str(warning.msg) for warning in warnings))


def _ledger() -> Finding:
    last = Verification.objects.first()
    if last is None:
        return Finding("ledger", "It was never verified: run manage.py verify_records.")
    if last.status != VerificationStatus.OK:
        return Finding("ledger", f"It is broken: {last.first_problem}")
    if timezone.now() - last.at > VERIFIED_WITHIN:
        return Finding("ledger", f"It was last verified on {last.at:%-d %B %Y}: do it weekly.")
    return Finding("ledger", "")
