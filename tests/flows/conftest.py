import pytest

from tests.race import broken_records


@pytest.fixture(autouse=True)
def _whole_ledger(db):
    """At the end of every flow the ledger and what the tables say are one."""
    yield
    assert broken_records() == []
