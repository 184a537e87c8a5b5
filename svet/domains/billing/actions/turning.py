"""Charges written once more with their signs turned, many at once: a reversal, or the restoring of what was reversed.

Nothing is rewritten: a turned charge is the next version of its month, with turned lines, volumes and benefits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl
from django.db import connection, models
from psycopg import sql

from svet.domains.billing.models import Charge, ChargeBenefit, ChargeLine, ChargeVolume
from svet.infra.copying import copy_out

TURNED = ("kwh", "amount", "vat", "base")
"""The columns of charges, lines, volumes and benefits that change their sign."""
PAIRS = {"account_id": pl.Int64, "old_id": pl.Int64, "new_id": pl.Int64, "amount_kop": pl.Int64}


def turn(charge_ids: Sequence[int], *, reversing: bool, at: datetime) -> pl.DataFrame:
    """Write these charges turned, as reversals or as charges of their own; return `PAIRS` of old and new.

    `amount_kop` is the new charge's. In the caller's transaction; posts nothing.
    """
    if not charge_ids:
        return pl.DataFrame(schema=PAIRS)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE turning (account_id bigint, old_id bigint, new_id bigint) ON COMMIT DROP")
        cursor.execute(
            "INSERT INTO turning SELECT account_id, id, nextval(pg_get_serial_sequence('billing_charge', 'id'))"
            " FROM billing_charge WHERE id = ANY(%s) ORDER BY id",
            [list(charge_ids)],
        )
        cursor.execute(_charges(reversing=reversing), {"at": at})
        for model in (ChargeLine, ChargeVolume, ChargeBenefit):
            cursor.execute(_parts(model))
        pairs = copy_out(
            "SELECT t.account_id, t.old_id, t.new_id, (c.amount * 100)::bigint AS amount_kop"
            " FROM turning t JOIN billing_charge c ON c.id = t.new_id ORDER BY t.new_id",
            schema=PAIRS,
        )
        cursor.execute("DROP TABLE turning")
    return pairs


def _charges(*, reversing: bool) -> sql.Composed:
    given = {
        "id": "t.new_id",
        "version": "(SELECT max(v.version) + 1 FROM billing_charge v WHERE v.account_id = s.account_id"
        " AND v.supply_point_id = s.supply_point_id AND v.month = s.month)",
        "reverses_id": "s.id" if reversing else "NULL",
        "run_id": "NULL",
        "facts": "CASE WHEN s.run_id IS NULL THEN s.facts ELSE s.facts || (SELECT jsonb_build_object('policies',"
        " r.policies) FROM billing_run r WHERE r.id = s.run_id) END",
        "calculated_at": "%(at)s",
    }
    return _insert(Charge, given, old="s.id", with_id=True)


def _parts(model: type[models.Model]) -> sql.Composed:
    return _insert(model, {"charge_id": "t.new_id"}, old="s.charge_id", with_id=False)


def _insert(model: type[models.Model], given: dict[str, str], *, old: str, with_id: bool) -> sql.Composed:
    """Return the INSERT of the rows that belong to `turning`, with `given` columns and the others as they were."""
    columns = [str(field.column) for field in model._meta.concrete_fields if with_id or not field.primary_key]
    values = [sql.SQL(_value(column, given)) for column in columns]  # our own column names
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM turning t JOIN {table} s"
        " ON s.account_id = t.account_id AND {old} = t.old_id"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
        old=sql.SQL(old),
    )


def _value(column: str, given: dict[str, str]) -> str:
    return given.get(column, f"-s.{column}" if column in TURNED else f"s.{column}")
