"""The months that a reading settles: priced anew with what was truly used, and what stood charged is turned.

Each line that stands for such a month comes back with the sign turned (P11), at the price at which it was charged;
then the month is priced like any other, by its own tariff, household and norm. Nothing here loops over accounts.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from svet.domains.billing.rules.benefits import CODES as BENEFIT_CODES
from svet.domains.billing.rules.frames import Inputs
from svet.domains.billing.rules.quality import REDUCED
from svet.domains.billing.rules.unmetered import BY_ACT
from svet.domains.houses.rules import SHARED
from svet.domains.metering.rules import VolumeBasis
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.residents import every_day
from svet.domains.tariffs.rules.segments import KEY, UNIT
from svet.kernel.period import Month
from svet.kernel.tables import follows

ENERGY = [*UNIT, "zoning", "band", "wh", "basis"]
SURCHARGED = "P10"
APART = (SURCHARGED, REDUCED, *SHARED, *BENEFIT_CODES, BY_ACT)
"""The surcharge of a norm's factor is settled by a volume of its own (V17), benefits and a reduction for quality by
their difference; common needs of a house and an act of unmetered use stand: none is turned line by line."""
TURNED = "P11"
_MEASURED = pl.lit(VolumeBasis.MEASURED.value).alias("basis")
_SAME = ["from_on", "until_on", "zoning", "band", "step", "tariff_version_id", "rate_urub"]


@dataclass(frozen=True)
class PriorMonths:
    """Lines that stand for earlier months (with `month_on`), and the estimates with `repriced`: settled by month."""

    lines: pl.DataFrame
    estimates: pl.DataFrame


def prior_months(inputs: Inputs, *, month: Month, policies: Policies) -> PriorMonths:
    """Return what stands charged for earlier months; by the policy current_month none of it is priced anew."""
    lines = _earlier(inputs.prior_lines, month=month)
    if policies.true_up_method == "current_month":
        lines = lines.clear()
    return PriorMonths(lines=lines, estimates=_repriced(inputs.estimates, lines))


@follows(0)
def _earlier(lines: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    return lines.with_columns(month_on=pl.col("from_on").dt.month_start()).filter(pl.col("month_on") < month.first_on)


@follows(0)
def _repriced(estimates: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    known = lines.select(UNIT).unique().with_columns(repriced=pl.lit(True))
    return estimates.join(known, on=UNIT, how="left").with_columns(pl.col("repriced").fill_null(False))


def settled_lines(prior: PriorMonths, rows: pl.DataFrame, shares: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the lines that stand for the months that volumes of this month (or shares of them) settle."""
    return _settled(prior.lines, rows, shares, month=month)


@follows(0)
def _settled(lines: pl.DataFrame, rows: pl.DataFrame, shares: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    touched = rows.filter(pl.col("month_on") < month.first_on).select(UNIT)
    return lines.join(pl.concat([touched, shares.select(UNIT)]).unique(), on=UNIT, how="semi")


def with_prior(supplies: pl.DataFrame, settled: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return what is to be priced: the supplies of the month, and those of settled months as they were charged."""
    now = supplies.select(*KEY, "from_on", "until_on", month_on=pl.lit(month.first_on))
    if settled.is_empty():
        return now
    then = settled.group_by(UNIT).agg(pl.col("from_on").min(), pl.col("until_on").max())
    return pl.concat([now, then.select(now.columns)])


def with_prior_households(
    households: pl.DataFrame, supplies: pl.DataFrame, inputs: Inputs, *, month: Month, policies: Policies
) -> pl.DataFrame:
    """Return the households of the month, and those of the days of settled months."""
    then = supplies.filter(pl.col("month_on") < month.first_on)
    if then.is_empty():
        return households
    return pl.concat([households, every_day(inputs.households, then, policies=policies)], how="diagonal")


def spread_energy(settled: pl.DataFrame, shares: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return energy (columns `ENERGY`) that moves between months: shares go to theirs; what stands there stays."""
    return pl.concat([_standing(settled), _moved(shares, month=month)])


@follows(0)
def _standing(settled: pl.DataFrame) -> pl.DataFrame:
    return settled.filter(~pl.col("rule").is_in(APART)).with_columns(_MEASURED).select(ENERGY)


@follows(0)
def _moved(shares: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    moved = shares.with_columns(_MEASURED)
    left = moved.with_columns(month_on=pl.lit(month.first_on), wh=-pl.col("wh"))
    return pl.concat([part.select(ENERGY) for part in (moved, left)])


def with_reversals(lines: pl.DataFrame, settled: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the lines with those of settled months turned, in order; a line that stays as it was is not told."""
    by = [*UNIT, *_SAME]
    is_prior = pl.col("month_on") < month.first_on
    fresh = lines.with_columns(is_prior=is_prior, is_new=pl.lit(True)).filter(~is_prior | (pl.col("wh") != 0))
    settled = settled.filter(~pl.col("rule").is_in(APART)) if settled.height else settled
    if settled.is_empty():
        return fresh
    turned = (
        settled.group_by(by)
        .agg(wh=-pl.col("wh").sum(), amount_kop=-pl.col("amount_kop").sum(), basis=pl.col("basis").first())
        .filter((pl.col("wh") != 0) | (pl.col("amount_kop") != 0))
        .with_columns(rule=pl.lit(TURNED), is_prior=pl.lit(True), is_new=pl.lit(False))
    )
    same = [*by, "wh", "amount_kop"]
    stays = fresh.filter(is_prior & (~pl.col("rule").is_in(APART))).join(
        turned.with_columns(-pl.col("wh", "amount_kop")), on=same, how="semi"
    )
    kept = fresh.join(stays, on=[*same, "rule"], how="anti")
    told = turned.join(stays.with_columns(-pl.col("wh", "amount_kop")), on=same, how="anti")
    return pl.concat([kept, told.select(kept.columns)])


def with_corrections(lines: pl.DataFrame, corrections: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of `with_reversals` with those that correct settled months without energy."""
    if corrections.is_empty():
        return lines
    made = corrections.with_columns(is_prior=pl.lit(True), is_new=pl.lit(True))
    return pl.concat([lines, made.select(lines.columns)])


def with_spread(rows: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Return the volumes, those spread over months with `spread` among their facts: month and watt-hours."""
    if shares.is_empty():
        return rows
    told = (
        shares.sort("month_on")
        .group_by(*KEY, "register_id", start_reading_id="base_id", maintain_order=True)
        .agg(spread=pl.struct(month=pl.col("month_on").dt.strftime("%Y-%m"), wh="wh"))
    )
    measured = pl.col("rule").is_in(["V01", "V02", "V03"])
    facts = pl.col("facts").str.strip_suffix("}") + pl.lit(', "spread": ') + _json("spread") + pl.lit("}")
    keys = [*KEY, "register_id", "start_reading_id"]
    joined = rows.join(told, on=keys, how="left")
    return joined.with_columns(
        facts=pl.when(measured & pl.col("spread").is_not_null()).then(facts).otherwise("facts")
    ).drop("spread")


def _json(column: str) -> pl.Expr:
    """Return a list of structs as JSON text."""
    return pl.struct(column).struct.json_encode().str.strip_prefix(f'{{"{column}":').str.strip_suffix("}")
