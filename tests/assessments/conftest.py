import pytest
from django.db.models import QuerySet

from records.models import Chain


@pytest.fixture(params=["with row locks", "without row locks"])
def row_locks(request, monkeypatch):
    """On SQLite there are none either way; on PostgreSQL the conditions must hold alone as well.

    The ledger's own row stays locked: it is nobody's in particular.
    """
    lock = QuerySet.select_for_update

    def nothing(rows, **how):
        return lock(rows, **how) if rows.model is Chain else rows

    if request.param == "without row locks":
        monkeypatch.setattr(QuerySet, "select_for_update", nothing)
