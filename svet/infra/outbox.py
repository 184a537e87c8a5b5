"""Facts: what happened, recorded in the same transaction; `flows/reactions.py` says what follows.

A reaction walks the facts in order by its own cursor, so a mass of facts costs no job each and a kill
loses nothing. Only facts whose transactions have surely ended are handed out (see `unseen`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from json import dumps
from typing import Any

import polars as pl
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Q

from svet.infra import context
from svet.infra.copying import copy_in
from svet.infra.models import Fact
from svet.infra.planned import planned_cursor

RECORD_FACT = "INSERT INTO infra_fact (at, name, account_id, payload, request_id) VALUES (%s, %s, %s, %s, %s)"
"""Not by the model: every action writes one, and nobody needs its id."""


def record(name: str, *, at: datetime, account_id: int | None = None, payload: Mapping[str, Any] | None = None) -> None:
    """Record the fact `name` ("metering.reading_accepted") with JSON-safe facts in `payload`."""
    told = dumps(dict(payload or {}), cls=DjangoJSONEncoder)
    with planned_cursor() as cursor:
        cursor.execute(RECORD_FACT, (at, name, account_id, told, context.current().request_id))


def record_frame(facts: pl.DataFrame, *, at: datetime) -> None:
    """Record a frame of facts at once: `name`, `account_id`, `payload` (JSON text)."""
    request_id = context.current().request_id
    copy_in("infra_fact", facts.with_columns(at=pl.lit(at.isoformat()), request_id=pl.lit(f"{request_id}")))


def unseen(names: list[str], *, after: tuple[int, int] = (0, 0), limit: int = 500) -> list[Fact]:
    """Return facts with these names after the place `after` (transaction, id), none of which can still be preceded.

    Ids are taken before commits, so ids alone would lose facts: an older id may become visible later. The place
    of a fact is its transaction, then its id, and facts are handed out only of transactions older than any that
    still runs in this database: whatever becomes visible later has a later place.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(_OLDEST_OPEN)
        oldest_open: int = cursor.fetchone()[0]
    facts = Fact.objects.filter(name__in=names, transaction__lt=oldest_open)
    later = Q(transaction__gt=after[0]) | Q(transaction=after[0], id__gt=after[1])
    return list(facts.filter(later).order_by("transaction", "id")[:limit])


def is_followed(fact: Fact, *, by: Iterable[str]) -> bool:
    """Say whether a fact with one of these names is known to be later than this one."""
    later = Q(transaction__gt=fact.transaction) | Q(transaction=fact.transaction, id__gt=fact.pk)
    return Fact.objects.filter(later, name__in=list(by)).exists()


# The snapshot is taken before the list of running transactions is read: one that begins in between is not older.
# Who gathers statistics records no fact, and may take minutes.
# The list has numbers of 32 bits; the signed distance to the snapshot's number makes them whole.
_OLDEST_OPEN = """
WITH next AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS id)
SELECT least(next.id, min(next.id + mod(
    backend_xid::text::bigint - next.id % 4294967296 + 2147483648 + 4294967296, 4294967296) - 2147483648))
FROM next LEFT JOIN pg_stat_activity ON datname = current_database() AND backend_xid IS NOT NULL
    AND backend_type IS DISTINCT FROM 'autovacuum worker'
GROUP BY next.id
"""
