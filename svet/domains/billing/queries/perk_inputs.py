"""Loads benefits and acts of unmetered use for rating: two set queries, and one more where a reading settles months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from svet.domains.benefits.queries import ENTITLEMENTS_SQL
from svet.domains.billing.queries.loading import load_frame
from svet.domains.billing.rules.perk_frames import ENTITLEMENTS, GIVEN, UNMETERED


def load_entitlements(parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Return who is entitled to what from `prior_on` to `next_on`."""
    return load_frame(ENTITLEMENTS_SQL, parameters, schema=ENTITLEMENTS)


def load_unmetered(parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Return what acts charge, or take back, in the month of `first_on`."""
    return load_frame(_UNMETERED, parameters, schema=UNMETERED)


def load_given(prior_lines: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """Return what benefits stand given for the months of `prior_lines`."""
    if prior_lines.is_empty():
        return pl.DataFrame(schema=GIVEN)
    accounts = prior_lines["account_id"].unique().to_list()
    return load_frame(_GIVEN, {**parameters, "accounts": accounts}, schema=GIVEN)


_UNMETERED = """
SELECT a.account_id, a.supply_point_id, a.id, l.from_on, l.until_on, (s.sign * l.kwh * 1000)::bigint,
       (l.rate * 1000000)::bigint, (s.sign * l.amount * 100)::bigint, l.tariff_version_id
  FROM billing_unmetered_act a
 CROSS JOIN LATERAL (
        SELECT NOT EXISTS (SELECT 1 FROM billing_unmetered_undone u
                            WHERE u.act_id = a.id AND u.counts_in <= %(first_on)s) AS holds,
               coalesce((SELECT sum(k.kwh) FROM billing_charge c
                           JOIN billing_line k ON k.account_id = c.account_id AND k.charge_id = c.id
                          WHERE c.account_id = a.account_id AND c.month >= a.counts_in AND c.month < %(first_on)s
                            AND k.rule = 'U01' AND k.subject_id = a.id), 0) <> 0 AS is_charged) AS w
 CROSS JOIN LATERAL (
        SELECT CASE WHEN w.holds AND NOT w.is_charged THEN 1 WHEN w.is_charged AND NOT w.holds THEN -1 END AS sign) AS s
  JOIN billing_unmetered_line l ON l.act_id = a.id
 WHERE a.account_id BETWEEN %(first)s AND %(last)s AND a.counts_in <= %(first_on)s AND s.sign IS NOT NULL
"""
"""An act is charged in the first month from `counts_in` on that has not charged it, and taken back in the first that
finds it charged and undone: so none is lost to a run that was under way."""
_GIVEN = """
SELECT b.account_id, c.supply_point_id, b.month, b.entitlement_id, b.form, b.method, (sum(b.kwh) * 1000)::bigint,
       (sum(b.base) * 100)::bigint, (sum(b.amount) * 100)::bigint
  FROM billing_charge c
  JOIN billing_benefit b ON b.account_id = c.account_id AND b.charge_id = c.id
 WHERE c.account_id = ANY(%(accounts)s::bigint[]) AND c.month >= %(prior_on)s AND c.month < %(first_on)s
   AND EXISTS (SELECT 1 FROM billing_benefit)
   AND b.month >= %(prior_on)s AND c.reverses_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM billing_charge n WHERE n.account_id = c.account_id AND n.month = c.month
                      AND n.supply_point_id = c.supply_point_id AND n.version > c.version)
 GROUP BY 1, 2, 3, 4, 5, 6
"""
"""The bare EXISTS is asked once, before anything is read: a region without benefits reads no charges for them."""
