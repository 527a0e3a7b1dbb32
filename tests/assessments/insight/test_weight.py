"""The table of fifty clerks stays light: a page is sent compressed."""

import datetime
import gzip
import random

import pytest
from django.template.loader import render_to_string

from assessments.insight.forms import SkillsForm
from assessments.insight.heat_map import Asking, page_of
from assessments.insight.reads import scope_of
from assessments.insight.skills import Answer, Asked, Clerk, Skills
from assessments.scales import TRUE_OF_ME
from tests import builders

MOST_BYTES = 20 * 1024
TODAY = datetime.date(2026, 3, 14)


@pytest.mark.django_db
def test_fifty_clerks_by_forty_statements_are_below_20_kib(rf):
    chance = random.Random(1)  # noqa: S311  # to be repeated, not to be secret
    auditor = builders.auditor()
    version = builders.published_version()
    clerks = [
        Clerk(
            1000 + n,
            f"{chance.choice('ABCDEFGH')}manda{n} Whitfield-{chance.randrange(9999)}",
            "Transfers and Settlement",
            "Developing",
            2,
            TODAY,
            TODAY,
            n,
        )
        for n in range(50)
    ]
    asked = [
        Asked(s.pk, s.competency_id, s.level.rank, s.level.label, s.position, s.topic, s.text)
        for s in version.statements.select_related("level")
    ]
    answers = {(c.pk, a.competency): Answer(chance.randint(0, 4)) for c in clerks for a in asked}
    scope = scope_of(auditor)
    form = SkillsForm({}, teams=scope.teams, levels=[])
    form.is_valid()
    request = rf.get("/team/")
    request.user = auditor
    asking = Asking(scope, version, form, None, Skills(TRUE_OF_ME, clerks, asked, answers))

    html = render_to_string("insight/heat_map.html", page_of(asking, auditor), request)

    assert html.count("<td><a") == 2000
    assert len(gzip.compress(html.encode())) < MOST_BYTES
