import pytest

from frameworks.places import in_words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "the file"),
        ("schemaVersion", "schema version"),
        ("occupation", "occupation"),
        ("occupation.soc", "SOC code"),
        ("framework.version", "version"),
        ("framework.levels", "levels"),
        ("framework.levels.emerging", "Emerging"),
        ("framework.levels.emerging.statements", "Emerging, statements"),
        ("framework.levels.emerging.statements[3]", "Emerging, statement 4"),
        ("framework.levels[0].statements[3]", "level 1, statement 4"),
        ("framework.levels[0].key", "level 1, key"),
        ('framework.levels["a.b \\" c"].label', 'A.B " C, label'),
        ("sources.onet[2]", "sources, onet, entry 3"),
    ],
)
def test_in_words_counts_from_one(path, words):
    assert in_words(path) == words
