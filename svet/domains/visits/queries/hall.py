"""Reads of what is served, the terms of the queue, windows, who works at them, and the devices of the hall."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from svet.domains.offices.rules import Audience
from svet.domains.visits.models import Closed, Device, Duty, HallTerms, Privilege, Series, Window
from svet.domains.visits.rules import DeviceKind
from svet.domains.visits.rules.order import Terms
from svet.domains.visits.rules.slots import BookingTerms
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class HallRules:
    """The terms of a day: of the order, of bookings, and how long things are honoured."""

    order: Terms
    booking: BookingTerms
    target: timedelta
    last_ticket: timedelta
    missed_returns: timedelta
    source: str


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A service as people choose it. `closed`: why the office does not give it on the asked day, empty when it does."""

    series_id: int
    code: str
    letter: str
    title: str
    hint: str
    subject: str
    audience: str
    typical: timedelta
    bookable: bool
    slot_minutes: int
    places_per_slot: int
    closed: str = ""

    def serves(self, audience: Audience) -> bool:
        """Whether it is for this kind of customer."""
        return self.audience in {"", audience.value}


@dataclass(frozen=True, slots=True)
class ClosingView:
    """Days on which an office does not give a service; `last_on` None: until further notice."""

    closing_id: int
    series_id: int
    title: str
    first_on: date
    last_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class PrivilegeView:
    """Who is served out of turn, and by what rule."""

    code: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class WindowView:
    """A window of an office; no series: it can serve all. `operator_id`: who works at it now."""

    window_id: int
    office_code: str
    number: int
    series: tuple[str, ...]
    operator_id: int | None = None
    operator: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class DutyView:
    """An operator's work at a window now."""

    duty_id: int
    operator_id: int
    operator: str
    window_id: int
    number: int
    office_code: str
    series: tuple[str, ...]
    began_at: datetime
    paused_at: datetime | None
    pause_reason: str


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device of the hall; `seen_at`: when it last asked for anything; `window`: number of a tablet's window."""

    device_id: int
    office_code: str
    kind: DeviceKind
    name: str
    made_at: datetime
    seen_at: datetime | None
    window_id: int | None = None
    window: int | None = None


def rules_on(day: date) -> HallRules:
    """Return the terms of the queue on a day; raise NotFound("no_hall_terms")."""
    row = HallTerms.objects.filter(valid__contains=day).first()
    if row is None:
        raise NotFound("no_hall_terms", day=day)
    return HallRules(
        order=Terms(row.first_run, row.booked_run, timedelta(minutes=row.patience)),
        booking=BookingTerms(
            ahead_days=row.ahead_days,
            at_least=timedelta(minutes=row.book_at_least),
            comes_before=timedelta(minutes=row.comes_before),
            comes_after=timedelta(minutes=row.comes_after),
        ),
        target=timedelta(minutes=row.target),
        last_ticket=timedelta(minutes=row.last_ticket),
        missed_returns=timedelta(minutes=row.missed_returns),
        source=row.source,
    )


def services() -> list[SeriesView]:
    """Return all services that are given, in their order."""
    return [_series(row) for row in Series.objects.filter(active=True).order_by("order", "code")]


def services_of(office_code: str, *, on: date | None = None) -> list[SeriesView]:
    """Return the services with those that this office does not give on a day, and why.

    Without a day: with those that it does not give until further notice.
    """
    return services_by_office([office_code], on=on)[office_code]


def services_by_office(office_codes: Collection[str], *, on: date | None = None) -> dict[str, list[SeriesView]]:
    """Return what `services_of` does for each of these offices, in two queries for any number of them."""
    then = {"valid__upper_inf": True} if on is None else {"valid__contains": on}
    closings = Closed.objects.filter(office_code__in=office_codes, **then)
    closed = {
        (office, series): why for office, series, why in closings.values_list("office_code", "series_id", "reason")
    }
    rows = list(Series.objects.filter(active=True).order_by("order", "code"))
    return {office: [_series(row, closed=closed.get((office, row.pk), "")) for row in rows] for office in office_codes}


def closings_of(office_code: str, *, since: date) -> list[ClosingView]:
    """Return the days from `since` on which an office does not give a service, the next ones first."""
    rows = Closed.objects.filter(office_code=office_code, valid__overlap=DateRange(since, None))
    return [
        ClosingView(
            row.pk,
            row.series_id,
            row.series.title,
            row.valid.lower,
            row.valid.upper and row.valid.upper - timedelta(days=1),
            row.reason,
        )
        for row in rows.select_related("series").order_by("valid", "pk")
    ]


def privileges() -> list[PrivilegeView]:
    """Return who is served out of turn."""
    rows = Privilege.objects.filter(active=True).order_by("order", "code")
    return [PrivilegeView(row.code, row.title, row.source) for row in rows]


def windows(office_code: str) -> list[WindowView]:
    """Return the windows of an office with who works at them now."""
    at_work = {
        row.window_id: row
        for row in Duty.objects.select_related("operator").filter(window__office_code=office_code, ended_at=None)
    }
    found = []
    for row in Window.objects.filter(office_code=office_code, active=True).order_by("number"):
        duty = at_work.get(row.pk)
        found.append(
            WindowView(
                window_id=row.pk,
                office_code=row.office_code,
                number=row.number,
                series=tuple(row.series),
                operator_id=duty.operator_id if duty else None,
                operator=duty.operator.get_full_name() if duty else "",
                paused=bool(duty and duty.paused_at),
            )
        )
    return found


def operator_at(window_id: int) -> int | None:
    """Return who works at a window now, None when nobody does."""
    return Duty.objects.filter(window_id=window_id, ended_at=None).values_list("operator_id", flat=True).first()


def offices_with_windows() -> set[str]:
    """Return the codes of the offices in which a queue is run."""
    return set(Window.objects.filter(active=True).values_list("office_code", flat=True))


def duty_of(operator_id: int) -> DutyView | None:
    """Return the operator's work at a window now, None when he sits at none."""
    row = Duty.objects.select_related("window", "operator").filter(operator_id=operator_id, ended_at=None).first()
    return None if row is None else duty_view(row)


def duty_view(row: Duty) -> DutyView:
    """Return a duty as others see it; its window and operator are loaded."""
    return DutyView(
        duty_id=row.pk,
        operator_id=row.operator_id,
        operator=row.operator.get_full_name(),
        window_id=row.window_id,
        number=row.window.number,
        office_code=row.window.office_code,
        series=tuple(row.series),
        began_at=row.began_at,
        paused_at=row.paused_at,
        pause_reason=row.pause_reason,
    )


def device(kind: DeviceKind, secret: str) -> DeviceView:
    """Return the device whose address holds this secret; raise NotFound("no_such_device")."""
    hashed = hashlib.sha256(secret.encode()).hexdigest()
    row = Device.objects.select_related("window").filter(kind=kind, secret_hash=hashed, ended_at=None).first()
    if row is None:
        raise NotFound("no_such_device")
    return _device(row)


def stands_anywhere(kind: DeviceKind) -> bool:
    """Say whether any office has a device of this kind."""
    return Device.objects.filter(kind=kind, ended_at=None).exists()


def devices(office_code: str) -> list[DeviceView]:
    """Return what stands in the hall of an office."""
    rows = (
        Device.objects.select_related("window")
        .filter(office_code=office_code, ended_at=None)
        .order_by("kind", "name", "pk")
    )
    return [_device(row) for row in rows]


def _device(row: Device) -> DeviceView:
    return DeviceView(
        device_id=row.pk,
        office_code=row.office_code,
        kind=DeviceKind(row.kind),
        name=row.name,
        made_at=row.made_at,
        seen_at=row.seen_at,
        window_id=row.window_id,
        window=row.window.number if row.window else None,
    )


def _series(row: Series, *, closed: str = "") -> SeriesView:
    return SeriesView(
        series_id=row.pk,
        code=row.code,
        letter=row.letter,
        title=row.title,
        hint=row.hint,
        subject=row.subject,
        audience=row.audience,
        typical=timedelta(minutes=row.typical_minutes),
        bookable=row.bookable,
        slot_minutes=row.slot_minutes,
        places_per_slot=row.places_per_slot,
        closed=closed,
    )
