from hypothesis import given
from hypothesis import strategies as st

from accounts.tree import TeamNode, supervisors_up, teams_below

IDS = st.integers(min_value=1, max_value=6)
# Any table of teams, loops and missing parents too.
TEAMS = st.dictionaries(
    IDS, st.builds(TeamNode, st.none() | IDS, st.none() | st.integers(10, 14)), max_size=6
)


def test_supervisors_up_gives_the_nearest_first():
    teams = {1: TeamNode(None, 10), 2: TeamNode(1, None), 3: TeamNode(2, 12)}

    found = list(supervisors_up(3, 99, teams))

    assert found == [12, 10]


def test_supervisors_up_passes_over_the_person():
    teams = {1: TeamNode(None, 10), 2: TeamNode(1, 12)}

    found = list(supervisors_up(2, 12, teams))

    assert found == [10]


def test_supervisors_up_gives_each_supervisor_once():
    teams = {1: TeamNode(None, 10), 2: TeamNode(1, 10)}

    found = list(supervisors_up(2, 99, teams))

    assert found == [10]


def test_supervisors_up_of_nobodys_team_is_empty():
    assert list(supervisors_up(None, 99, {1: TeamNode(None, 10)})) == []


@given(TEAMS, st.none() | IDS, st.integers(10, 14))
def test_supervisors_up_ends_and_never_names_the_person(teams, team_id, person_id):
    found = list(supervisors_up(team_id, person_id, teams))

    assert person_id not in found
    assert len(found) == len(set(found))
    assert set(found) <= {node.supervisor_id for node in teams.values()}


@given(TEAMS, IDS)
def test_teams_below_is_closed_downwards(teams, team_id):
    found = teams_below({team_id}, teams)

    assert team_id in found
    assert {pk for pk, node in teams.items() if node.parent_id in found} <= found
