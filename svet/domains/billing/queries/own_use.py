"""What each supply of some accounts used itself in a month, by the engine of the bills, before anybody is charged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import polars as pl

from svet.domains.billing.queries.inputs import Span, load_inputs
from svet.domains.billing.rules.frames import Inputs
from svet.domains.billing.rules.own_use import OWN_USE, own_use
from svet.domains.tariffs.rules.policies import Policies
from svet.infra.copying import copy_out
from svet.kernel.findings import Level
from svet.kernel.period import Month

MOST_ACCOUNTS, WIDEST_GAP = 5000, 500
"""Accounts are loaded by ranges of ids: neighbours together, so that little is loaded for nothing."""


@dataclass(frozen=True, slots=True)
class OwnUseOf:
    """Watt-hours by (account, supply point) and basis; `unknown` are accounts of which it cannot be told."""

    uses: dict[tuple[int, int], dict[str, int]]
    unknown: frozenset[int]


def own_use_of(accounts: Sequence[int], *, month: Month, policies: Policies, again: bool = False) -> OwnUseOf:
    """Return what the accounts used themselves; `again`: of a month charged already, by the values known now."""
    rows, held = [pl.DataFrame(schema=OWN_USE)], [pl.Series("account_id", [], dtype=pl.Int64)]
    for part in _near(sorted(accounts)):
        wanted = pl.DataFrame({"account_id": part}, schema={"account_id": pl.Int64})
        inputs = load_inputs(Span(part[0], part[-1]), month=month, accounts=wanted, as_charged=again)
        inputs = _by_values_of_now(inputs, part) if again else inputs
        found = own_use(inputs, month=month, policies=policies)
        rows.append(found.rows)
        held.append(found.findings.filter(pl.col("level") == Level.HOLD.value)["account_id"])
    uses: dict[tuple[int, int], dict[str, int]] = {}
    for account, point, basis, wh in pl.concat(rows).iter_rows():
        uses.setdefault((account, point), {})[basis] = wh
    return OwnUseOf(uses, frozenset(pl.concat(held).to_list()))


_NOW = """
WITH RECURSIVE chain AS (
    SELECT account_id, replaces_id AS reading_id, id AS by_id FROM metering_reading
     WHERE replaces_id IS NOT NULL AND account_id = ANY(%(accounts)s::bigint[])
    UNION ALL
    SELECT c.account_id, c.reading_id, x.id FROM chain c JOIN metering_reading x
        ON x.replaces_id = c.by_id AND x.account_id = c.account_id)
SELECT c.reading_id, f.id AS now_id, (f.value * 1000)::bigint AS now_wh
  FROM chain c JOIN metering_reading_in_force f ON f.id = c.by_id AND f.account_id = c.account_id
"""
_NOW_SCHEMA = {"reading_id": pl.Int64, "now_id": pl.Int64, "now_wh": pl.Int64}


def _by_values_of_now(inputs: Inputs, accounts: Sequence[int]) -> Inputs:
    """Return the inputs with each reading at the value that stands in its place now, the start of the count too."""
    now = copy_out(_NOW, {"accounts": list(accounts)}, schema=_NOW_SCHEMA)
    if now.is_empty():
        return inputs
    readings = inputs.readings.join(now, on="reading_id", how="left").with_columns(
        value_wh=pl.coalesce("now_wh", "value_wh")
    )
    billed = inputs.billed.join(now, on="reading_id", how="left").with_columns(
        now_reading_id=pl.coalesce("now_id", "now_reading_id"), now_value_wh=pl.coalesce("now_wh", "now_value_wh")
    )
    return replace(
        inputs, readings=readings.select(inputs.readings.columns), billed=billed.select(inputs.billed.columns)
    )


def _near(ids: Sequence[int]) -> list[list[int]]:
    parts: list[list[int]] = [[ids[0]]] if ids else []
    for before, one in pairwise(ids):
        if one - before > WIDEST_GAP or len(parts[-1]) >= MOST_ACCOUNTS:
            parts.append([])
        parts[-1].append(one)
    return parts
