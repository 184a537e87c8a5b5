"""Loads what the rules need to know: frames by four set queries for a file, plain values by one for one account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from json import loads
from typing import Any

import polars as pl
from django.db import connection

from svet.domains.metering.rules.context import BILLED, HISTORY, PLACES, REGISTERS, Known
from svet.domains.metering.rules.policies import ReadingPolicies
from svet.domains.metering.rules.single import KnownAccount, KnownReading, KnownRegister, Place
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import BY_NAME
from svet.infra.planned import planned_cursor
from svet.kernel.identifiers import ACCOUNT_NUMBER

_PLACE = len(fields(Place))
FEW = 50
"""So many accounts are read row by row."""
BUNDLE = 50_000
"""For so many accounts at most, the rows come as one text: a client takes rows one by one, and there are millions."""

_PLACES = """
SELECT a.account_id, m.id AS meter_id, m.serial, lower(a.valid) AS agreed_on, upper(a.valid) AS ended_on,
       lower(i.valid) AS installed_on, upper(i.valid) AS removed_on, m.digits, m.fraction_digits,
       (m.multiplier * 10000)::bigint AS multiplier_e4, m.verification_due_on,
       (p.max_power_kw * 1000)::bigint AS max_power_w
  FROM accounts_agreement a
  JOIN supply_point p ON p.id = a.supply_point_id
  LEFT JOIN metering_installation i ON i.supply_point_id = a.supply_point_id AND i.valid && a.valid
  LEFT JOIN metering_meter m ON m.id = i.meter_id
 WHERE a.account_id = ANY(%s)
"""
_OF_ONE = """
SELECT m.id, m.serial, lower(a.valid), upper(a.valid), lower(i.valid), upper(i.valid), m.digits, m.fraction_digits,
       (m.multiplier * 10000)::bigint, m.verification_due_on, (p.max_power_kw * 1000)::bigint,
       (SELECT max(b.month) FROM metering_billed b WHERE b.account_id = a.account_id),
       (SELECT json_object_agg(t.name, t.value) FROM tariffs_policy t WHERE t.valid @> %(on)s::date),
       (SELECT json_agg(json_build_array(f.register_id, f.id, (f.value * 1000)::bigint, f.taken_on, f.kind,
                                         f.counts_from))::text
          FROM metering_reading_in_force f WHERE f.account_id = %(account)s),
       g.id, g.position, g.band
  FROM accounts_agreement a
  JOIN supply_point p ON p.id = a.supply_point_id
  LEFT JOIN metering_installation i ON i.supply_point_id = a.supply_point_id AND i.valid && a.valid
  LEFT JOIN metering_meter m ON m.id = i.meter_id
  LEFT JOIN metering_register g ON g.meter_id = m.id
 WHERE a.account_id = %(account)s
"""
_REGISTERS = """
SELECT meter_id, id AS register_id, position, band FROM metering_register WHERE meter_id = ANY(%s)
"""
_HISTORY = """
SELECT account_id, register_id, id AS reading_id, (value * 1000)::bigint AS value_wh, taken_on, kind, counts_from
  FROM metering_reading_in_force
 WHERE account_id = ANY(%s)
"""
_BILLED = "SELECT account_id, max(month) AS billed_month FROM metering_billed WHERE account_id = ANY(%s) GROUP BY 1"


def policies_on(day: date) -> ReadingPolicies:
    """Return the policies of readings in force on `day`."""
    return ReadingPolicies.of(tariffs.policy_values(day))


def known_about(account_ids: Sequence[int], *, on: date) -> Known:
    """Return everything the checks need to know about these accounts, under the policies of the day `on`."""
    accounts = list(dict.fromkeys(account_ids))
    places = _rows(_PLACES, accounts, schema=PLACES)
    meters = places["meter_id"].drop_nulls().unique().to_list()
    return Known(
        places=places,
        registers=_rows(_REGISTERS, meters, schema=REGISTERS),
        history=_rows(_HISTORY, accounts, schema=HISTORY),
        billed=_rows(_BILLED, accounts, schema=BILLED),
        policies=policies_on(on),
    )


def _rows(query: str, ids: list[int], *, schema: Mapping[str, Any]) -> pl.DataFrame:
    with connection.cursor() as cursor:
        if len(ids) <= FEW:
            cursor.execute(query, [ids])
            return pl.DataFrame(cursor.fetchall(), schema=pl.Schema(schema), orient="row")
        lines = f"SELECT string_agg({_csv(schema)}, E'\\n') FROM ({query}) q"  # noqa: S608
        texts = []
        for start in range(0, len(ids), BUNDLE):
            cursor.execute(lines, [ids[start : start + BUNDLE]])
            texts += [text for (text,) in cursor.fetchall() if text]
    if not texts:
        return pl.DataFrame(schema=schema)
    return pl.read_csv("\n".join(texts).encode(), schema=pl.Schema(schema), has_header=False)


def _csv(schema: Mapping[str, Any]) -> str:
    """Return the SQL of one line of text with these columns."""
    texts = {"serial": "'\"' || replace(serial, '\"', '\"\"') || '\"'"}
    return " || ',' || ".join(f"coalesce({texts.get(name, f'{name}::text')}, '')" for name in schema)


def known_account(account_id: int, *, on: date) -> KnownAccount:
    """Return what `rules.single.judge` needs to judge a submission to this account, under the policies of the day."""
    with planned_cursor() as cursor:
        cursor.execute(_OF_ONE, {"account": account_id, "on": on})
        rows = cursor.fetchall()
    places = dict.fromkeys(Place(*row[:_PLACE]) for row in rows)
    registers = dict.fromkeys(KnownRegister(row[0], *row[-3:]) for row in rows if row[-3] is not None)
    billed, switches, history = rows[0][_PLACE : _PLACE + 3] if rows else (None, None, None)
    values = {name: value for name, value in (switches or {}).items() if name in BY_NAME}
    return KnownAccount(tuple(places), tuple(registers), _history(history), billed, ReadingPolicies.of(values))


def _history(text: str | None) -> tuple[KnownReading, ...]:
    """Return readings out of the JSON of `_OF_ONE`."""
    days = date.fromisoformat
    return tuple(
        KnownReading(register_id, reading_id, value_wh, days(taken_on), kind, days(counts_from))
        for register_id, reading_id, value_wh, taken_on, kind, counts_from in loads(text or "[]")
    )


def accounts_by_number(numbers: Sequence[str]) -> pl.DataFrame:
    """Return `account_number` and `account_id` of those accounts that exist."""
    likely = [number for number in numbers if ACCOUNT_NUMBER.fullmatch(number)]
    query = (
        "SELECT number AS account_number, id AS account_id FROM accounts_account"
        " WHERE number = ANY(string_to_array(%s, ','))"
    )
    with planned_cursor() as cursor:
        cursor.execute(query, [",".join(likely)])
        found = cursor.fetchall()
    return pl.DataFrame(found, schema={"account_number": pl.String, "account_id": pl.Int64}, orient="row")
