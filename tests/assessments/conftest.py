import pytest
from django.db import connection
from django.db.models import QuerySet

from records.models import Chain

WITHOUT = "without row locks"


@pytest.fixture(params=["with row locks", WITHOUT] if connection.vendor != "sqlite" else [WITHOUT])
def row_locks(request, monkeypatch):
    """SQLite has none anyway; on PostgreSQL the conditions must hold alone as well.

    The ledger's own row stays locked: it is nobody's in particular.
    """
    lock = QuerySet.select_for_update

    def nothing(rows, **how):
        return lock(rows, **how) if rows.model is Chain else rows

    if request.param == WITHOUT:
        monkeypatch.setattr(QuerySet, "select_for_update", nothing)
