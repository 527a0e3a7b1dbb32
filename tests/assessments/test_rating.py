import io
import logging

import pytest
from django.core.management import call_command

from assessments import actions
from assessments.models import Rating, RatingChange, Role
from assessments.queries import unrated_places
from tests import builders

pytestmark = pytest.mark.django_db

CARD, ACCOUNT, SECURITY = "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "123-45-6789"


def first(assessment):
    return assessment.version.statements.order_by("level__rank", "position").first()


def save(assessment, role=Role.SELF, **given):
    by = assessment.clerk if role == Role.SELF else builders.supervisor(assessment)
    entry = actions.Entry(
        statement_id=given.pop("statement", first(assessment)).pk,
        **{"point": 3, "note": "", "revision": 0, **given},
    )
    return actions.save_rating(assessment=assessment, role=role, entry=entry, by=by)


def returned_assessment():
    """In round 2, with copies that the clerk has not looked at."""
    assessment = builders.draft_assessment()
    builders.rate(assessment, Role.SELF, point=3)
    save(assessment, point=3, note="Since May.", reference="SET-4402", revision=1)
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
    builders.rate(assessment, Role.SUPERVISOR, point=3)
    by = builders.supervisor(assessment)
    actions.complete_review(assessment=assessment, by=by)
    return actions.return_assessment(assessment=assessment, by=by, reason="Look again.")


def test_save_rating_keeps_a_reference_and_its_history():
    assessment = builders.draft_assessment()

    save(assessment, reference="  SET-4402 ")
    save(assessment, reference="https://tickets.example/SET-4403", revision=1)

    assert Rating.objects.get().reference == "https://tickets.example/SET-4403"
    history = RatingChange.objects.values_list("reference", "revision")
    assert list(history) == [("SET-4402", 1), ("https://tickets.example/SET-4403", 2)]


@pytest.mark.parametrize(
    ("reference", "because"),
    [
        ("a" * 201, "at most 200 characters"),
        ("SET\x00-1", "cannot be shown"),
        ("SET\n1", "cannot be shown"),
        ("SET-\u202e2044", "cannot be shown"),
        ("\u2066SET-1\u2069", "cannot be shown"),
        ("SET-\u200b1", "cannot be shown"),
    ],
)
def test_save_rating_refuses_a_reference_that_is_not_what_it_shows(reference, because):
    assessment = builders.draft_assessment()

    with pytest.raises(actions.RatingRefused, match=because) as refused:
        save(assessment, reference=reference)

    assert refused.value.field == "reference"
    assert not Rating.objects.exists()


@pytest.mark.parametrize("field", ["note", "reference"])
@pytest.mark.parametrize("forbidden", [CARD, ACCOUNT, SECURITY])
def test_save_rating_stores_and_logs_nothing_of_what_must_not_be_there(field, forbidden, caplog):
    assessment = builders.draft_assessment()
    caplog.set_level(logging.DEBUG)

    with pytest.raises(actions.RatingRefused) as refused:
        save(assessment, **{field: f"Booked for {forbidden} in May"})

    stored = io.StringIO()
    call_command("dumpdata", stdout=stored)
    assert refused.value.field == field
    assert refused.value.__context__ is None
    assert [text for text in (str(refused.value), caplog.text) if forbidden in text] == []
    assert "Booked for" not in stored.getvalue()
    assert not Rating.objects.exists()


def test_save_rating_finds_a_change_of_the_reference_in_another_window():
    assessment = builders.draft_assessment()
    save(assessment, reference="SET-4402")

    with pytest.raises(actions.Conflict):
        save(assessment, reference="SET-4403")
    again = save(assessment, reference="SET-4402")

    assert again.revision == 1


def test_return_copies_note_and_reference_unconfirmed():
    assessment = returned_assessment()

    copy = assessment.ratings.get(round=2, statement=first(assessment))

    assert (copy.point, copy.note, copy.reference) == (3, "Since May.", "SET-4402")
    assert copy.needs_confirmation
    assert len(unrated_places(assessment, Role.SELF)) == 40


def test_a_choice_confirms_the_copy_and_nothing_else():
    assessment = returned_assessment()

    rating = save(assessment, point=3, note="Since May.", reference="SET-4402", revision=1)

    assert (rating.needs_confirmation, rating.revision) == (False, 2)
    assert len(unrated_places(assessment, Role.SELF)) == 39


def test_a_note_without_a_choice_leaves_the_copy_unconfirmed():
    assessment = returned_assessment()

    rating = save(assessment, point=None, note="Since June.", reference="SET-1", revision=1)

    rating.refresh_from_db()
    assert (rating.point, rating.note, rating.reference) == (3, "Since June.", "SET-1")
    assert (rating.needs_confirmation, rating.revision) == (True, 2)
    assert len(unrated_places(assessment, Role.SELF)) == 40


def test_a_copy_that_is_not_part_of_the_role_keeps_its_reason():
    assessment = builders.submitted_assessment(points={1: 0})
    builders.rate(assessment, Role.SUPERVISOR)
    by = builders.supervisor(assessment)
    actions.complete_review(assessment=assessment, by=by)
    assessment = actions.return_assessment(assessment=assessment, by=by, reason="Look again.")

    with pytest.raises(actions.RatingRefused, match="Write why"):
        save(assessment, point=None, note=" ", revision=1)

    assert assessment.ratings.get(round=2, statement=first(assessment)).note


def test_saving_without_a_choice_keeps_the_choice_made_before():
    assessment = builders.draft_assessment()
    save(assessment, point=2)

    rating = save(assessment, point=None, note="Ask Ben.", revision=1)

    assert (rating.point, rating.note) == (2, "Ask Ben.")


def test_submit_and_review_are_refused_while_a_copy_is_unconfirmed():
    assessment = returned_assessment()
    with pytest.raises(actions.WorkflowError, match="40 statements are not rated yet"):
        actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)
    builders.rate(assessment, Role.SELF, point=3)
    actions.submit_assessment(assessment=assessment, by=assessment.clerk, declared=True)

    with pytest.raises(actions.WorkflowError, match="40 statements are not rated yet"):
        actions.complete_review(assessment=assessment, by=builders.supervisor(assessment))

    assessment.refresh_from_db()
    assert assessment.state == "submitted"


def test_a_placement_seals_the_references():
    sign_off = builders.sign_off()

    assert '"reference":""' in sign_off.record.payload
