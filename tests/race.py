"""Several people at the same moment, and a small firm for them to meet in."""

import datetime
import json
import os
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import connection

from accounts import actions as accounts
from accounts.models import Team, User
from assessments import actions
from assessments.models import Assessment, Cycle, Role, SignOff
from assessments.sealed_rows import COMPARER as ASSESSMENTS
from frameworks.models import FrameworkVersion
from frameworks.sealed_rows import COMPARER as FRAMEWORKS
from records.chain import Problem
from records.verification import verify
from tests import builders

# RACE_ROUNDS=300 is the full setting.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "6"))


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, a thread each; give what each returned or raised."""
    barrier = threading.Barrier(len(calls))
    outcomes: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            outcomes[number] = call()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def went_through(outcomes: list[Any]) -> list[int]:
    """Give which calls went through; every other one must have been refused in a sentence."""
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [e for e in refused if not isinstance(e, actions.WorkflowError)] == []
    return [n for n, outcome in enumerate(outcomes) if not isinstance(outcome, Exception)]


def one_winner(*calls: Callable[[], Any]) -> int:
    """Race the calls, of which exactly one must go through; give its number."""
    (number,) = went_through(race(*calls))
    return number


def broken_records() -> list[Problem]:
    """Look at the whole ledger again, and at the tables it speaks of; give what does not hold."""
    return verify([FRAMEWORKS, ASSESSMENTS]).problems


class Firm(NamedTuple):
    """A team with two supervisors above, a delegate beside its own, and a cycle."""

    team: Team
    supervisor: User
    delegate: User
    above: User
    top: User
    cycle: Cycle

    def reviewed(self) -> Assessment:
        """Both sides of a new clerk's assessment are complete and say Fully everywhere."""
        clerk = builders.user(team=self.team)
        assessment = actions.start_assessment(cycle=self.cycle, clerk=clerk)
        builders.rate(assessment, Role.SELF)
        actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
        builders.rate(assessment, Role.SUPERVISOR)
        return actions.complete_review(assessment=assessment, by=self.supervisor)

    def reconciled(self) -> Assessment:
        return actions.reconcile_assessment(assessment=self.reviewed(), by=self.supervisor)

    def signed(self) -> SignOff:
        return sign(self.reconciled(), self.supervisor)


def firm(supervisor: User | None = None, **settings: Any) -> Firm:
    top = builders.team()
    above = builders.team(parent=top)
    team = builders.team(supervisor, parent=above)
    delegate, today = builders.user(), datetime.date.today()
    accounts.delegate(
        from_supervisor=team.supervisor,
        to_supervisor=delegate,
        starts_on=today,
        ends_on=today + datetime.timedelta(days=30),
        reason="Quarter end.",
        by=team.supervisor,
    )
    cycle = builders.cycle(team, version=small_version(), **settings)
    return Firm(team, team.supervisor, delegate, above.supervisor, top.supervisor, cycle)


def small_version() -> FrameworkVersion:
    """The seed with one statement for each level, so that many assessments are quickly made."""
    document = json.loads(builders.SEED.read_text())
    for level in document["framework"]["levels"].values():
        del level["statements"][1:]
    return actions.publish_version(
        version=builders.draft_version(json.dumps(document).encode()), by=None
    )


def sign(assessment: Assessment, by: User) -> SignOff:
    """Sign at the highest level, which is the suggested one."""
    return actions.sign_off_assessment(
        assessment=assessment,
        level=assessment.version.levels.last(),
        by=by,
        revision=assessment.revision,
        justification="Seen in the quarterly file checks.",
    )
