import pytest

from frameworks.queries import reading_of, versions_by_framework
from tests import builders

pytestmark = pytest.mark.django_db


def version(label: str, word: str = "Plain"):
    return builders.draft_version(builders.altered(("Basic transaction", word), label=label))


def labels() -> list[str]:
    [(_, versions)] = versions_by_framework(builders.administrator())
    return [version.label for version in versions]


def test_versions_by_framework_follows_the_year_and_month_of_the_label():
    for label in ("v.26.05", "v.26.11", "v.9.1", "v.25.12", "v.27.02"):
        version(label, label)

    ordered = labels()

    ordered.remove("v.9.1")
    assert ordered == ["v.27.02", "v.26.11", "v.26.05", "v.25.12"]


def test_versions_by_framework_puts_names_without_a_month_where_they_were_imported():
    for label in ("v.99.01", "spring", "v.01.01", "autumn"):
        version(label, label)

    assert labels() == ["v.99.01", "autumn", "spring", "v.01.01"]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("v.26.04", "v.26.04 lies before v.26.05, the published version."),
        ("v.26.05", "There is a version v.26.05 of 43-4011.00 with other content."),
        ("v.26.11", ""),
        ("spring", ""),
    ],
)
def test_reading_of_warns_of_a_name_that_is_taken_or_too_early(label, words):
    builders.published_version()

    _, problems = reading_of(version(label))

    found = [problem.message for problem in problems if problem.path == "framework.version"]
    assert [message.startswith(words) for message in found] == ([True] if words else [])
