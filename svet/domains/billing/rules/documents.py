"""What a printed bill needs, as plain values (dossier section 9). Made by `queries.documents`, drawn by surfaces.

Money in roubles, energy in kWh, plus = the customer owes. Words for people are not here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from svet.domains.metering.rules import VolumeBasis
from svet.domains.tariffs.rules import Structure
from svet.kernel.energy import TimeBand
from svet.kernel.period import Month


def bill_number(month: Month, number: int) -> str:
    """Return the number of a bill as people see it.

    >>> bill_number(Month("2026-10"), 17)
    '2610-00000017'
    """
    return f"{month.text[2:4]}{month.text[5:]}-{number:08d}"


def parsed_bill_number(text: str) -> tuple[Month, int] | None:
    """Return the month and the number in its series of a bill's number as people see it; None for anything else.

    >>> parsed_bill_number("2610-17"), parsed_bill_number("2613-00000017"), parsed_bill_number("3300000019")
    ((Month(text='2026-10'), 17), None, None)
    """
    found = re.fullmatch(r"([0-9]{2})(0[1-9]|1[0-2])-([0-9]{1,8})", text.strip())
    return None if found is None else (Month(f"20{found[1]}-{found[2]}"), int(found[3]))


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """One row of readings: a register from one reading to the next, or an estimate (then no values)."""

    serial: str | None
    band: TimeBand
    previous_value: Decimal | None
    previous_on: date
    current_value: Decimal | None
    current_on: date
    multiplier: Decimal
    kwh: Decimal
    basis: VolumeBasis
    rule: str = ""


@dataclass(frozen=True, slots=True)
class SupplyPointPart:
    """What one supply point used: its volumes row by row."""

    supply_point_id: int
    code: str
    rows: tuple[VolumeRow, ...]


@dataclass(frozen=True, slots=True)
class BillLine:
    """One priced line: kWh × rate = amount. `structure` says what a step is, `rule` why the line is there."""

    supply_point_id: int
    band: TimeBand
    step: int
    from_on: date
    until_on: date
    kwh: Decimal
    rate: Decimal
    amount: Decimal
    basis: VolumeBasis
    order_number: str
    structure: Structure
    rule: str = ""


@dataclass(frozen=True, slots=True)
class PaidRow:
    """One payment counted in the bill (minus: taken back or refunded)."""

    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PenaltyRow:
    """Why a penalty is so much: base × days × percent / share = amount (roubles, four digits; minus: taken back)."""

    debt_month: Month
    from_on: date
    last_on: date
    days: int
    base: Decimal
    percent: Decimal
    share: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One month of the chart; no basis: nothing was charged then."""

    month: Month
    kwh: Decimal
    basis: VolumeBasis | None


@dataclass(frozen=True, slots=True)
class BillDocument:
    """Everything a printed bill says about one account and month, frozen as it was issued."""

    bill_id: int
    number: str
    month: Month
    issued_on: date
    due_on: date

    account_id: int
    account_number: str
    payer: str
    address: str
    postal_code: str
    area_m2: Decimal | None
    residents: int | None
    delivery: str

    supply_points: tuple[SupplyPointPart, ...]
    lines: tuple[BillLine, ...]
    kwh: Decimal
    vat_percent: Decimal
    vat: Decimal
    estimated_months: int
    order_numbers: tuple[str, ...]

    opening: Decimal
    charged: Decimal
    corrected: Decimal
    penalties: Decimal
    paid: Decimal
    closing: Decimal
    to_pay: Decimal
    payments: tuple[PaidRow, ...]
    payments_until: date
    chart: tuple[ChartBar, ...]
    corrections: tuple[tuple[Month, Decimal], ...] = ()
    penalty_rows: tuple[PenaltyRow, ...] = ()
