"""Electricity used past the meter, found by an act: for which days, how much of it, at what price (U01).

It is calculated once, when the act is recorded, and charged as lines of its own: never part of what the supply used by
its meter or norm, and taken back by the same lines turned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from svet.domains.billing.rules.frames import Inputs
from svet.domains.billing.rules.perk_frames import UNMETERED
from svet.domains.metering.rules.volumes.estimated import normed
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.price import BAND, split_by_segment
from svet.domains.tariffs.rules.residents import every_day
from svet.domains.tariffs.rules.segments import KEY, UNIT, price_segments
from svet.kernel.errors import DomainError
from svet.kernel.period import Month, Period
from svet.kernel.rulebook import Rule
from svet.kernel.tables import DAYS, half_up, wide

BY_ACT = "U01"
RULES: dict[str, Rule] = {
    BY_ACT: Rule(
        BY_ACT,
        "Used past the meter, by an act: the power of the equipment for 24 hours a day, or the norm times 10 (policy) "
        "where the power is unknown; from the day it began, else from the last check, but no more than 3 months "
        "(policy) before the month in which it was found.",
        "PP 354 p. 62, p. 81(11) (from memory, unverified)",
        "2.2 kW for 10 days: 528 kWh × 4.12 = 2,175.36; norm 92 kWh a month, 15 of 30 days: 460 kWh",
    )
}


class UnmeteredKind(StrEnum):
    """What the act found."""

    CONNECTION = "connection"  # wires past the meter, without the supplier's leave
    TAMPERING = "tampering"  # the meter or its seals were touched


class UnmeteredRefused(DomainError):
    """The act contradicts itself or what is known; the code says how."""

    code = "unmetered_act_is_refused"


@dataclass(frozen=True, slots=True)
class Found:
    """What an act says of unmetered use. `since_on` is None when nobody knows when it began.

    `ended_on` is the first day without it; `power_w` is None when the power of the equipment is unknown.
    """

    kind: UnmeteredKind
    found_on: date
    ended_on: date
    since_on: date | None = None
    checked_on: date | None = None
    power_w: int | None = None


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Nothing came out: the codes of the findings that say why."""

    codes: tuple[str, ...]


def days_of(found: Found, *, policies: Policies) -> Period:
    """Return the days for which unmetered use is charged.

    Known since a day: from then on. Unknown: from the last check, at most so many months before that of the find.
    Raises UnmeteredRefused: "unmetered_begins_after_found", "unmetered_ends_before_found", "unmetered_has_no_days".
    """
    if found.since_on is not None and found.since_on > found.found_on:
        raise UnmeteredRefused("unmetered_begins_after_found", since_on=found.since_on)
    if found.since_on is None and found.checked_on is not None and found.checked_on > found.found_on:
        raise UnmeteredRefused("unmetered_begins_after_found", since_on=found.checked_on)
    if found.ended_on < found.found_on:
        raise UnmeteredRefused("unmetered_ends_before_found", ended_on=found.ended_on)
    earliest = Month.of(found.found_on).plus(-policies.unmetered_limit_months).first_on
    start = found.since_on or max(found.checked_on or earliest, earliest)
    if start >= found.ended_on:
        raise UnmeteredRefused("unmetered_has_no_days")
    return Period(start, found.ended_on)


def month_lines(
    inputs: Inputs, *, supply_point_id: int, days: Period, power_w: int | None, month: Month, policies: Policies
) -> pl.DataFrame | Unpriced:
    """Return what the days of `days` in the month come to: from_on, until_on, wh, rate_urub, amount_kop, version.

    `Unpriced` where norm, residents or price are not known for some of the days (F02, F03, F04, F05).
    """
    end = days.end or month.next.first_on
    supplies = inputs.supplies.filter(pl.col("supply_point_id") == supply_point_id).with_columns(
        from_on=pl.max_horizontal("from_on", pl.lit(days.start)), until_on=pl.min_horizontal("until_on", pl.lit(end))
    )
    supplies = supplies.filter(pl.col("from_on") < pl.col("until_on"))
    if power_w is not None:
        energy = supplies.group_by(KEY).agg(wh=(DAYS * 24 * power_w).sum())
    else:
        used, missing = _by_norm(inputs, supplies, month=month, policies=policies)
        if not missing.is_empty():
            return Unpriced(tuple(missing["code"].unique().sort()))
        energy = used
    return _priced(energy, supplies, inputs, month=month, policies=policies)


def with_unmetered(lines: pl.DataFrame, inputs: Inputs, *, month: Month) -> pl.DataFrame:
    """Return the lines with those that acts of unmetered use charge, or take back, in this month."""
    if inputs.unmetered.is_empty():
        return lines
    made = inputs.unmetered.join(inputs.supplies.select(KEY).unique(), on=KEY, how="semi").with_columns(
        month_on=pl.col("from_on").dt.month_start(),
        zoning=pl.lit("1"),
        band=pl.lit("all"),
        step=pl.lit(1),
        basis=pl.lit("norm"),
        rule=pl.lit(BY_ACT),
        subject_id="act_id",
        is_prior=pl.col("from_on").dt.month_start() < month.first_on,
        is_new=pl.lit(True),
    )
    return pl.concat([lines, made.select(pl.col(name).cast(dtype) for name, dtype in lines.schema.items())])


def _by_norm(
    inputs: Inputs, supplies: pl.DataFrame, *, month: Month, policies: Policies
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the norm of the days times the policy's factor, and what is missing for it."""
    none = pl.lit(0, dtype=pl.Int32)
    asked = supplies.select(*KEY, "from_on", "until_on", spent=none, norm_months=none, rule=pl.lit("V06"))
    rows, missing = normed(
        asked.with_columns(raised=pl.lit(False)),
        supplies=supplies,
        households=every_day(inputs.households, supplies, policies=policies),
        categories=inputs.categories,
        norms=inputs.consumption_norms,
        month=month,
        policies=policies,
    )
    factor = policies.unmetered_norm_percent
    return rows.group_by(KEY).agg(wh=half_up((wide("wh") * factor).sum(), 100)), missing


def _priced(
    energy: pl.DataFrame, supplies: pl.DataFrame, inputs: Inputs, *, month: Month, policies: Policies
) -> pl.DataFrame | Unpriced:
    """Return the energy by the one-rate price of the first or the last step (policy), cut where prices change."""
    unit = supplies.with_columns(month_on=pl.lit(month.first_on))
    segments = price_segments(unit, inputs.categories, inputs.tariffs)
    if segments["days"].sum() != supplies.select(DAYS.sum()).item():
        return Unpriced(("F04",))
    whole = energy.with_columns(month_on=pl.lit(month.first_on), zoning=pl.lit("1"), band=pl.lit("all")).select(
        *BAND, "wh"
    )
    borders = whole.clear().select(*BAND, until_on=pl.lit(None, dtype=pl.Date), reached_wh=pl.lit(None, dtype=pl.Int64))
    pieces = split_by_segment(whole, segments, borders)
    one_rate = inputs.tariffs.filter((pl.col("zoning") == "1") & (pl.col("band") == "all")).sort("step")
    steps = one_rate.group_by("tariff_version_id", maintain_order=True)
    rates = (steps.first() if policies.unmetered_price == "first_step" else steps.last()).select(
        "tariff_version_id", "rate_urub"
    )
    priced = pieces.join(rates, on="tariff_version_id", how="left")
    if priced["rate_urub"].has_nulls():
        return Unpriced(("F05",))
    names = [name for name in UNMETERED if name != "act_id"]
    return (
        priced.with_columns(amount_kop=half_up(wide("wh") * pl.col("rate_urub"), 10_000_000))
        .sort(UNIT)
        .select(pl.col(name).cast(UNMETERED[name]) for name in names)
    )
