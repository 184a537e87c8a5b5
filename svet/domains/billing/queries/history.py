"""Loads what was charged so far: of each account as many months back as tell where billing stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl

from svet.domains.billing.queries.loading import load_frame
from svet.domains.billing.rules.state import HISTORY, untold
from svet.kernel.period import Month

WINDOWS = (1, 3, 13)
"""Months read back, one after the other: most accounts were measured a month ago, nearly all within three, and a meter
counts for thirteen months after it was taken down; whoever has none was charged without one. Of whom they do not tell,
all is read."""
ALL = 0
"""After the last window: whatever there is before it."""


def load_history(stays: pl.DataFrame, supplies: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Return volumes charged before the month (columns `HISTORY`) for `supplies`, whose registers are `stays`."""
    month = Month.of(parameters["first_on"])
    places = supplies.select("account_id", "supply_point_id").unique()
    known = _read(_OF_SPAN, {**parameters, "months": _months(month, 0, WINDOWS[0])})
    told = []
    for back, further in pairwise((*WINDOWS, ALL)):
        others = untold(known, stays, places, since_on=month.plus(-back).first_on)
        told.append(known.join(others, on="account_id", how="anti"))
        if others.is_empty():
            return pl.concat(told)
        asked = {**parameters, "accounts": others["account_id"].to_list()}
        if further == ALL:
            older = _read(_OF_ACCOUNTS_BEFORE, {**asked, "before": month.plus(-back).first_on})
        else:
            older = _read(_OF_ACCOUNTS, {**asked, "months": _months(month, back, further)})
        known = pl.concat([known.join(others, on="account_id", how="semi"), older])
        places = places.join(others, on="account_id", how="semi")
    return pl.concat([*told, known])


def _months(month: Month, after: int, back: int) -> list[date]:
    return [month.plus(-one).first_on for one in range(after + 1, back + 1)]


def _read(which: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
    return load_frame(_VOLUMES.replace("{which}", which), parameters, schema=HISTORY)


_VOLUMES = """
SELECT c.month, c.estimated_months, v.account_id, c.supply_point_id, v.number, v.register_id, v.band, v.from_on,
       v.until_on, v.start_reading_id, v.end_reading_id, (v.start_value * 1000)::bigint, (v.end_value * 1000)::bigint,
       (v.multiplier * 10000)::bigint, (v.kwh * 1000)::bigint, v.basis, v.rule, v.facts
  FROM (SELECT id, account_id, supply_point_id, month, estimated_months, reverses_id,
               lead(version) OVER (PARTITION BY month, account_id, supply_point_id ORDER BY version) AS newer
          FROM billing_charge WHERE {which}) c
  JOIN billing_volume v ON v.account_id = c.account_id AND v.charge_id = c.id
 WHERE c.newer IS NULL AND c.reverses_id IS NULL
"""
_OF_SPAN = "month = ANY(%(months)s::date[]) AND account_id BETWEEN %(first)s AND %(last)s"
_OF_ACCOUNTS = "month = ANY(%(months)s::date[]) AND account_id = ANY(%(accounts)s::bigint[])"
_OF_ACCOUNTS_BEFORE = "month < %(before)s AND account_id = ANY(%(accounts)s::bigint[])"
