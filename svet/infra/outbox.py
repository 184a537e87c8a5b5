"""Facts: what happened, recorded in the same transaction; `flows/reactions.py` says what follows.

A reaction walks the facts in order by its own cursor, so a mass of facts costs no job each and a kill
loses nothing. Only facts whose transactions have surely ended are handed out (see `unseen`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from svet.infra import context
from svet.infra.copying import copy_in
from svet.infra.models import Fact


def record(name: str, *, at: datetime, account_id: int | None = None, payload: Mapping[str, Any] | None = None) -> None:
    """Record the fact `name` ("metering.reading_accepted") with JSON-safe facts in `payload`."""
    Fact.objects.create(
        at=at, name=name, account_id=account_id, payload=dict(payload or {}), request_id=context.current().request_id
    )


def record_frame(facts: pl.DataFrame, *, at: datetime) -> None:
    """Record a frame of facts at once: `name`, `account_id`, `payload` (JSON text)."""
    request_id = context.current().request_id
    copy_in("infra_fact", facts.with_columns(at=pl.lit(at.isoformat()), request_id=pl.lit(f"{request_id}")))


def unseen(names: list[str], *, after_id: int, limit: int = 500) -> list[Fact]:
    """Return facts with these names after `after_id`, in order, none of which an open transaction can still precede.

    Ids are given out before commits, so a later id may become visible first; facts written by transactions
    younger than the oldest one still running are held back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), 0) FROM infra_fact WHERE id > %s AND name = ANY(%s)"
            " AND xmin::text::bigint < (pg_snapshot_xmin(pg_current_snapshot())::text::bigint & 4294967295)",
            [after_id, names],
        )
        safe: int = cursor.fetchone()[0]
    return list(Fact.objects.filter(name__in=names, id__gt=after_id, id__lte=safe).order_by("id")[:limit])
