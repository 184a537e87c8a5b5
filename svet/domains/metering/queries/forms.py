"""What a page needs to ask for readings: the meters there, the values before, the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from svet.domains.metering.queries.contexts import known_account
from svet.domains.metering.rules.single import KnownAccount, Place, Row, Submission, rows_at
from svet.domains.metering.rules.values import kwh
from svet.kernel.energy import TimeBand
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """One field: the register, the value before, the usual month, and what was given for this month already."""

    register_id: int
    position: int
    band: TimeBand
    previous: Decimal | None
    previous_on: date | None
    usual_month_kwh: Decimal | None
    given: Decimal | None


@dataclass(frozen=True, slots=True)
class WindowState:
    """The window of the month: its days, whether a reading given on the day asked about is in time, for which bill."""

    from_on: date
    until_on: date
    is_open: bool
    counts_for: Month


@dataclass(frozen=True, slots=True)
class MeterForm:
    """A meter that hangs at the account on the day, with its registers in the order T1, T2, T3."""

    meter_serial: str
    digits: int
    fraction_digits: int
    multiplier: Decimal
    verification_due_on: date | None
    registers: tuple[RegisterForm, ...]
    window: WindowState


def form_for(account_id: int, *, on: date) -> list[MeterForm]:
    """Return the meters of the account on the day `on`, by serial number; none when nothing hangs there."""
    known = known_account(account_id, on=on)
    hanging = {place.meter_id: place for place in known.places if place.meter_id is not None and _is_there(place, on)}
    forms = []
    for place in sorted(hanging.values(), key=lambda one: (one.serial or "", one.meter_id)):
        asked = Submission((), taken_on=on, given_on=on, meter_serial=place.serial)
        rows = rows_at(place, asked, known)
        if rows:
            forms.append(_meter(place, rows, known, on=on))
    return forms


def _is_there(place: Place, on: date) -> bool:
    spans = ((place.agreed_on, place.ended_on), (place.installed_on, place.removed_on))
    return all(start is not None and start <= on and (end is None or end > on) for start, end in spans)


def _meter(place: Place, rows: Sequence[Row], known: KnownAccount, *, on: date) -> MeterForm:
    month, policies = Month.of(on), known.policies
    days = [min(day, month.days) for day in (policies.window_from, policies.cutoff_day)]
    from_on, until_on = (month.first_on.replace(day=day) for day in days)
    counts_for = Month.of(rows[0].month.counts_from)
    return MeterForm(
        meter_serial=place.serial or "",
        digits=place.digits,
        fraction_digits=place.fraction_digits,
        multiplier=Decimal(place.multiplier_e4).scaleb(-4),
        verification_due_on=place.verification_due_on,
        registers=tuple(_register(one) for one in rows),
        window=WindowState(from_on, until_on, from_on <= on <= until_on, counts_for),
    )


def _register(row: Row) -> RegisterForm:
    usual, previous, replaced = row.near.usual_wh_day, row.near.previous, row.near.replaced
    return RegisterForm(
        register_id=row.register.register_id,
        position=row.register.position,
        band=TimeBand(row.register.band),
        previous=None if previous is None else kwh(previous.value_wh),
        previous_on=None if previous is None else previous.taken_on,
        usual_month_kwh=None if usual is None else kwh(usual * 30 * row.place.multiplier_e4 // 10_000),
        given=None if replaced is None else kwh(replaced.value_wh),
    )
