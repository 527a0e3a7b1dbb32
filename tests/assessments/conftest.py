import pytest
from django.db.models import QuerySet


@pytest.fixture(params=["with row locks", "without row locks"])
def row_locks(request, monkeypatch):
    """On SQLite there are none either way; on PostgreSQL the conditions must hold alone as well."""
    if request.param == "without row locks":
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
