import datetime
import json

import pytest
import time_machine

from assessments import actions
from assessments.models import Appointment
from records.models import Record, RecordKind
from records.queries import check
from tests import builders

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today()
IN_A_YEAR = TODAY + datetime.timedelta(days=365)


def level(key="proficient"):
    return builders.published_version().levels.get(key=key)


def appoint(person=None, **given):
    fields = {
        "reason": "Year one: nobody holds a placement yet.",
        "ends_on": IN_A_YEAR,
        **given,
        "person": person or builders.user(),
        "up_to_level": given.get("up_to_level") or level(),
        "by": given.get("by") or builders.administrator(),
    }
    return actions.appoint(**fields)


def payload(record):
    return json.loads(record.payload)


def test_appoint_seals_who_may_sign_what_until_when():
    helen = builders.user("Helen Okafor", title="Desk lead", team=builders.team())
    tomas = builders.administrator("Tomas Varga")

    appointment = appoint(helen, by=tomas)

    record, sealed = appointment.record, payload(appointment.record)
    assert (record.kind, record.subject) == (RecordKind.APPOINTMENT, helen)
    assert check(record).is_unchanged
    assert (sealed["type"], sealed["schema"]) == ("appointment", "1")
    assert (sealed["person"]["name"], sealed["appointed_by"]["name"]) == (
        "Helen Okafor",
        "Tomas Varga",
    )
    assert sealed["level"] == {"key": "proficient", "label": "Proficient", "rank": 3}
    assert sealed["framework"]["soc"] == "43-4011.00"
    assert (sealed["reason"], sealed["ends_on"]) == (
        "Year one: nobody holds a placement yet.",
        IN_A_YEAR.isoformat(),
    )
    assert sealed["meaning"] == (
        f"Until {IN_A_YEAR:%-d %B %Y}, Helen Okafor may sign placements up to Proficient in"
        " Brokerage Clerks without holding that level, wherever Helen Okafor is otherwise the one"
        " to sign."
    )


def test_appoint_holds_for_two_years_at_most():
    latest = TODAY.replace(year=TODAY.year + 2, day=min(TODAY.day, 28))

    assert appoint(ends_on=latest).ends_on == latest
    with pytest.raises(actions.WorkflowError, match="two years at most"):
        appoint(ends_on=TODAY + datetime.timedelta(days=732))


def test_appoint_may_end_today_but_not_before():
    assert appoint(ends_on=TODAY).ends_on == TODAY
    with pytest.raises(actions.WorkflowError, match="before today"):
        appoint(ends_on=TODAY - datetime.timedelta(days=1))


@pytest.mark.parametrize("reason", ["", "  \r\n "])
def test_appoint_asks_for_a_reason(reason):
    with pytest.raises(actions.WorkflowError, match="Write why"):
        appoint(reason=reason)

    assert not Appointment.objects.exists()


def test_appoint_needs_an_active_person():
    gone = builders.user("Gone Person", is_active=False)

    with pytest.raises(actions.WorkflowError, match="Gone Person is deactivated"):
        appoint(gone)


def test_appoint_needs_a_published_framework():
    draft = builders.draft_version()

    with pytest.raises(actions.WorkflowError, match="published framework"):
        appoint(up_to_level=draft.levels.first())


@pytest.mark.parametrize("kind", [builders.user, builders.auditor])
def test_appoint_is_an_administrators(kind):
    builders.administrator()

    with pytest.raises(actions.WorkflowError, match="Only an administrator"):
        appoint(by=kind())


def test_appoint_refuses_administrators_who_appoint_themselves():
    tomas = builders.administrator()
    builders.administrator()

    with pytest.raises(actions.WorkflowError, match="You cannot appoint yourself"):
        appoint(tomas, by=tomas)


def test_appoint_lets_the_only_active_administrator_appoint_themself_and_says_so():
    tomas = builders.administrator("Tomas Varga")
    other = builders.administrator()
    other.is_active = False
    other.save()

    sealed = payload(appoint(tomas, by=tomas).record)

    assert sealed["by_the_only_administrator"] is True
    assert sealed["meaning"].endswith(
        "Tomas Varga was the only administrator and appointed themself."
    )


def test_appoint_may_add_a_higher_level():
    helen = builders.user()
    tomas = builders.administrator()

    appoint(helen, by=tomas, up_to_level=level("developing"))
    appoint(helen, by=tomas, up_to_level=level("advanced"))

    assert helen.appointments.filter(ended_at=None).count() == 2


def test_end_appointment_seals_why_and_by_whom():
    tomas = builders.administrator("Tomas Varga")
    appointment = appoint(by=tomas)

    ended = actions.end_appointment(appointment=appointment, reason="Holds a placement.", by=tomas)

    record, sealed = ended.ended_record, payload(ended.ended_record)
    assert (ended.ended_by, ended.ended_reason) == (tomas, "Holds a placement.")
    assert (record.kind, record.subject) == (RecordKind.APPOINTMENT_ENDED, ended.person)
    assert (sealed["type"], sealed["reason"]) == ("appointment_ended", "Holds a placement.")
    assert sealed["appointment"]["record"] == appointment.record_id
    assert sealed["ended_by"]["name"] == "Tomas Varga"


def test_end_appointment_ends_it_once():
    tomas = builders.administrator()
    appointment = appoint(by=tomas)
    actions.end_appointment(appointment=appointment, reason="Moved on.", by=tomas)
    records = Record.objects.count()

    with pytest.raises(actions.WorkflowError, match="ended already"):
        actions.end_appointment(appointment=appointment, reason="Again.", by=tomas)

    assert Record.objects.count() == records


def test_end_appointment_asks_for_a_reason_and_an_administrator():
    tomas = builders.administrator()
    appointment = appoint(by=tomas)

    with pytest.raises(actions.WorkflowError, match="Write why it ends"):
        actions.end_appointment(appointment=appointment, reason=" ", by=tomas)
    with pytest.raises(actions.WorkflowError, match="Only an administrator"):
        actions.end_appointment(appointment=appointment, reason="Moved.", by=appointment.person)


def test_end_appointment_leaves_one_that_ran_out():
    tomas = builders.administrator()
    appointment = appoint(by=tomas, ends_on=TODAY)

    with (
        time_machine.travel(datetime.datetime.now() + datetime.timedelta(days=2)),
        pytest.raises(actions.WorkflowError, match="ended by itself"),
    ):
        actions.end_appointment(appointment=appointment, reason="Late.", by=tomas)
