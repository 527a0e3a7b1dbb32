import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions
from accounts.models import Delegation, User
from accounts.queries import clerk_ids_of, is_supervisor, read_firm
from accounts.tree import Delegate, TeamNode, acting_supervisors
from tests import builders
from tests.raw import refusal, replace

HELEN, GRACE, PRIYA, OLGA, BEN = 1, 2, 3, 4, 5
DESK, FIRM, BELOW = 10, 11, 12
TEAMS = {
    FIRM: TeamNode(None, OLGA),
    DESK: TeamNode(FIRM, HELEN),
    BELOW: TeamNode(DESK, PRIYA),
}


@pytest.mark.parametrize(
    ("delegates", "acting"),
    [
        ({}, [HELEN]),
        ({HELEN: [Delegate(GRACE, DESK)]}, [HELEN, GRACE]),
        ({HELEN: [Delegate(PRIYA, DESK)]}, [HELEN]),  # the clerk themself
        ({HELEN: [Delegate(BEN, BELOW)]}, [HELEN]),  # somebody the clerk supervises
        ({HELEN: [Delegate(HELEN, FIRM)]}, [HELEN]),
        ({HELEN: [Delegate(GRACE, DESK)], GRACE: [Delegate(BEN, DESK)]}, [HELEN, GRACE]),
        ({OLGA: [Delegate(GRACE, DESK)]}, [HELEN]),  # of another supervisor
    ],
)
def test_acting_supervisors_are_the_nearest_and_their_delegates(delegates, acting):
    assert acting_supervisors(DESK, PRIYA, TEAMS, delegates) == acting


@given(
    st.dictionaries(
        st.integers(1, 6),
        st.lists(st.builds(Delegate, st.integers(1, 6), st.sampled_from([DESK, FIRM, BELOW]))),
    )
)
def test_acting_supervisors_never_hold_the_clerk_or_whom_the_clerk_supervises(delegates):
    acting = acting_supervisors(DESK, PRIYA, TEAMS, delegates)

    assert acting[0] == HELEN
    assert PRIYA not in acting
    assert len(set(acting)) == len(acting)


def pair() -> tuple[User, User]:
    supervisor = builders.user("Helen Okafor")
    builders.user(team=builders.team(supervisor))
    return supervisor, builders.user("Grace Whitfield")


def delegate(giver: User, taker: User, days: int = 5, **more) -> Delegation:
    today = timezone.localdate()
    fields = {
        "starts_on": today,
        "ends_on": today + datetime.timedelta(days=days),
        "reason": "On holiday.",
        "by": giver,
        **more,
    }
    return actions.delegate(from_supervisor=giver, to_supervisor=taker, **fields)


@pytest.mark.django_db
def test_a_delegate_acts_for_the_supervisors_clerks_on_its_days_only():
    giver, taker = pair()
    clerks = clerk_ids_of(giver)

    given_ = delegate(giver, taker)

    assert clerk_ids_of(taker) == clerks == clerk_ids_of(giver)
    assert is_supervisor(taker)
    after = given_.ends_on + datetime.timedelta(days=1)
    assert clerk_ids_of(taker, read_firm(after)) == []
    before = given_.starts_on - datetime.timedelta(days=1)
    assert clerk_ids_of(taker, read_firm(before)) == []


@pytest.mark.django_db
def test_end_delegation_ends_it_at_once_and_only_once():
    giver, taker = pair()
    given_ = delegate(giver, taker)

    actions.end_delegation(delegation=given_, by=taker)

    assert clerk_ids_of(taker) == []
    with pytest.raises(actions.Refused, match="has ended already"):
        actions.end_delegation(delegation=given_, by=giver)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"days": -1}, "ends before it begins"),
        ({"days": 400}, "a year at most"),
        ({"starts_on": datetime.date(2020, 1, 1)}, "today at the earliest"),
        ({"reason": "  "}, "Write why"),
    ],
)
def test_delegate_refuses_what_makes_no_sense(fields, sentence):
    giver, taker = pair()

    with pytest.raises(actions.Refused, match=sentence):
        delegate(giver, taker, **fields)


@pytest.mark.django_db
def test_delegate_is_for_ones_own_work_or_for_an_administrator_to_do():
    giver, taker = pair()

    with pytest.raises(actions.Refused, match="their own work only"):
        delegate(giver, taker, by=taker)
    with pytest.raises(actions.Refused, match="supervises no team"):
        delegate(taker, giver)
    with pytest.raises(actions.Refused, match="somebody else"):
        delegate(giver, giver)
    delegate(giver, taker, by=builders.administrator())

    with pytest.raises(actions.Refused, match="already until"):
        delegate(giver, taker)


@pytest.mark.django_db
def test_delegate_is_between_two_who_are_active_as_the_database_has_it():
    giver, taker = pair()
    User.objects.filter(pk=taker.pk).update(is_active=False)

    with pytest.raises(actions.Refused, match="somebody else who is active"):
        delegate(giver, taker)

    User.objects.filter(pk=giver.pk).update(is_active=False)
    with pytest.raises(actions.Refused, match="is deactivated and delegates nothing"):
        delegate(giver, builders.user(), by=builders.administrator())


@pytest.mark.django_db
def test_nobody_who_is_deactivated_acts_or_is_acted_for():
    giver, taker = pair()
    clerk = User.objects.get(pk=clerk_ids_of(giver)[0])
    delegate(giver, taker)

    User.objects.filter(pk=taker.pk).update(is_active=False)
    assert read_firm().acting(clerk) == [giver.pk]

    User.objects.filter(pk=taker.pk).update(is_active=True)
    User.objects.filter(pk=giver.pk).update(is_active=False)
    assert read_firm().acting(clerk) == []
    assert clerk_ids_of(taker) == []


@pytest.mark.django_db
def test_acting_supervisors_are_the_clerks_own_and_no_delegates_of_delegates():
    giver, taker = pair()
    clerk = User.objects.get(pk=clerk_ids_of(giver)[0])
    builders.team(taker)
    delegate(giver, taker)

    delegate(taker, builders.user("Marcus Bell"))

    assert read_firm().acting(clerk) == [giver.pk, taker.pk]


@pytest.mark.django_db(transaction=True)
def test_a_delegation_is_kept_and_ended_once():
    delegate(*pair())
    changes = [
        "ends_on = '2030-01-01'",
        "reason = 'x'",
        "to_supervisor_id = from_supervisor_id",
        "ended_by_id = from_supervisor_id",
        "ended_at = '2030-01-01', reason = 'x'",
    ]
    for change in changes:
        assert "cannot be changed" in refusal(f"UPDATE accounts_delegation SET {change}")
    assert "cannot be changed" in refusal("DELETE FROM accounts_delegation")
    kept = replace("accounts_delegation", "id > 0")
    assert all("cannot be changed" in refusal(sql) for sql in kept)

    actions.end_delegation(delegation=Delegation.objects.get(), by=None)

    assert "cannot be changed" in refusal("UPDATE accounts_delegation SET ended_at = NULL")
