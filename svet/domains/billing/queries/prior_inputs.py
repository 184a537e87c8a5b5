"""What stands charged for the months that a reading settles: their lines, and what of them was of a gap's days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from svet.domains.billing.queries.loading import load_frame
from svet.domains.billing.rules import frames


def load_prior_lines(settled: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Return what stands charged for the months of `settled`; not of a month whose lines do not tell their zones."""
    if settled.is_empty():
        return pl.DataFrame(schema=frames.PRIOR_LINES)
    asked = {"accounts": settled["account_id"].unique().to_list(), "from_on": settled["month_on"].min()}
    unit = ["account_id", "supply_point_id", "month_on"]
    lines = load_frame(_PRIOR_LINES, {**parameters, **asked}, schema=frames.PRIOR_LINES)
    lines = lines.with_columns(month_on=pl.col("from_on").dt.month_start()).join(settled, on=unit, how="semi")
    return lines.join(lines.filter(pl.col("zoning") == ""), on=unit, how="anti").drop("month_on")


def load_prior_gaps(prior_lines: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Return what of the energy of `prior_lines` is of the days between two meters of its month (V18)."""
    if prior_lines.is_empty():
        return pl.DataFrame(schema=frames.PRIOR_GAPS)
    asked = {"accounts": prior_lines["account_id"].unique().to_list()}
    return load_frame(GAPS, {**parameters, **asked}, schema=frames.PRIOR_GAPS)


_PRIOR_LINES = """
SELECT c.account_id, c.supply_point_id, l.zoning, l.band, l.step, l.from_on, l.until_on, (l.kwh * 1000)::bigint,
       (l.rate * 1000000)::bigint, (l.amount * 100)::bigint, l.basis, l.rule, l.tariff_version_id
  FROM billing_charge c
  JOIN billing_line l ON l.account_id = c.account_id AND l.charge_id = c.id
 WHERE c.account_id = ANY(%(accounts)s::bigint[]) AND c.month >= %(from_on)s AND c.month < %(first_on)s
   AND l.from_on >= %(from_on)s AND c.reverses_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM billing_charge n WHERE n.account_id = c.account_id AND n.month = c.month
                      AND n.supply_point_id = c.supply_point_id AND n.version > c.version)
"""
GAPS = """
SELECT c.account_id, c.supply_point_id, c.month, m.zoning, v.band, v.from_on, v.until_on, (v.kwh * 1000)::bigint
  FROM billing_charge c
  JOIN billing_volume v ON v.account_id = c.account_id AND v.charge_id = c.id
  JOIN metering_register r ON r.id = v.register_id
  JOIN metering_meter m ON m.id = r.meter_id
 WHERE c.account_id = ANY(%(accounts)s::bigint[]) AND c.month >= %(prior_on)s AND c.month < %(first_on)s
   AND v.rule = 'V18' AND v.from_on >= c.month AND c.reverses_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM billing_charge n WHERE n.account_id = c.account_id AND n.month = c.month
                      AND n.supply_point_id = c.supply_point_id AND n.version > c.version)
"""
"""What is charged late, for days before its charge's month, has no days of its own there (volumes.gaps.gap_days)."""
