"""Acts about meters as people see them: what was done, by which paper, whether it still holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from svet.domains.metering.models import ActScan, ActUndone, BilledMonth, MeterAct
from svet.domains.metering.rules.acts import ActKind
from svet.infra import files
from svet.infra.files import FileInfo
from svet.kernel.energy import TimeBand
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class ActValue:
    """What one dial showed; `kwh` since the reading before it, None on a meter that begins."""

    position: int
    band: TimeBand
    value: Decimal
    previous: Decimal | None
    previous_on: date | None
    kwh: Decimal | None


@dataclass(frozen=True, slots=True)
class ActMeter:
    """A meter as the act tells it; `until_on`: its verification is due then."""

    serial: str
    model: str
    on: date
    zoning: str
    digits: int
    multiplier: Decimal
    until_on: date | None
    receipt_number: str
    values: tuple[ActValue, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """When, by whom and why an act was taken back."""

    at: datetime
    by: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ActView:
    """An act: up to one meter taken down, one hung up, one checked; `undone` is None while it holds."""

    id: int
    kind: ActKind
    number: str
    signed_by: str
    seals: str
    note: str
    removed: ActMeter | None
    installed: ActMeter | None
    checked: ActMeter | None
    due_before_on: date | None
    scans: tuple[FileInfo, ...]
    recorded_at: datetime
    recorded_by: int | None
    undone: Undone | None

    @property
    def on(self) -> date:
        """The day of the act: the last of those it names."""
        return max(one.on for one in (self.removed, self.installed, self.checked) if one is not None)


def acts_of(account_id: int) -> list[ActView]:
    """Return the acts of an account, the latest recorded first, those taken back too."""
    return _views(MeterAct.objects.filter(account_id=account_id).order_by("-pk"))


def act(account_id: int, *, act_id: int) -> ActView:
    """Return an act; raise NotFound, also for another account's."""
    found = _views(MeterAct.objects.filter(account_id=account_id, pk=act_id))
    if not found:
        raise NotFound(act=act_id)
    return found[0]


def scan(account_id: int, *, act_id: int, file_id: int) -> FileInfo:
    """Return a scan of an act; raise NotFound, also for another account's."""
    if not ActScan.objects.filter(act__account_id=account_id, act_id=act_id, file_id=file_id).exists():
        raise NotFound(file=file_id)
    return files.described([file_id])[file_id]


def act_of_request(account_id: int, *, request_key: str) -> ActView | None:
    """Return the act that this request has made, None while it has made none."""
    return next(iter(_views(MeterAct.objects.filter(account_id=account_id, request_key=request_key))), None)


def last_billed_month(account_id: int) -> Month | None:
    """Return the last month charged for the account."""
    row = BilledMonth.objects.filter(account_id=account_id).order_by("-month").first()
    return None if row is None else Month.of(row.month)


def latest_on(account_id: int, *, meter_id: int, besides: Sequence[Any] = ()) -> date | None:
    """Return the day of the latest reading in force of a meter at the account, leaving some readings out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(f.taken_on) FROM metering_reading_in_force f JOIN metering_register g ON g.id = f.register_id"
            " WHERE f.account_id = %s AND g.meter_id = %s AND f.id <> ALL(%s::bigint[])",
            [account_id, meter_id, [one.pk for one in besides]],
        )
        latest: date | None = cursor.fetchone()[0]
    return latest


def _views(rows: Iterable[MeterAct]) -> list[ActView]:
    acts = list(rows)
    scans: dict[int, list[int]] = {}
    for act_id, file_id in ActScan.objects.filter(act__in=acts).order_by("pk").values_list("act_id", "file_id"):
        scans.setdefault(act_id, []).append(file_id)
    infos = files.described([one for some in scans.values() for one in some])
    undone = {
        row.act_id: Undone(row.undone_at, row.undone_by, row.reason) for row in ActUndone.objects.filter(act__in=acts)
    }
    return [
        ActView(
            id=row.pk,
            kind=ActKind(row.kind),
            number=row.number,
            signed_by=row.signed_by,
            seals=row.seals,
            note=row.note,
            removed=_meter(row.told.get("removed")),
            installed=_meter(row.told.get("installed")),
            checked=_meter(row.told.get("checked")),
            due_before_on=_day(row.told.get("before", {}).get("verification_due_on")),
            scans=tuple(infos[one] for one in scans.get(row.pk, ())),
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            undone=undone.get(row.pk),
        )
        for row in acts
    ]


def _meter(told: dict[str, Any] | None) -> ActMeter | None:
    if told is None:
        return None
    return ActMeter(
        serial=told["serial"],
        model=told["model"],
        on=date.fromisoformat(str(told["on"])),
        zoning=told.get("zoning", ""),
        digits=told.get("digits", 0),
        multiplier=Decimal(told.get("multiplier", "1")),
        until_on=_day(told.get("verification_due_on")),
        receipt_number=told.get("receipt", ""),
        values=tuple(
            ActValue(
                position=one["position"],
                band=TimeBand(one["band"]),
                value=Decimal(one["value"]),
                previous=None if one["previous"] is None else Decimal(one["previous"]),
                previous_on=_day(one["previous_on"]),
                kwh=None if one["kwh"] is None else Decimal(one["kwh"]),
            )
            for one in told["values"]
        ),
    )


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None
