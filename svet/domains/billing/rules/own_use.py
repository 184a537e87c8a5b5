"""What each supply used itself in a month: what of the house is somebody's own. Pure.

By the policy `house_corrections = own_month` a month has what was used in it: shares of earlier months and corrections
of billed readings are not in it. By `next_bill` it has all that its bill takes or gives back.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from svet.domains.billing.rules.earlier_months import prior_months
from svet.domains.billing.rules.frames import Inputs
from svet.domains.metering.rules import VolumeBasis
from svet.domains.metering.rules.volumes import month_volumes
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.residents import every_day
from svet.domains.tariffs.rules.segments import KEY
from svet.kernel.period import Month

OWN_USE = {"account_id": pl.Int64, "supply_point_id": pl.Int64, "basis": pl.String, "wh": pl.Int64}
NOT_USED = ["V10", "V15", "V16", "V17"]
"""The opening of a count, and what the factor adds to the norm."""
CORRECTION = "V09"


@dataclass(frozen=True)
class OwnUse:
    """Watt-hours (`OWN_USE`) and the findings of the volumes."""

    rows: pl.DataFrame
    findings: pl.DataFrame


def own_use(inputs: Inputs, *, month: Month, policies: Policies) -> OwnUse:
    """Return the own volume of each supply by basis: 237 kWh measured is 237; a norm of 138 with 69 on top is 138."""
    prior = prior_months(inputs, month=month, policies=policies)
    volumes = month_volumes(
        supplies=inputs.supplies,
        registers=inputs.registers,
        conditions=inputs.conditions,
        readings=inputs.readings,
        billed=inputs.billed,
        estimates=prior.estimates,
        households=every_day(inputs.households, inputs.supplies, policies=policies),
        categories=inputs.categories,
        norms=inputs.consumption_norms,
        month=month,
        policies=policies,
    )
    used = volumes.rows.filter(~pl.col("rule").is_in(NOT_USED)).select(*KEY, "month_on", "basis", "rule", "wh")
    if policies.house_corrections == "own_month":
        here = pl.col("month_on").is_null() | (pl.col("month_on") == month.first_on)
        used = used.filter(here & (pl.col("rule") != CORRECTION))
        moved = volumes.shares.select(*KEY, basis=pl.lit(VolumeBasis.MEASURED.value), wh=-pl.col("wh"))
        used = pl.concat([used.select(*KEY, "basis", "wh"), moved])
    rows = used.group_by(*KEY, "basis").agg(pl.col("wh").sum()).select(list(OWN_USE))
    return OwnUse(rows=rows.sort(*KEY, "basis"), findings=volumes.findings)
