"""What a delegate sees: on the days of the delegation what the supervisor sees."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from accounts import actions as accounts
from assessments import actions
from tests import builders

pytestmark = pytest.mark.django_db


def test_a_delegate_reads_what_they_signed_until_the_delegation_ends(client):
    helen, grace = builders.user("Helen Okafor"), builders.user("Grace Whitfield")
    assessment = builders.reconciled_assessment(builders.clerk(helen))
    today = timezone.localdate()
    accounts.delegate(
        from_supervisor=helen,
        to_supervisor=grace,
        starts_on=today,
        ends_on=today,
        reason="On holiday.",
        by=helen,
    )
    client.force_login(grace)
    level = assessment.version.levels.last()

    url = f"/assessments/{assessment.pk}/sign-off/"
    decision = {"level": level.pk, "revision": assessment.revision}
    signed = client.post(url, decision | builders.signature(client.get(url)))
    urls = [signed.url, assessment.get_absolute_url()]
    during = [client.get(url).status_code for url in urls]
    listed = client.get("/sign-offs/").content.decode()

    with time_machine.travel(timezone.now() + datetime.timedelta(days=1, minutes=1)):
        client.force_login(grace)
        after = [client.get(url).status_code for url in [*urls, "/reviews/"]]
    assert (during, after) == ([200, 200], [404, 404, 403])
    assert str(assessment.clerk) in listed


def test_a_delegate_is_refused_by_the_action_once_the_delegation_has_ended():
    helen, grace = builders.user("Helen Okafor"), builders.user("Grace Whitfield")
    assessment = builders.reviewed_assessment(builders.clerk(helen))
    today = timezone.localdate()
    delegation = accounts.delegate(
        from_supervisor=helen,
        to_supervisor=grace,
        starts_on=today,
        ends_on=today,
        reason="On holiday.",
        by=helen,
    )
    accounts.end_delegation(delegation=delegation, by=helen)

    with pytest.raises(actions.NotYours, match="supervisor or their delegate"):
        actions.reconcile_assessment(assessment=assessment, by=grace)
