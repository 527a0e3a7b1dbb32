"""What tests of the rating page read and press in its rows."""

from assessments.models import Role


def level(assessment):
    return list(assessment.version.statements.filter(level__rank=1).order_by("position"))


def row(page, statement):
    return page.locator(f"#s-{statement.pk}")


def tick(page, statement):
    return row(page, statement).locator("[data-tick]")


def choose(page, statement, label):
    row(page, statement).locator(".rate label", has_text=label).click()


def saved(assessment, role=Role.SELF):
    ratings = assessment.ratings.filter(role=role).order_by("statement__position")
    return list(ratings.values_list("point", "note"))
