"""The rating of a month: whole tables in, whole tables out.

Volumes come from metering, prices from tariffs; here they meet and become charges. Nothing is read, nothing
is written, and no account is looped over. The lines of a charge add up to it, and its volumes to its lines.
"""

from __future__ import annotations

import polars as pl

from svet.domains.billing.rules.benefits import benefits, corrected, numbered_by_line, with_benefits
from svet.domains.billing.rules.common_needs import common_needs
from svet.domains.billing.rules.earlier_months import (
    ENERGY,
    SURCHARGED,
    prior_months,
    settled_lines,
    spread_energy,
    with_corrections,
    with_prior,
    with_prior_households,
    with_reversals,
    with_spread,
)
from svet.domains.billing.rules.frames import CHARGES, FINDINGS, LINES, VOLUMES, Inputs, Rated
from svet.domains.billing.rules.perk_frames import BENEFITS
from svet.domains.billing.rules.quality import corrections, reductions
from svet.domains.billing.rules.unmetered import BY_ACT, with_unmetered
from svet.domains.houses.rules import SHARED
from svet.domains.metering.rules import VolumeBasis
from svet.domains.metering.rules.volumes import month_volumes
from svet.domains.metering.rules.volumes.borders import price_borders
from svet.domains.metering.rules.volumes.gaps import gap_days
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.price import price
from svet.domains.tariffs.rules.price_apart import price_apart
from svet.domains.tariffs.rules.residents import every_day
from svet.domains.tariffs.rules.segments import KEY, UNIT, price_segments, unpriced
from svet.domains.tariffs.rules.social_norm import social_bounds
from svet.kernel.findings import Level
from svet.kernel.period import Month
from svet.kernel.tables import DAYS, follows, half_up, place, remembered, starts, wide

BAND = [*UNIT, "zoning", "band"]
LINE_ORDER = (
    *("is_prior", "is_common", "is_apart", "zoning", "from_on", "band", "is_new", "step", "rule", "subject_id"),
    *("tariff_version_id", "rate_urub", "wh"),
)
"""To the last column, so that the same inputs give the same numbers of lines."""
BASES = [VolumeBasis.MEASURED.value, VolumeBasis.AVERAGE.value, VolumeBasis.NORM.value]
"""From the strongest to the weakest."""
SURCHARGES = ["V15", "V16", "V17"]
"""Volumes that the norm's factor adds: priced apart from what was used."""


def rate(inputs: Inputs, *, month: Month, policies: Policies) -> Rated:
    """Return the charges of `month` for all supplies of `inputs`, with their volumes, lines and findings.

    An account with a finding of level "hold" is left out of all tables but the findings.
    """
    prior = prior_months(inputs, month=month, policies=policies)
    households = every_day(inputs.households, inputs.supplies, policies=policies)
    volumes = month_volumes(
        supplies=inputs.supplies,
        registers=inputs.registers,
        conditions=inputs.conditions,
        readings=inputs.readings,
        billed=inputs.billed,
        estimates=prior.estimates,
        households=households,
        categories=inputs.categories,
        norms=inputs.consumption_norms,
        month=month,
        policies=policies,
    )
    rows = volumes.rows.with_columns(pl.col("month_on").fill_null(month.first_on))
    settled = settled_lines(prior, rows, volumes.shares, month=month)
    supplies = with_prior(inputs.supplies, settled, month=month)
    segments = price_segments(supplies, inputs.categories, inputs.tariffs)
    living = with_prior_households(households, supplies, inputs, month=month, policies=policies)
    norms = social_bounds(segments, living, inputs.social_norms, policies=policies)
    is_surcharge = pl.col("rule").is_in(SURCHARGES)
    counted = rows.filter((pl.col("rule") != "V10") & ~is_surcharge)
    energy = _energy(pl.concat([counted.select(ENERGY), spread_energy(settled, volumes.shares, month=month)]))
    single = counted.join(volumes.shares, on=[*KEY, "register_id"], how="anti")
    priced = price(
        energy.select(*BAND, "wh"),
        segments,
        inputs.tariffs,
        norms,
        borders=price_borders(single, segments, volumes.readings, policies=policies),
        policies=policies,
        own_days=pl.concat([gap_days(rows, month=month), _settled_gaps(inputs.prior_gaps, settled)]),
    )
    raised = price_apart(_energy(rows.filter(is_surcharge)), segments, inputs.tariffs)
    common = common_needs(inputs, segments, month=month)
    found = [volumes.findings, priced.findings, raised.findings, common.findings, unpriced(supplies, segments)]
    findings = pl.concat(found)
    held = _held(findings)
    lines = pl.concat([priced.lines.join(energy.select(*BAND, "basis"), on=BAND), raised.lines])
    surcharged = _surcharged(settled, columns=lines.columns)
    reduced = reductions(pl.concat([lines, surcharged]), supplies, inputs.interruptions, policies=policies)
    less = _of_month(reduced, month=month)
    worth = benefits(lines, segments, inputs.entitlements, living, less=reduced, policies=policies)
    worth = corrected(worth, inputs.given, settled, month=month)
    lines = with_reversals(pl.concat([lines, less, common.lines]), settled, month=month)
    lines = with_corrections(lines, corrections(reduced, settled, month=month))
    lines = lines.with_columns(subject_id=pl.lit(None, dtype=pl.Int64))
    lines = with_unmetered(with_benefits(lines, worth, segments, month=month), inputs, month=month)
    charges = _charges(lines, rows, inputs, month=month)
    facts = _facts(inputs.supplies, households, segments, norms, month=month)
    told = pl.concat([with_spread(rows, volumes.shares), common.volumes])
    kinds = {"is_common": pl.col("rule").is_in(SHARED), "is_apart": pl.col("subject_id").is_not_null()}
    numbered = _numbered(lines.with_columns(**kinds), *LINE_ORDER)
    return Rated(
        charges=_free(charges.join(facts, on=KEY, how="left"), held, CHARGES).sort(KEY),
        volumes=_free(_numbered(told, "rule", "position", "register_id", "from_on"), held, VOLUMES),
        lines=_free(numbered, held, LINES),
        findings=_in_order(findings),
        benefits=_free(numbered_by_line(worth, numbered), held, BENEFITS),
    )


def _energy(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the net energy of each band of each supply, with the weakest basis among its volumes."""
    return rows.group_by(BAND).agg(pl.col("wh").sum(), _weakest())


@follows(0, 1)
def _settled_gaps(prior_gaps: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    return prior_gaps.join(settled.select(UNIT), on=UNIT, how="semi")


@follows(0)
def _surcharged(settled: pl.DataFrame, *, columns: list[str]) -> pl.DataFrame:
    return settled.filter(pl.col("rule") == SURCHARGED).select(columns)


@follows(0)
def _of_month(lines: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    return lines.filter(pl.col("month_on") == month.first_on)


@follows(0)
def _held(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.filter(pl.col("level") == Level.HOLD.value).select("account_id").unique()


@follows(0)
def _in_order(findings: pl.DataFrame) -> pl.DataFrame:
    return findings.select(list(FINDINGS)).unique().sort(*KEY, "code", "facts")


def _weakest() -> pl.Expr:
    ranks = pl.col("basis").replace_strict(BASES, list(range(len(BASES))), return_dtype=pl.Int64)
    return ranks.max().replace_strict(list(range(len(BASES))), BASES, return_dtype=pl.String).alias("basis")


def _charges(lines: pl.DataFrame, rows: pl.DataFrame, inputs: Inputs, *, month: Month) -> pl.DataFrame:
    """Return the sums of each supply: a supply whose meters only wait for a reading is charged nothing.

    The tax inside is that of the month for which a line stands. Unmetered energy of an act is none of the supply's own.
    """
    percent = pl.col("vat_percent_e2")
    by_month = (
        lines.group_by([*KEY, "month_on"])
        .agg(pl.col("wh").filter(~pl.col("rule").is_in([*SHARED, BY_ACT])).sum(), pl.col("amount_kop").sum())
        .join(inputs.vats, on="month_on", how="left")
        .with_columns(vat_kop=half_up(wide("amount_kop") * percent, 10_000 + percent))
    )
    sums = by_month.group_by(KEY).agg(pl.col("wh", "amount_kop", "vat_kop").sum())
    bases = rows.group_by(KEY).agg(_weakest(), pl.col("months").max().alias("estimated_months"))
    supplies = inputs.supplies.select(KEY).unique()
    return (
        supplies.join(sums, on=KEY, how="left")
        .join(bases, on=KEY, how="left")
        .with_columns(
            pl.col("wh", "amount_kop", "vat_kop", "estimated_months").fill_null(0),
            pl.col("basis").fill_null(VolumeBasis.MEASURED.value),
        )
    )


@remembered
def _facts(
    supplies: pl.DataFrame,
    households: pl.DataFrame,
    segments: pl.DataFrame,
    norms: pl.DataFrame,
    *,
    month: Month,
) -> pl.DataFrame:
    """Return what an explanation of each charge needs beside its volumes, lines and the policies of all, as JSON."""
    living = (
        households.sort("account_id", "from_on")
        .group_by("account_id", maintain_order=True)
        .agg(
            pl.struct("residents", "persons", "privileged", from_on=pl.col("from_on").cast(pl.String)).alias(
                "households"
            )
        )
    )
    this = pl.col("month_on") == month.first_on
    norm = norms.filter(this).group_by(KEY).agg(pl.col("norm_wh").sum().alias("social_norm_wh"))
    place = (
        segments.filter(this)
        .sort(*KEY, "from_on")
        .group_by(KEY, maintain_order=True)
        .agg(pl.col("territory", "category", "structure").last())
    )
    return (
        supplies.group_by(KEY)
        .agg(DAYS.sum().alias("days"))
        .join(living, on="account_id", how="left")
        .join(norm, on=KEY, how="left")
        .join(place, on=KEY, how="left")
        .select(
            *KEY,
            facts=pl.struct(
                "days",
                "households",
                "social_norm_wh",
                "territory",
                "category",
                "structure",
                month_days=pl.lit(month.days),
            ).struct.json_encode(),
        )
    )


def _numbered(rows: pl.DataFrame, *order: str) -> pl.DataFrame:
    """Return the rows in order, numbered from 1 within each supply."""
    ordered = rows.sort(*KEY, *order, nulls_last=True).with_columns(first=starts(*KEY))
    return ordered.with_columns(number=place(first="first"))


def _free(rows: pl.DataFrame, held: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """Return the rows of accounts that are not held, in the declared columns."""
    free = rows.join(held, on="account_id", how="anti") if held.height else rows
    return free.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
