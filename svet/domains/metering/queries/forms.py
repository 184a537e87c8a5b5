"""What a page needs to ask for readings: the meters there, the values before, the window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import polars as pl

from svet.domains.metering.queries.contexts import known_about
from svet.domains.metering.rules import Channel, ReadingKind
from svet.domains.metering.rules.context import with_history
from svet.domains.metering.rules.use import with_month
from svet.domains.metering.rules.values import kwh
from svet.kernel.energy import TimeBand
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """One field: the register, the value before, the usual month, and what was given for this month already."""

    register_id: int
    position: int
    band: TimeBand
    previous: Decimal | None
    previous_on: date | None
    usual_month_kwh: Decimal | None
    given: Decimal | None


@dataclass(frozen=True, slots=True)
class WindowState:
    """The window of the month: its days, whether a reading given on the day asked about is in time, for which bill."""

    from_on: date
    until_on: date
    is_open: bool
    counts_for: Month


@dataclass(frozen=True, slots=True)
class MeterForm:
    """A meter that hangs at the account on the day, with its registers in the order T1, T2, T3."""

    meter_serial: str
    digits: int
    fraction_digits: int
    multiplier: Decimal
    verification_due_on: date | None
    registers: tuple[RegisterForm, ...]
    window: WindowState


def form_for(account_id: int, *, on: date) -> list[MeterForm]:
    """Return the meters of the account on the day `on`, by serial number; none when nothing hangs there."""
    known = known_about([account_id], on=on)
    there = known.places.filter(
        (pl.col("agreed_on") <= on)
        & (pl.col("ended_on").is_null() | (pl.col("ended_on") > on))
        & (pl.col("installed_on") <= on)
        & (pl.col("removed_on").is_null() | (pl.col("removed_on") > on))
    )
    rows = there.join(known.registers, on="meter_id").join(known.billed, on="account_id", how="left")
    rows = rows.with_columns(
        submission=pl.col("meter_id"),
        taken_on=pl.lit(on),
        given_on=pl.lit(on),
        channel=pl.lit(Channel.CABINET.value),
        kind=pl.lit(ReadingKind.REGULAR.value),
        value_wh=pl.lit(None, dtype=pl.Int64),
    )
    given = known.history.select(replaces_id="reading_id", given_wh="value_wh")
    judged = with_month(with_history(rows, known), known.policies)
    rows = judged.join(given, on="replaces_id", how="left").sort("serial", "meter_id", "position")
    return [
        _meter(list(registers), on=on, cutoff=known.policies.cutoff_day, first=known.policies.window_from)
        for _, registers in groupby(rows.iter_rows(named=True), key=lambda row: row["meter_id"])
    ]


def _meter(rows: list[dict[str, Any]], *, on: date, cutoff: int, first: int) -> MeterForm:
    row, month = rows[0], Month.of(on)
    days = [min(day, month.days) for day in (first, cutoff)]
    from_on, until_on = (month.first_on.replace(day=day) for day in days)
    return MeterForm(
        meter_serial=row["serial"],
        digits=row["digits"],
        fraction_digits=row["fraction_digits"],
        multiplier=Decimal(row["multiplier_e4"]).scaleb(-4),
        verification_due_on=row["verification_due_on"],
        registers=tuple(_register(one) for one in rows),
        window=WindowState(from_on, until_on, from_on <= on <= until_on, Month.of(row["counts_from"])),
    )


def _register(row: dict[str, Any]) -> RegisterForm:
    usual = row["usual_wh_day"]
    return RegisterForm(
        register_id=row["register_id"],
        position=row["position"],
        band=TimeBand(row["band"]),
        previous=kwh(row["previous_wh"]),
        previous_on=row["previous_on"],
        usual_month_kwh=None if usual is None else kwh(usual * 30 * row["multiplier_e4"] // 10_000),
        given=kwh(row["given_wh"]),
    )
