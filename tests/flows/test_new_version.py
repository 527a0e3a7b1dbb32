"""A new version through the client: see the change, decide, publish, look again, roll back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments import actions
from assessments.demo_version import altered
from assessments.models import Assessment, Role
from assessments.workflow import State
from frameworks.comparison_queries import base_of, compared
from frameworks.models import FrameworkVersion
from records.models import Record
from tests import builders

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def rated(person, cycle, *, submitted: bool) -> Assessment:
    assessment = actions.start_assessment(cycle=cycle, clerk=person)
    builders.rate(assessment, Role.SELF, point=3)
    if submitted:
        actions.submit_assessment(assessment=assessment, by=person, declared=True)
    return assessment


def choices_of(page) -> dict[str, str]:
    """What a browser without scripts sends: what was said is kept, the rest is Partly."""
    fields = {}
    for row in page.context["rows"]:
        fields[f"point-{row.id}"] = str(row.copied.value if row.copied else 2)
        fields[f"note-{row.id}"] = row.note
        fields[f"revision-{row.id}"] = str(row.revision)
    return fields


def test_from_a_new_file_to_a_second_look_and_back():
    # Two teams are at work on the version in force: Priya rates, Ben has submitted, Mei rates.
    transfers, clients = builders.team(), builders.team()
    priya, ben = (builders.user(name, team=transfers) for name in ("Priya Raman", "Ben Castillo"))
    mei = builders.user("Mei Zhou", team=clients)
    moving, staying = builders.cycle(transfers), builders.cycle(clients)
    before = rated(priya, moving, submitted=False)
    handed_in = rated(ben, moving, submitted=True)
    beside = rated(mei, staying, submitted=False)
    old = before.version

    # The administrator uploads the file and stands before what it changes.
    tomas = builders.administrator("Tomas Reyes")
    administrator = signed_in(tomas)
    file = SimpleUploadedFile("next.json", altered(builders.SEED.read_bytes()))
    page = administrator.post("/frameworks/upload/", {"file": file, "label": ""}, follow=True)
    draft = FrameworkVersion.objects.get(state="draft")
    assert page.redirect_chain[-1][0] == f"/frameworks/versions/{draft.pk}/compare/"
    assert "2 pairs to decide" in page.content.decode()

    # Publishing waits for the doubtful pairs; one is the same competency, one is not.
    url = f"/frameworks/versions/{draft.pk}"
    assert (
        "2 pairs wait for your decision." in administrator.get(f"{url}/publish/").content.decode()
    )
    one, other = compared(base_of(draft), draft).undecided
    administrator.post(f"{url}/pair/", {"choice": "same", "old": one.old.pk, "new": one.new.pk})
    administrator.post(
        f"{url}/pair/", {"choice": "different", "old": other.old.pk, "new": other.new.pk}
    )
    assert compared(base_of(draft), draft).undecided == []

    # It is asked of each open cycle what becomes of it: one moves, the other finishes.
    page = administrator.get(f"{url}/publish/")
    assert page.context["impact"].in_progress == 2
    answer = administrator.post(
        f"{url}/publish/",
        {"seen": page.context["form"]["seen"].value(), f"cycle-{moving.pk}": "move"},
        follow=True,
    )
    assert "Published Brokerage Clerks v.26.11" in answer.content.decode()
    kinds = Record.objects.order_by("-sequence").values_list("kind", flat=True)
    assert list(kinds[:2]) == ["framework_published", "framework_retired"]

    # Ben's and Mei's work is untouched. Priya's goes on with every answer that is still asked.
    for assessment, state in ((handed_in, State.SUBMITTED), (beside, State.DRAFT)):
        assessment.refresh_from_db()
        assert (assessment.version, assessment.state) == (old, state)
        assert assessment.ratings.filter(point=3).count() == 40
    after = Assessment.objects.get(clerk=priya, state=State.DRAFT)
    assert (after.continues, after.version.label) == (before, "v.26.11")
    assert after.ratings.count() == 37

    # She sees only what needs a look, keeps what she said, rates what is new, and submits.
    clerk = signed_in(priya)
    page = clerk.get(f"/assessments/{after.pk}/look/")
    assert len(page.context["rows"]) == 9
    assert page.content.decode().count("<ins>") > 3
    clerk.post(f"/assessments/{after.pk}/look/", choices_of(page))
    page = clerk.get(f"/assessments/{after.pk}/submit/")
    form = {"declared": "on", "revision": page.context["form"].initial["revision"]}
    clerk.post(f"/assessments/{after.pk}/submit/", form)
    after.refresh_from_db()
    assert after.state == State.SUBMITTED
    assert sorted(after.ratings.values_list("point", flat=True)) == [2] * 3 + [3] * 37

    # It was a mistake: the version before is published again, as a record of its own.
    url = f"/frameworks/versions/{old.pk}"
    seen = administrator.get(f"{url}/publish/").context["form"]["seen"].value()
    administrator.post(f"{url}/publish/", {"seen": seen, f"cycle-{moving.pk}": "move"})
    old.refresh_from_db()
    after.refresh_from_db()
    assert (old.state, after.state, after.version.label) == ("published", "submitted", "v.26.11")
    assert Record.objects.filter(kind="framework_published").count() == 3

    # Next season Priya starts against the old wording, with what she answered last: what the new
    # one no longer asked is there again as well.
    season = builders.cycle(transfers, version=old)
    clerk.post(f"/assessments/start/{season.pk}/")
    following = Assessment.objects.get(clerk=priya, cycle=season)
    assert following.continues == after
    counted = following.ratings.filter(needs_confirmation=False)
    assert (following.ratings.count(), counted.count()) == (40, 34)
