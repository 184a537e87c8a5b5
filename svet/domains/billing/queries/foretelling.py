"""What a month would cost an account by the readings given so far: the engine of a run, and nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from svet.domains.billing.queries.inputs import Span, load_inputs
from svet.domains.billing.rules.frames import READINGS
from svet.domains.billing.rules.parking import park
from svet.domains.billing.rules.rating import rate
from svet.domains.metering.queries import UnsavedReading
from svet.domains.metering.rules import ReadingKind, VolumeBasis
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.energy import TimeBand
from svet.kernel.errors import NotFound
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

UNSAVED_ID = 2**62
"""Ids of readings that are not stored yet start here: later than any that is."""


@dataclass(frozen=True, slots=True)
class ForetoldLine:
    """A priced line that a bill of the month would have; `rate` in roubles per kWh."""

    band: TimeBand
    step: int
    from_on: date
    until_on: date
    kwh: Decimal
    rate: Decimal
    amount: Decimal
    rule_code: str


@dataclass(frozen=True, slots=True)
class ForetoldCharge:
    """What a run of the month would charge now; `is_measured` when all of it is between readings."""

    month: Month
    kwh: Decimal
    amount: Decimal
    is_measured: bool
    lines: tuple[ForetoldLine, ...]


def preview_charge(account_id: int, *, month: Month, unsaved: Sequence[UnsavedReading] = ()) -> ForetoldCharge | None:
    """Return what the month would cost the account (kWh and roubles with tax), as a run started now would charge it.

    `unsaved` values are reckoned with as if they had been given and accepted.
    None where a run would charge nothing: the account would be parked, is charged for the month already, has
    no supply then, or waits for a reading; and where reference data that a run needs are not loaded.
    """
    try:
        inputs = load_inputs(Span(account_id, account_id), month=month, foretelling=True)
    except NotFound:  # no VAT rate of the month
        return None
    if inputs.supplies.is_empty():
        return None
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
    if unsaved:
        readings = _with_unsaved(inputs.readings, unsaved, account_id=account_id, cutoff=policies.reading_cutoff_day)
        inputs = replace(inputs, readings=readings)
    rated, _ = park(inputs.supplies, rate(inputs, month=month, policies=policies))
    if rated.lines.is_empty():
        return None
    return ForetoldCharge(
        month=month,
        kwh=_kwh(int(rated.charges["wh"].sum())),
        amount=from_kopecks(int(rated.charges["amount_kop"].sum())),
        is_measured=set(rated.charges["basis"]) == {VolumeBasis.MEASURED.value},
        lines=tuple(_line(row) for row in rated.lines.iter_rows(named=True)),
    )


def _with_unsaved(
    readings: pl.DataFrame, unsaved: Sequence[UnsavedReading], *, account_id: int, cutoff: int
) -> pl.DataFrame:
    """Return the readings with the unsaved ones, in the form in which the inputs of a run would have them."""
    replaced = [one.replaces_id for one in unsaved if one.replaces_id is not None]
    rows = []
    for place, one in enumerate(unsaved):
        is_late_yet_counts = one.taken_on.day > cutoff and one.counts_from <= one.taken_on.replace(day=1)
        kind = ReadingKind.CONTROL if is_late_yet_counts else ReadingKind.REGULAR
        rows.append((account_id, one.register_id, UNSAVED_ID + place, one.value_wh, one.taken_on, kind.value))
    return pl.concat(
        [readings.filter(~pl.col("reading_id").is_in(replaced)), pl.DataFrame(rows, schema=READINGS, orient="row")]
    )


def _line(row: dict[str, Any]) -> ForetoldLine:
    return ForetoldLine(
        band=TimeBand(row["band"]),
        step=row["step"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        kwh=_kwh(row["wh"]),
        rate=Decimal(row["rate_urub"]).scaleb(-6),
        amount=from_kopecks(row["amount_kop"]),
        rule_code=row["rule"],
    )


def _kwh(watt_hours: int) -> Decimal:
    return Decimal(watt_hours).scaleb(-3)
