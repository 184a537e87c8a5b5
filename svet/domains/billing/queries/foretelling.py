"""What a month would cost an account by the readings given so far: the engine of a run, and nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from svet.domains.billing.queries.inputs import Span, load_inputs
from svet.domains.billing.rules.parking import park
from svet.domains.billing.rules.rating import rate
from svet.domains.metering.rules import VolumeBasis
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.energy import TimeBand
from svet.kernel.errors import NotFound
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month


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


def preview_charge(account_id: int, *, month: Month) -> ForetoldCharge | None:
    """Return what the month would cost the account (kWh and roubles with tax), as a run started now would charge it.

    None where a run would charge nothing: the account would be parked, is charged for the month already, has
    no supply then, or waits for a reading; and where reference data that a run needs are not loaded.
    """
    try:
        inputs = load_inputs(Span(account_id, account_id), month=month)
    except NotFound:  # no VAT rate of the month
        return None
    if inputs.supplies.is_empty():
        return None
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
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
