from frameworks.documents import Problem
from frameworks.places import in_words


def sorted_out(problems: list[Problem]) -> dict[str, list[tuple[Problem, str]]]:
    """Give errors and warnings apart, each with its place in words."""
    placed = [(problem, in_words(problem.path)) for problem in problems]
    return {
        "errors": [pair for pair in placed if pair[0].severity == "error"],
        "warnings": [pair for pair in placed if pair[0].severity == "warning"],
    }
