"""A cursor for the few statements that almost every request asks: the server plans each once per connection.

Parameters are bound by the server, so their types must be plain from the statement; everything else goes through
Django's own cursor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


def planned_cursor() -> CursorWrapper:
    """Return a cursor to be used in `with`, counted and logged as Django's own."""
    django: Any = connection  # it keeps for itself how a cursor comes into its log
    django.ensure_connection()
    wrapper: CursorWrapper = django._prepare_cursor(psycopg.Cursor(django.connection))
    return wrapper


def planned_rows(statement: str, terms: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that is planned once per connection."""
    with planned_cursor() as cursor:
        cursor.execute(statement, terms)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
