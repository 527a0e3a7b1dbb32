"""Which competency a statement is about, where the comparison with one version cannot tell."""

from frameworks.changes import Diff, Place
from frameworks.comparison_queries import by_place
from frameworks.documents import text_digest
from frameworks.models import FrameworkVersion, Statement, VersionState


def coming_back(
    old: FrameworkVersion, diff: Diff, new: FrameworkVersion | None = None
) -> dict[Place, Statement]:
    """Give the earlier statement of each that is new beside `old`, but was asked before that.

    Before that means in the same words, in any version that was ever published. Not where a person
    has said that it is new, nor where its competency goes on under another statement: 2 queries.
    A version that was published itself has its competencies already: 1 query.
    """
    unpaired = {change.new.place for change in diff.changes if change.new and not change.old}
    if new is not None and new.state != VersionState.DRAFT:
        own = by_place(new)
        return {place: own[place] for place in unpaired}
    wanted = {
        text_digest(change.new.text): change.new.place
        for change in diff.changes
        if change.new and change.new.place in unpaired and not change.decided
    }
    if not wanted:
        return {}
    olds = by_place(old)
    taken = {
        olds[change.old.place].competency_id for change in diff.changes if change.old and change.new
    }
    before = Statement.objects.filter(
        version__framework=old.framework_id, competency__isnull=False, text_digest__in=wanted
    )
    found: dict[Place, Statement] = {}
    for statement in (
        before.select_related("version", "level")
        .defer("version__source_bytes")
        .order_by("-version__published_at", "pk")
    ):
        place = wanted[statement.text_digest]
        if statement.competency_id not in taken and place not in found:
            found[place] = statement
            taken.add(statement.competency_id)
    return found
