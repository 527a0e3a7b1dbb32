"""One judgement from two blind ratings to a decided dispute, through the pages."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments import actions
from assessments.models import Assessment, Cycle, Dispute, Role, SignOff
from records.models import Record
from records.queries import payload_of
from tests import builders

pytestmark = pytest.mark.django_db

START = datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_judgement_is_settled_signed_by_two_disputed_and_placed_anew():
    with time_machine.travel(START) as clock:
        walk(clock)


def walk(clock) -> None:
    # Two teams in a tree, and one higher up who will decide in the end.
    owner = builders.user("Olga Owner")
    firm = builders.team(owner)
    above = builders.user("Amir Above")
    desk = builders.team(above, parent=firm)
    supervisor = builders.user("Helen Okafor")
    team = builders.team(supervisor, parent=desk)
    clerk = builders.user("Priya Raman", team=team)

    # Blind: the clerk rates all Fully; the supervisor sees three otherwise.
    assessment = builders.draft_assessment(clerk)
    Cycle.objects.update(needs_second_signer=True)
    builders.rate(assessment, Role.SELF, point=4)
    actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    builders.rate(assessment, Role.SUPERVISOR, point=4)
    places = [(4, 1), (4, 2), (4, 3)]
    disputed = [
        assessment.version.statements.get(level__rank=rank, position=n) for rank, n in places
    ]
    for statement in disputed:
        found = assessment.ratings.get(statement=statement, role=Role.SUPERVISOR)
        entry = actions.Entry(statement.pk, 2, "Twice in October.", found.revision)
        actions.save_rating(assessment=assessment, role=Role.SUPERVISOR, entry=entry, by=supervisor)
    helen, priya = signed_in(supervisor), signed_in(clerk)
    assert "Twice in October." not in priya.get(assessment.get_absolute_url()).content.decode()
    helen.post(f"/assessments/{assessment.pk}/complete-review/")

    # Reconcile: agree on one, agree to differ on the next, no answer to the third.
    url = f"/assessments/{assessment.pk}/reconcile/"
    first, second, third = disputed
    page = priya.get(url).content.decode()
    assert "3 statements are settled together" in page
    helen.post(f"{url}{first.pk}/", {"answer": "3", "reason": "One check in ten is left."})
    assert "One check in ten is left." in priya.get(url).content.decode()
    priya.post(f"{url}{first.pk}/", {"answer": "3"})
    helen.post(f"{url}{second.pk}/", {"answer": "differ", "reason": "Two came back to me."})
    priya.post(f"{url}{second.pk}/", {"answer": "differ", "reason": "Both were old files."})
    helen.post(f"{url}{third.pk}/", {"answer": "2", "reason": "Not without help yet."})
    assert "still to be settled" in helen.post(url, follow=True).content.decode()
    clock.shift(datetime.timedelta(days=10))
    helen, priya = signed_in(supervisor), signed_in(clerk)
    assert "Close it as “no answer”" in helen.get(url).content.decode()
    helen.post(f"{url}{third.pk}/no-answer/")
    helen.post(url)
    assessment.refresh_from_db()
    assert assessment.state == "reconciled"

    # Sign: the first signature places nobody, the second seals.
    level = assessment.version.levels.get(rank=4)
    typed = {
        "level": level.pk,
        "revision": assessment.revision,
        "category": "",
        "justification": "Eight of ten, with the three we talked about.",
    }
    url = f"/assessments/{assessment.pk}/sign-off/"
    answer = helen.post(url, typed | builders.signature(helen.get(url)), follow=True)
    assert "waits for the second signature" in answer.content.decode()
    waiting = SignOff.objects.get()
    assert not Record.objects.filter(kind="sign_off").exists()
    amir = signed_in(above)
    assert "Second signature for" in amir.get("/").content.decode()
    second_page = amir.get(f"/sign-offs/{waiting.pk}/second/")
    assert "Eight of ten, with the three we talked about." in second_page.content.decode()
    assessment.refresh_from_db()
    amir.post(
        f"/sign-offs/{waiting.pk}/second/",
        {"revision": assessment.revision, **builders.signature(second_page)},
    )
    sealed = Record.objects.get(kind="sign_off")
    payload = payload_of(sealed)
    assert payload["second_signer"]["name"] == "Amir Above"
    outcomes = [talk["outcome"] for talk in payload["rounds"][0]["reconciled"]]
    assert outcomes == ["Agreed", "We differ", "No answer"]

    # The clerk has seen it, replies, and disputes what was never settled.
    sign_off = SignOff.objects.get()
    seen = priya.get(f"/sign-offs/{sign_off.pk}/acknowledge/").content.decode()
    assert "Having seen it does not mean that I agree." in seen
    reply = {"seen": "on", "reply": "Seen. I see two of them otherwise."}
    priya.post(f"/sign-offs/{sign_off.pk}/acknowledge/", reply)
    assert payload_of(Record.objects.get(kind="acknowledgement"))["reply"] == reply["reply"]
    typed = {"statements": [second.pk, third.pk], "reason": "I did both alone since July."}
    priya.post(f"/sign-offs/{sign_off.pk}/dispute/", typed)
    dispute = Dispute.objects.get()
    assert "Disputed" in priya.get(assessment.get_absolute_url()).content.decode()

    # Who signed nothing in it decides: unseen first, then with both sides.
    olga = signed_in(owner)
    assert olga.get(f"/disputes/{dispute.pk}/rate/").status_code == 200
    for path in (assessment.get_absolute_url(), f"/disputes/{dispute.pk}/rate/"):
        blind = olga.get(path).content.decode()
        assert "Two came back to me." not in blind
        assert "I did both alone since July." not in blind
    assert olga.get(sealed.get_absolute_url()).status_code == 302
    assert amir.get(f"/disputes/{dispute.pk}/rate/").status_code == 403
    rated = {f"s{second.pk}-point": "4", f"s{third.pk}-point": "4", "complete": "1"}
    olga.post(f"/disputes/{dispute.pk}/rate/", rated)
    page = olga.get(f"/disputes/{dispute.pk}/decide/")
    assert "I did both alone since July." in page.content.decode()
    decision = {
        "outcome": "place_anew",
        "level": level.pk,
        "justification": "Ten of ten: the files since July bear it out.",
        **builders.signature(page),
    }
    olga.post(f"/disputes/{dispute.pk}/decide/", decision)

    # Advanced takes two again, and nobody is left: an administrator appoints somebody.
    new = SignOff.objects.get(supersedes=sign_off)
    assert new.is_waiting
    appointed = builders.user("Nadia New")
    actions.appoint(
        person=appointed,
        up_to_level=level,
        reason="From the Chicago office.",
        ends_on=timezone.localdate() + datetime.timedelta(days=30),
        by=builders.administrator(),
    )
    nadia = signed_in(appointed)
    assessment.refresh_from_db()
    url = f"/sign-offs/{new.pk}/second/"
    nadia.post(url, {"revision": assessment.revision, **builders.signature(nadia.get(url))})
    record = Record.objects.get(kind="supersession")
    assert record.supersedes == sealed
    page = priya.get(record.get_absolute_url()).content.decode()
    assert "It supersedes" in page
    assert (
        "Another record has taken its place"
        in priya.get(sealed.get_absolute_url()).content.decode()
    )
    assert Assessment.objects.get().round == 2
    dispute.refresh_from_db()
    assert dispute.outcome == "superseded"
