"""What a submission's receipt says, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from svet.domains.metering.rules import Channel, Verdict
from svet.kernel.energy import TimeBand
from svet.kernel.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One register of a submission: the value given, the one before it, the energy between them in kWh."""

    register_id: int
    position: int
    band: TimeBand
    value: Decimal | None
    previous: Decimal | None
    previous_on: date | None
    kwh: Decimal | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the giver of a reading gets, whatever the verdict: a number, the moment, the verdict and why."""

    number: str
    account_id: int
    verdict: Verdict
    channel: Channel
    taken_on: date
    received_at: datetime
    rows: tuple[ReceiptRow, ...]
    findings: tuple[Finding, ...]


def rows_from(stored: Iterable[Mapping[str, Any]], *, verdict: Verdict) -> tuple[ReceiptRow, ...]:
    """Return the rows that a receipt stores as JSON."""
    return tuple(
        ReceiptRow(
            register_id=row["register_id"],
            position=row["position"],
            band=TimeBand(row["band"]),
            value=_decimal(row["value"]),
            previous=_decimal(row["previous"]),
            previous_on=date.fromisoformat(row["previous_on"]) if row["previous_on"] else None,
            kwh=_decimal(row["kwh"]),
            verdict=verdict,
        )
        for row in stored
    )


def findings_from(stored: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return the findings that a receipt or a reading stores as JSON."""
    return tuple(Finding(one["code"], Level(one["level"]), dict(one["facts"])) for one in stored)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
