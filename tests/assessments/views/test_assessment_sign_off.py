import pytest
import time_machine
from django.utils import timezone

from assessments import actions
from assessments.judgement_queries import judgement_of
from assessments.models import Assessment, Role, SignOff
from assessments.seen import seen_of
from assessments.signing_content import content_to_sign
from frameworks.models import Level
from records.models import Record
from records.queries import payload_of
from tests import builders

pytestmark = pytest.mark.django_db

WHY = "Seen in the quarterly file checks."


def url(assessment: Assessment) -> str:
    return f"/assessments/{assessment.pk}/sign-off/"


def level(assessment: Assessment, rank: int) -> Level:
    return assessment.version.levels.get(rank=rank)


def typed(assessment: Assessment, rank: int | None, **other: str) -> dict[str, str]:
    chosen = "none" if rank is None else str(level(assessment, rank).pk)
    revision = str(assessment.revision)
    sent = {"level": chosen, "revision": revision, "password": builders.PASSWORD}
    return {**sent, "justification": "", "seen": seen(assessment), **other}


def seen(assessment: Assessment) -> str:
    """What stands for the page as the supervisor is shown it now; "" where it is not shown."""
    if assessment.state != "reconciled":
        return ""
    judgement, by = judgement_of(assessment), builders.supervisor(assessment)
    return seen_of(content_to_sign(assessment, judgement, by, timezone.now()))


def test_assessment_sign_off_shows_what_is_signed(client):
    assessment = builders.reconciled_assessment(points={1: 4, 2: 4, 3: 2, 4: 1})
    client.force_login(builders.supervisor(assessment))

    page = client.get(url(assessment)).content.decode()

    statements = builders.statements(assessment)
    assert all(statement.topic in page for statement in statements)
    assert str(assessment.version) in page
    assert f"<bdi>{assessment.clerk}</bdi>" in page
    assert "Developing is shown: 10 of the 10 statements, 8 needed." in page
    assert "I rated these statements without seeing the clerk" in page
    assert "Developing (suggested)" in page
    assert "checked" not in page
    assert "EBSCOed" in page


def test_assessment_sign_off_places_and_seals(client):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), typed(assessment, 4))

    sign_off = SignOff.objects.get()
    assessment.refresh_from_db()
    assert response.headers["Location"] == sign_off.record.get_absolute_url()
    assert (sign_off.level, assessment.state) == (level(assessment, 4), "signed_off")
    assert sign_off.signed_by == builders.supervisor(assessment)


@pytest.mark.parametrize("rank", [None, 1, 2, 3])
def test_assessment_sign_off_needs_a_reason_for_another_level(client, rank):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    refused = client.post(url(assessment), typed(assessment, rank))
    signed = client.post(
        url(assessment), typed(assessment, rank, justification=WHY, category="recent_change")
    )

    page = refused.content.decode()
    assert "Say what kind of reason it is." in page
    assert "You place at another level than the suggested one: write why." in page
    assert 'href="#id_justification"' in page
    assert "checked" in page
    assert signed.status_code == 302
    sign_off = SignOff.objects.get()
    assert (sign_off.level and sign_off.level.rank, sign_off.justification) == (rank, WHY)


def test_assessment_sign_off_needs_a_choice(client):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    typed_in = {**typed(assessment, 1), "justification": WHY}
    del typed_in["level"]
    response = client.post(url(assessment), typed_in)

    page = response.content.decode()
    assert "Choose a level, or “Not yet placed”." in page
    assert WHY in page
    assert not SignOff.objects.exists()


def left_out(*places: tuple[int, int]) -> Assessment:
    """Reconciled, all rated Fully but what both sides say is not part of the role."""
    assessment = builders.draft_assessment()
    by = builders.supervisor(assessment)
    entries = [
        actions.Entry(s.pk, 0, "Done by another team.", 0)
        if (s.level.rank, s.position) in places
        else actions.Entry(s.pk, 4, "", 0)
        for s in builders.statements(assessment)
    ]
    clerk = assessment.clerk
    actions.save_ratings(assessment=assessment, role=Role.SELF, entries=entries, by=clerk)
    actions.submit_assessment(assessment=assessment, by=clerk, declared=True)
    actions.save_ratings(assessment=assessment, role=Role.SUPERVISOR, entries=entries, by=by)
    actions.complete_review(assessment=assessment, by=by)
    return actions.reconcile_assessment(assessment=assessment, by=by)


def test_assessment_sign_off_needs_a_reason_when_much_is_left_out(client):
    assessment = left_out((4, 1), (4, 2), (4, 3))
    client.force_login(builders.supervisor(assessment))

    refused = client.post(url(assessment), typed(assessment, 4))
    signed = client.post(url(assessment), typed(assessment, 4, justification=WHY))

    page = refused.content.decode()
    assert "write why the level still holds." in page
    assert signed.status_code == 302


def test_assessment_sign_off_has_levels_set_aside_confirmed(client):
    assessment = left_out(*((4, position) for position in range(1, 11)))
    client.force_login(builders.supervisor(assessment))

    refused = client.post(url(assessment), typed(assessment, 3))
    signed = client.post(url(assessment), typed(assessment, 3, confirm_set_aside="on"))

    page = refused.content.decode()
    assert "Confirm that the levels set aside were not judged." in page
    assert "Advanced was set aside and is not judged" in page
    assert signed.status_code == 302


def test_assessment_sign_off_of_what_was_changed_meanwhile_is_a_conflict(client):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    stale = typed(assessment, 4, justification=WHY, revision=str(assessment.revision - 1))
    response = client.post(url(assessment), stale)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Nothing was signed. The assessment was changed since this page was drawn." in page
    assert f'name="revision" value="{assessment.revision}"' in page
    assert WHY in page
    assert not SignOff.objects.exists()


def test_assessment_sign_off_says_what_has_changed_since_the_page_was_drawn(client):
    """The clerk was promoted and the signer renamed while the page was open."""
    assessment = builders.reconciled_assessment()
    by = builders.supervisor(assessment)
    client.force_login(by)
    drawn = client.get(url(assessment))
    sent = typed(assessment, 4, justification=WHY, **builders.signature(drawn))
    assessment.clerk.title = "Senior clerk"
    assessment.clerk.save()
    by.last_name = "Newname"
    by.save()

    refused = client.post(url(assessment), sent)

    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Since this page was drawn, this has changed: the clerk&#x27;s name, title" in page
    assert "the signer&#x27;s name, title, team or standing" in page
    assert "the wording" not in page
    assert WHY in page
    assert not SignOff.objects.exists()
    again = client.post(url(assessment), sent | {"seen": refused.context["seen"]})
    assert again.status_code == 302
    assert payload_of(Record.objects.latest("sequence"))["signer"]["name"] == str(by)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Give your password: it stands for your signature."),
        ("not mine", "This is not your password. Nothing was signed."),
    ],
)
def test_assessment_sign_off_asks_for_the_password_and_keeps_what_was_typed(
    client, password, words
):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    refused = client.post(
        url(assessment), typed(assessment, 4, justification=WHY, password=password)
    )

    page = refused.content.decode()
    assert words in page
    assert WHY in page
    assert password == "" or password not in page
    assert not SignOff.objects.exists()


def test_assessment_sign_off_asks_for_the_password_once_in_five_minutes(client):
    with time_machine.travel("2026-03-14T15:00Z", tick=False) as clock:
        first, second, third = (builders.reconciled_assessment() for _ in range(3))
        for each in (second, third):
            each.clerk.team = first.clerk.team
            each.clerk.save()
        client.force_login(builders.supervisor(first))
        client.post(url(first), typed(first, 4))
        clock.shift(299)
        page = client.get(url(second)).content.decode()
        client.post(url(second), typed(second, 4, password=""))
        clock.shift(2)
        late = client.post(url(third), typed(third, 4, password=""))

    assert 'name="password"' not in page
    assert "Give your password" in late.content.decode()
    assert set(SignOff.objects.values_list("assessment", flat=True)) == {first.pk, second.pk}


def test_assessment_sign_off_shows_name_title_meaning_and_zone(client):
    assessment = builders.reconciled_assessment()
    by = builders.supervisor(assessment)
    by.title = "Head of the desk"
    by.save()
    client.force_login(by)

    page = client.get(url(assessment)).content.decode()

    assert f"<b><bdi>{by}</bdi></b>, <bdi>Head of the desk</bdi>" in page
    assert "as <bdi>supervisor</bdi>" in page
    assert "sealed in UTC and shown in America/New_York" in page


def test_assessment_sign_off_twice_signs_once(client):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    client.post(url(assessment), typed(assessment, 4))
    response = client.post(url(assessment), typed(assessment, 4))

    assert response.headers["Location"] == f"/assessments/{assessment.pk}/"
    assert SignOff.objects.count() == 1
    assert Record.objects.filter(kind="sign_off").count() == 1


@pytest.mark.parametrize("revision", ["", "seven"])
def test_assessment_sign_off_of_an_incomplete_page_is_refused(client, revision):
    assessment = builders.reconciled_assessment()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), typed(assessment, 4, revision=revision))

    assert "Nothing was signed; look at it and sign again." in response.content.decode()
    assert not SignOff.objects.exists()


def test_assessment_sign_off_declares_a_later_round_as_informed(client):
    assessment = builders.reviewed_assessment()
    by = builders.supervisor(assessment)
    assessment = actions.return_assessment(assessment=assessment, by=by, reason="Look again.")
    builders.rate(assessment, Role.SELF)
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
    builders.rate(assessment, Role.SUPERVISOR)
    actions.complete_review(assessment=assessment, by=by)
    actions.reconcile_assessment(assessment=assessment, by=by)
    client.force_login(by)

    page = client.get(url(assessment)).content.decode()

    assert "after both sides had seen the round before" in page


@pytest.mark.parametrize(
    ("build", "leads_to"),
    [
        (builders.draft_assessment, "/reviews/"),
        (builders.submitted_assessment, "/assessments/{}/review/"),
        (builders.reviewed_assessment, "/assessments/{}/reconcile/"),
    ],
)
def test_assessment_sign_off_leads_on_from_another_state(client, build, leads_to):
    assessment = build()
    client.force_login(builders.supervisor(assessment))

    response = client.post(url(assessment), typed(assessment, 4))

    assert response.headers["Location"] == leads_to.format(assessment.pk)


def test_assessment_sign_off_is_for_the_nearest_supervisor(client):
    assessment = builders.reconciled_assessment()
    team = assessment.clerk.team
    team.parent = builders.team()
    team.save()

    assert client.post(url(assessment), typed(assessment, 4)).status_code == 302
    refused = {
        assessment.clerk: 403,
        team.parent.supervisor: 403,
        builders.auditor(): 403,
        builders.administrator(): 404,
        builders.user(): 404,
    }
    for person, status in refused.items():
        client.force_login(person)
        assert client.get(url(assessment)).status_code == status
        assert client.post(url(assessment), typed(assessment, 4)).status_code == status
    assert not SignOff.objects.exists()
