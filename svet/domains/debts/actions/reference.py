"""Dated terms of penalties: what is shipped, and what people add when the Bank of Russia decides anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from svet.domains.debts.models import KeyRate, KeyRateCheck, Moratorium, RateCap
from svet.infra import audit
from svet.infra.fields import to_range
from svet.infra.locking import lock_names
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.period import Period

DATA = Path(__file__).resolve().parents[1] / "data" / "terms.yaml"
MOST_AHEAD_DAYS = 100
"""How far ahead a person may vouch for a rate: the Bank's board meets more often than this."""


def load_reference(*, at: datetime) -> int:
    """Add the shipped terms that are not there yet, all or nothing; return how many rows were added."""
    document: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    with transaction.atomic():
        added = _key_rates(document["key_rates"], at=at) + _caps(document["caps"]) + _moratoria(document["moratoria"])
        if added:
            audit.record("debts.load_reference", target_kind="reference", target_id="penalties", at=at)
    return added


def set_key_rate(from_on: date, *, percent: Decimal, source: str, by: int | None, at: datetime) -> None:
    """Write down the key rate from a day on; a mistaken rate of the same day is replaced, its history kept.

    Raises DomainError("source_is_missing") and ("rate_is_wrong").
    """
    if not source.strip():
        raise DomainError("source_is_missing")
    if not Decimal(0) < percent < 100 or percent != percent.quantize(Decimal("0.01")):
        raise DomainError("rate_is_wrong", percent=str(percent)[:20])
    with transaction.atomic():
        lock_names("debts.key_rates")
        before = KeyRate.objects.filter(from_on=from_on).first()
        values = {"percent": percent, "source": source.strip()}
        KeyRate.objects.update_or_create(from_on=from_on, defaults=values)
        data = {"percent": str(percent), "before": str(before.percent) if before else None, "by": by}
        audit.record(
            "debts.set_key_rate", target_kind="key_rate", target_id=from_on, at=at, data=data, reason=source.strip()
        )


def confirm_key_rates(known_until: date, *, source: str, by: int | None, at: datetime) -> None:
    """Vouch that the key rates written down hold up to a day, that day included.

    Raises DomainError("source_is_missing"), ("day_is_too_far") and Conflict("rates_are_confirmed_further").
    """
    if not source.strip():
        raise DomainError("source_is_missing")
    if (known_until - at.date()).days > MOST_AHEAD_DAYS:
        raise DomainError("day_is_too_far", days=MOST_AHEAD_DAYS)
    with transaction.atomic():
        lock_names("debts.key_rates")
        last = KeyRateCheck.objects.order_by("-known_until").first()
        if last is not None and last.known_until >= known_until:
            raise Conflict("rates_are_confirmed_further", known_until=last.known_until)
        KeyRateCheck.objects.create(known_until=known_until, source=source.strip(), checked_at=at, checked_by=by)
        audit.record(
            "debts.confirm_key_rates",
            target_kind="key_rate",
            target_id=known_until,
            at=at,
            data={"before": last.known_until.isoformat() if last else None, "by": by},
            reason=source.strip(),
        )


def _key_rates(table: Mapping[str, Any], *, at: datetime) -> int:
    if KeyRate.objects.exists():
        return 0
    rates = table["percent_from"]
    for from_on, percent in rates.items():
        KeyRate.objects.create(from_on=from_on, percent=Decimal(percent), source=table["source"])
    KeyRateCheck.objects.create(
        known_until=table["known_until"], source=table["known_source"], checked_at=at, checked_by=None
    )
    return len(rates)


def _caps(rows: list[Mapping[str, Any]]) -> int:
    if RateCap.objects.exists():
        return 0
    for row in rows:
        percent = None if row["percent"] is None else Decimal(row["percent"])
        RateCap.objects.create(percent=percent, valid=to_range(Period(row["from"], row["until"])), source=row["source"])
    return len(rows)


def _moratoria(rows: list[Mapping[str, Any]]) -> int:
    known = set(Moratorium.objects.values_list("code", "variant"))
    absent = [row for row in rows if (row["code"], row["variant"]) not in known]
    for row in absent:
        Moratorium.objects.create(
            code=row["code"],
            variant=row["variant"],
            valid=to_range(Period(row["from"], row["until"])),
            due_before=row.get("due_before"),
            source=row["source"],
        )
    return len(absent)
