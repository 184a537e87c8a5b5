"""A billed case as plain data: what `--json` prints, what `expected` is compared with, what the table shows.

Money and energy are decimal texts; kWh without needless zeros.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from svet.kernel.money import from_kopecks
from svet.surfaces.console.cases.case import Case
from svet.surfaces.console.cases.months import BilledMonth
from svet.surfaces.console.cases.rows import register_id

Data = dict[str, Any]


def kwh(watt_hours: int) -> str:
    """Return energy as kWh, at most three digits after the point.

    >>> kwh(237_000), kwh(100_500)
    ('237', '100.5')
    """
    return f"{Decimal(watt_hours).scaleb(-3).normalize():f}"


def rate(urub: int) -> str:
    """Return a price of a kWh in roubles, at least two digits after the point.

    >>> rate(3_980_000), rate(2_070_500)
    ('3.98', '2.0705')
    """
    text = f"{Decimal(urub).scaleb(-6).normalize():f}"
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction:0<2}"


def as_document(case: Case, months: list[BilledMonth]) -> Data:
    """Return the whole result of a case."""
    return {
        "case": case.name,
        "source": case.source,
        "today": case.today.isoformat(),
        "months": {month.month.text: _month(case, month) for month in months},
        "total": str(from_kopecks(sum(month.charge["amount_kop"] for month in months if month.charge))),
        "closing": str(from_kopecks(months[-1].closing)),
    }


def _month(case: Case, month: BilledMonth) -> Data:
    charge = month.charge
    totals: Data = {"parked": bool(month.findings), "amount": "0.00"}
    if charge:
        totals = {
            "parked": False,
            "kwh": kwh(charge["wh"]),
            "amount": str(from_kopecks(charge["amount_kop"])),
            "vat": str(from_kopecks(charge["vat_kop"])),
            "basis": charge["basis"],
            "estimated_months": charge["estimated_months"],
        }
    return {
        **totals,
        "opening": str(from_kopecks(month.opening)),
        "paid": str(from_kopecks(month.paid)),
        "closing": str(from_kopecks(month.closing)),
        "volumes": [_volume(case, row) for row in month.volumes],
        "lines": [_line(row) for row in month.lines],
        "findings": [{"code": row["code"], "level": row["level"], "facts": row["facts"]} for row in month.findings],
        "facts": charge["facts"] if charge else {},
    }


def _volume(case: Case, row: Data) -> Data:
    serials = {
        register_id(number, place): meter.serial or str(number + 1)
        for number, meter in enumerate(case.meters)
        for place in range(len(meter.bands))
    }
    return {
        "rule": row["rule"],
        "meter": serials.get(row["register_id"], ""),
        "band": row["band"],
        "from": row["from_on"].isoformat(),
        "until": row["until_on"].isoformat(),
        "start": None if row["start_wh"] is None else kwh(row["start_wh"]),
        "end": None if row["end_wh"] is None else kwh(row["end_wh"]),
        "multiplier": f"{Decimal(row['multiplier_e4']).scaleb(-4).normalize():f}",
        "kwh": kwh(row["wh"]),
        "basis": row["basis"],
        "facts": row["facts"],
    }


def _line(row: Data) -> Data:
    return {
        "rule": row["rule"],
        "band": row["band"],
        "step": row["step"],
        "from": row["from_on"].isoformat(),
        "until": row["until_on"].isoformat(),
        "kwh": kwh(row["wh"]),
        "rate": rate(row["rate_urub"]),
        "amount": str(from_kopecks(row["amount_kop"])),
        "basis": row["basis"],
        "version": row["tariff_version_id"],
    }
