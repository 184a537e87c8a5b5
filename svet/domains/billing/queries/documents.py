"""Loads bills as documents: one, or all of a run shard by shard, in a constant number of queries per shard."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from svet.domains.billing.rules.documents import (
    BillDocument,
    BillLine,
    ChartBar,
    PaidRow,
    SupplyPointPart,
    VolumeRow,
    bill_number,
)
from svet.domains.metering.rules import VolumeBasis
from svet.domains.supply.rules import address_line
from svet.domains.tariffs.rules import Structure
from svet.kernel.energy import TimeBand
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

CHART_MONTHS = 12
AT_ONCE = 1000

Rows = dict[tuple[int, int], list[dict[str, Any]]]


def bill_document(account_id: int, bill_id: int) -> BillDocument:
    """Return everything the printed bill needs; raise NotFound when the bill is not the account's."""
    found = _documents("b.account_id = %(account)s AND b.id = %(bill)s", {"account": account_id, "bill": bill_id})
    if not found:
        raise NotFound(bill=bill_id)
    return found[0]


def bill_documents(run_id: int, *, shard: int | None = None) -> Iterator[BillDocument]:
    """Yield the documents of a run (of one shard by its number), in the order of accounts, 1,000 bills at a time."""
    for first, last in _ranges(run_id, shard):
        after = first - 1
        while True:
            keys = {"run": run_id, "after": after, "last": last, "limit": AT_ONCE}
            found = _documents(_OF_RUN, keys)
            yield from found
            if len(found) < AT_ONCE:
                break
            after = found[-1].account_id


def documents_of(bill_ids: Sequence[int]) -> list[BillDocument]:
    """Return the documents of these bills, in the order of accounts."""
    return _documents("b.id = ANY(%(bills)s)", {"bills": list(bill_ids)})


_OF_RUN = (
    "b.id IN (SELECT id FROM billing_bill WHERE account_id > %(after)s AND account_id <= %(last)s"
    " AND run_id = %(run)s AND month = (SELECT month FROM billing_run WHERE id = %(run)s)"
    " ORDER BY account_id LIMIT %(limit)s)"
)


def _ranges(run_id: int, shard: int | None) -> list[tuple[int, int]]:
    rows = _select(
        "SELECT first_account_id AS first, last_account_id AS last FROM billing_run_shard"
        " WHERE run_id = %(run)s AND number = coalesce(%(shard)s, number) ORDER BY number",
        {"run": run_id, "shard": shard},
    )
    return [(row["first"], row["last"]) for row in rows]


def _documents(where: str, keys: dict[str, Any]) -> list[BillDocument]:
    bills = _select(_BILLS + f" WHERE {where} ORDER BY b.account_id", keys)
    charges = {"accounts": [bill["account_id"] for bill in bills], "runs": [bill["run_id"] for bill in bills]}
    lines = _grouped(_select(_LINES, charges))
    volumes = _grouped(_select(_VOLUMES, charges))
    bars = _grouped(_select(_BARS, {**charges, "months": CHART_MONTHS}))
    return [_document(bill, lines, volumes, bars) for bill in bills]


def _grouped(rows: list[dict[str, Any]]) -> Rows:
    grouped: Rows = defaultdict(list)
    for row in rows:
        grouped[row["account_id"], row["run_id"]].append(row)
    return grouped


def _document(bill: dict[str, Any], all_lines: Rows, all_volumes: Rows, all_bars: Rows) -> BillDocument:
    month, frozen = Month.of(bill["month"]), json.loads(bill["snapshot"])
    key = (bill["account_id"], bill["run_id"])
    lines = tuple(_line(row) for row in all_lines.get(key, []))
    return BillDocument(
        bill_id=bill["id"],
        number=bill_number(month, bill["number"]),
        month=month,
        issued_on=bill["issued_on"],
        due_on=bill["due_on"],
        account_id=bill["account_id"],
        account_number=frozen["account_number"],
        payer=frozen["payer"],
        address=address_line(**frozen["address"]),
        postal_code=frozen["postal_code"],
        area_m2=Decimal(frozen["area_m2"]) if frozen["area_m2"] else None,
        residents=frozen["residents"],
        delivery=frozen["delivery"],
        supply_points=_points(all_volumes.get(key, []), frozen["meters"]),
        lines=lines,
        kwh=Decimal(frozen["kwh"]),
        vat_percent=Decimal(frozen["vat_percent"]),
        vat=Decimal(frozen["vat"]),
        estimated_months=frozen["estimated_months"],
        order_numbers=tuple(dict.fromkeys(line.order_number for line in lines)),
        **{name: bill[name] for name in ("opening", "charged", "corrected", "penalties", "paid", "closing")},
        to_pay=max(bill["closing"], Decimal("0.00")),
        payments=tuple(PaidRow(date.fromisoformat(day), Decimal(amount)) for day, amount in frozen["payments"]),
        payments_until=min(month.last_on, bill["issued_on"]),
        chart=_chart(month, all_bars.get(key, [])),
        corrections=_corrections(frozen.get("corrections", [])),
    )


def _corrections(rows: list[list[str]]) -> tuple[tuple[Month, Decimal], ...]:
    """Return what past months were corrected by, month by month; what comes to nothing is left out."""
    sums: dict[Month, Decimal] = defaultdict(lambda: Decimal("0.00"))
    for day, amount in rows:
        sums[Month.of(date.fromisoformat(day))] += Decimal(amount)
    return tuple((month, amount) for month, amount in sorted(sums.items()) if amount)


def _points(rows: list[dict[str, Any]], serials: dict[str, str]) -> tuple[SupplyPointPart, ...]:
    points: dict[tuple[int, str], list[VolumeRow]] = defaultdict(list)
    for row in rows:
        points[row["supply_point_id"], row["code"]].append(
            VolumeRow(
                serial=serials.get(str(row["register_id"])),
                band=TimeBand(row["band"]),
                previous_value=row["start_value"],
                previous_on=row["from_on"],
                current_value=row["end_value"],
                current_on=row["until_on"],
                multiplier=row["multiplier"],
                kwh=row["kwh"],
                basis=VolumeBasis(row["basis"]),
                rule=row["rule"],
            )
        )
    return tuple(SupplyPointPart(point, code, tuple(volumes)) for (point, code), volumes in points.items())


def _line(row: dict[str, Any]) -> BillLine:
    return BillLine(
        supply_point_id=row["supply_point_id"],
        band=TimeBand(row["band"]),
        step=row["step"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        kwh=row["kwh"],
        rate=row["rate"],
        amount=row["amount"],
        basis=VolumeBasis(row["basis"]),
        order_number=row["order_number"],
        structure=Structure(row["structure"]),
        rule=row["rule"],
    )


def _chart(month: Month, rows: list[dict[str, Any]]) -> tuple[ChartBar, ...]:
    """Return twelve bars up to `month`, empty ones included."""
    found = {Month.of(row["month"]): (row["kwh"], VolumeBasis(row["basis"])) for row in rows}
    months = [month.plus(offset) for offset in range(1 - CHART_MONTHS, 1)]
    return tuple(ChartBar(one, *found.get(one, (Decimal("0.000"), None))) for one in months)


def _select(query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_BILLS = """
SELECT b.id, b.account_id, b.run_id, b.month, b.number, b.issued_on, b.due_on,
       b.opening, b.charged, b.corrected, b.penalties, b.paid, b.closing, b.snapshot::text AS snapshot
  FROM billing_bill b
"""
_CHARGES = """
  FROM (SELECT DISTINCT unnest(%(accounts)s::bigint[]) AS account_id, unnest(%(runs)s::bigint[]) AS run_id) AS wanted
  JOIN billing_run r ON r.id = wanted.run_id
  JOIN billing_charge c ON c.account_id = wanted.account_id AND c.month = r.month AND c.run_id = r.id
"""
_LINES = f"""
SELECT c.account_id, c.run_id, c.supply_point_id, l.band, l.step, l.from_on, l.until_on, l.kwh, l.rate, l.amount,
       l.basis, l.rule, t.order_number, t.structure
{_CHARGES}
  JOIN billing_line l ON l.account_id = c.account_id AND l.charge_id = c.id
  JOIN tariffs_version t ON t.id = l.tariff_version_id
 ORDER BY c.account_id, c.supply_point_id, l.number
"""
_VOLUMES = f"""
SELECT c.account_id, c.run_id, c.supply_point_id, p.code, v.register_id, v.band, v.from_on, v.until_on,
       v.start_value, v.end_value, v.multiplier, v.kwh, v.basis, v.rule
{_CHARGES}
  JOIN billing_volume v ON v.account_id = c.account_id AND v.charge_id = c.id
  JOIN supply_point p ON p.id = c.supply_point_id
 ORDER BY c.account_id, c.supply_point_id, v.number
"""
_BARS = """
SELECT own.account_id, own.run_id, c.month, sum(c.kwh) AS kwh,
       CASE WHEN bool_or(c.basis = 'norm') THEN 'norm' WHEN bool_or(c.basis = 'average') THEN 'average'
            ELSE 'measured' END AS basis
  FROM (SELECT c.account_id, c.run_id, c.month, max(c.id) AS until_id {charges} GROUP BY 1, 2, 3) AS own
  CROSS JOIN generate_series(0, %(months)s - 1) AS back
  JOIN billing_charge c ON c.month = (own.month - make_interval(months => back))::date
   AND c.account_id = own.account_id AND c.id <= own.until_id
 GROUP BY own.account_id, own.run_id, c.month
""".replace("{charges}", _CHARGES)
"""The year before a bill as it stood charged when its month was: what corrects it later is on later bills. Each month
is named: a range of months would go through all accounts of a year."""
