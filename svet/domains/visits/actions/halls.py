"""The hall's own things: windows, devices with their secret addresses, services not given for a while."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from svet.domains.offices import queries as offices
from svet.domains.visits.actions.telling import lock_hall
from svet.domains.visits.models import Closed, Device, Duty, Series, Window
from svet.domains.visits.rules import DeviceKind
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.infra.fields import to_range
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a device last asked: a board asks every second."""


def make_window(office_code: str, number: int, *, at: datetime) -> int:
    """Add a window that can serve everything; raise NotFound("no_such_office"), Conflict("window_exists")."""
    offices.office(office_code)
    try:
        with transaction.atomic():
            row = Window.objects.create(office_code=office_code, number=number)
            _record("window_made", row.pk, office_code, at=at, kind="window")
    except IntegrityError as error:
        raise Conflict("window_exists", window=number) from error
    return row.pk


def change_window(window_id: int, services: Iterable[str], *, office_code: str, why: str, at: datetime) -> None:
    """Say what a window can serve (nothing: everything); who sits there serves no more than that from now on.

    Raises NotFound("no_such_window"), NotFound("no_such_series"), DomainError("hall_reason_is_needed").
    """
    if not why.strip():
        raise DomainError("hall_reason_is_needed")
    wanted = list(dict.fromkeys(services))
    with transaction.atomic():
        lock_hall(office_code)
        row = Window.objects.filter(pk=window_id, office_code=office_code, active=True).first()
        if row is None:
            raise NotFound("no_such_window", window=window_id)
        known = set(Series.objects.filter(active=True).values_list("code", flat=True))
        for code in wanted:
            if code not in known:
                raise NotFound("no_such_series", series=code)
        for duty in Duty.objects.filter(window=row, ended_at=None):
            duty.series = [code for code in duty.series if not wanted or code in wanted] or wanted
            duty.save(update_fields=["series"])
        row.series = wanted
        row.save(update_fields=["series"])
        _record("window_changed", row.pk, office_code, at=at, kind="window", reason=why.strip())


def make_device(office_code: str, kind: DeviceKind, *, name: str, at: datetime, window: int | None = None) -> str:
    """Add a device and return its secret, which is never shown again; a tablet stands at a window, by its number.

    A new tablet at a window ends the one before: whoever lost the address makes another.
    Raises NotFound("no_such_office"), DomainError("device_needs_a_name"), DomainError("tablet_needs_a_window").
    """
    if not name.strip():
        raise DomainError("device_needs_a_name")
    offices.office(office_code)
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        lock_hall(office_code)
        stands_at = _window_of_tablet(office_code, window) if kind == DeviceKind.TABLET else None
        if stands_at is not None:
            for device_id in Device.objects.filter(window=stands_at, ended_at=None).values_list("pk", flat=True):
                end_device(device_id, office_code=office_code, at=at)
        row = Device.objects.create(
            office_code=office_code,
            window=stands_at,
            kind=kind,
            name=name.strip()[:80],
            secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
            made_at=at,
        )
        _record("device_made", row.pk, office_code, at=at, kind=kind)
    return secret


def end_device(device_id: int, *, office_code: str, at: datetime) -> None:
    """Make a device's address worthless; raise NotFound("no_such_device")."""
    with transaction.atomic():
        changed = Device.objects.filter(pk=device_id, office_code=office_code, ended_at=None).update(ended_at=at)
        if not changed:
            raise NotFound("no_such_device")
        _record("device_ended", device_id, office_code, at=at, kind="device")


def note_seen(device_id: int, *, at: datetime) -> None:
    """Keep that a device is alive, once a minute."""
    Device.objects.filter(pk=device_id).exclude(seen_at__gt=at - SEEN_EVERY).update(seen_at=at)


def close_service(office_code: str, series: str, *, days: Period, why: str, at: datetime) -> int:
    """Stop giving tickets and times for a service in an office on these days (no end: until further notice).

    Raises DomainError("hall_reason_is_needed"), ("closing_is_past"), NotFound("no_such_series"),
    Conflict("service_is_closed_then").
    """
    if not why.strip():
        raise DomainError("hall_reason_is_needed")
    if days.start < at.astimezone(MOSCOW).date():
        raise DomainError("closing_is_past")
    found = Series.objects.filter(code=series).first()
    if found is None:
        raise NotFound("no_such_series", series=series)
    try:
        with transaction.atomic():
            row = Closed.objects.create(
                office_code=office_code, series=found, valid=to_range(days), reason=why.strip()[:200], since=at
            )
            _record("service_closed", found.pk, office_code, at=at, kind="series", reason=why.strip(), is_fact=True)
    except IntegrityError as error:
        raise Conflict("service_is_closed_then", service=found.title) from error
    return row.pk


def reopen_service(closing_id: int, *, office_code: str, at: datetime) -> None:
    """Give a service again, or do not stop giving it; of what is withdrawn already nothing changes."""
    with transaction.atomic():
        row = Closed.objects.filter(pk=closing_id, office_code=office_code).first()
        if row is not None:
            row.delete()
            _record("service_reopened", row.series_id, office_code, at=at, kind="series", is_fact=True)


def _window_of_tablet(office_code: str, number: int | None) -> Window:
    row = Window.objects.filter(office_code=office_code, number=number or 0, active=True).first()
    if row is None:
        raise DomainError("tablet_needs_a_window")
    return row


def _record(
    verb: str, target: object, office_code: str, *, at: datetime, kind: str, reason: str = "", is_fact: bool = False
) -> None:
    audit.record(
        f"visits.{verb}",
        target_kind=f"hall_{kind}",
        target_id=target,
        at=at,
        data={"office": office_code},
        reason=reason,
        fact=f"visits.{verb}" if is_fact else "",
    )
