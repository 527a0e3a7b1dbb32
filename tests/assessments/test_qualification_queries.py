import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Delegation, Team, User
from assessments import actions
from assessments.qualification_queries import Signer, TeamGaps, qualification
from tests import builders

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
LABELS = ["Emerging", "Developing", "Proficient", "Advanced"]


def missing(*teams: Team, standing: bool = True, second: bool = False) -> list[TeamGaps]:
    return qualification(teams, builders.published_version().pk, standing, second, TODAY)


def appoint(person: User, rank: int) -> Any:
    return actions.appoint(
        person=person,
        up_to_level=builders.published_version().levels.get(rank=rank),
        reason="Nobody holds a placement yet.",
        ends_on=TODAY + datetime.timedelta(days=90),
        by=builders.administrator(),
    )


def delegate(giver: User, to: User) -> None:
    Delegation.objects.create(
        from_supervisor=giver,
        to_supervisor=to,
        starts_on=TODAY,
        ends_on=TODAY,
        reason="On leave.",
        made_at=timezone.now(),
    )


def team_of(*names: str, supervisor: User | None = None) -> Team:
    team = builders.team(supervisor or builders.user("Helen Okafor"))
    for name in names:
        builders.user(name, team=team)
    return team


def test_qualification_names_the_levels_that_nobody_may_sign():
    team = team_of("Priya Raman")
    appoint(team.supervisor, 2)

    [row] = missing(team)

    [gap] = row.gaps
    assert (row.team, row.members, row.unsupervised) == (team, 1, [])
    assert gap.signers == [Signer(team.supervisor, "Developing")]
    assert gap.levels_in_words == "Proficient and Advanced"


def test_qualification_of_a_firm_in_its_first_year_finds_nobody_for_any_level():
    team = team_of("Priya Raman")

    [row] = missing(team)

    assert row.gaps[0].signers == [Signer(team.supervisor, "")]
    assert row.gaps[0].levels == LABELS


def test_qualification_finds_nothing_missing_where_somebody_may_sign_all():
    team = team_of("Priya Raman")
    appoint(team.supervisor, 4)

    assert missing(team) == []


def test_qualification_needs_no_standing_where_the_cycle_does_not():
    assert missing(team_of("Priya Raman"), standing=False) == []


def test_qualification_counts_a_delegate_of_today():
    team = team_of("Priya Raman")
    marcus = builders.user("Marcus Bell")
    delegate(team.supervisor, marcus)
    appoint(marcus, 3)

    [row] = missing(team)

    assert row.gaps[0].signers == [Signer(team.supervisor, ""), Signer(marcus, "Proficient")]
    assert row.gaps[0].levels == ["Advanced"]


def test_qualification_names_people_without_a_supervisor():
    team = team_of("Priya Raman", "Ben Castillo")
    User.objects.filter(pk=team.supervisor_id).update(is_active=False)

    [row] = missing(team, standing=False, second=True)

    assert [str(person) for person in row.unsupervised] == ["Ben Castillo", "Priya Raman"]
    assert row.gaps == []


def test_qualification_tells_people_of_one_team_apart():
    helen = builders.user("Helen Okafor")
    ines = builders.user("Ines Director")
    team = team_of("Priya Raman", supervisor=helen)
    Team.objects.filter(pk=team.pk).update(parent=builders.team(ines))
    User.objects.filter(pk=helen.pk).update(team=team)
    appoint(helen, 4)

    [row] = missing(team)

    assert [(gap.clerks, gap.signers) for gap in row.gaps] == [([helen], [Signer(ines, "")])]
    assert (row.members, row.unsupervised) == (2, [])


def test_qualification_asks_for_two_people_for_the_highest_level():
    team = team_of("Priya Raman")
    alone = missing(team, standing=False, second=True)

    appoint(builders.user(), 3)
    too_low = missing(team, standing=False, second=True)
    appoint(builders.user(), 4)

    assert [row.gaps[0].second for row in alone] == ["Advanced"]
    assert [row.gaps[0].second for row in too_low] == ["Advanced"]
    assert missing(team, standing=False, second=True) == []


def test_qualification_counts_who_is_above_as_second_signer():
    team = team_of("Priya Raman")
    Team.objects.filter(pk=team.pk).update(parent=builders.team())

    assert missing(team, standing=False, second=True) == []


def test_qualification_lets_the_same_person_sign_only_once():
    team = team_of("Priya Raman")
    appoint(team.supervisor, 4)

    assert [row.gaps[0].second for row in missing(team, second=True)] == ["Advanced"]


def test_qualification_does_not_let_the_clerk_be_the_second_signer():
    team = team_of("Priya Raman")
    appoint(team.members.get(), 4)

    [row] = missing(team, standing=False, second=True)

    assert row.gaps[0].second == "Advanced"


def test_qualification_has_nothing_to_say_of_a_team_without_people():
    assert missing(builders.team(), second=True) == []


def test_qualification_asks_as_much_for_one_team_as_for_three():
    def asked(*teams: Team) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(missing(*teams, second=True)) == len(teams)
        return len(captured)

    first = team_of("Priya Raman", supervisor=builders.user())
    appoint(first.supervisor, 2)
    one = asked(first)
    more = [team_of("", "", "", supervisor=builders.user()) for _ in range(2)]
    for team in more:
        appoint(team.supervisor, 3)

    assert asked(first, *more) == one == 8  # one of them finds the version
