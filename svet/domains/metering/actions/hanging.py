"""The steps of acts: a meter is found or entered, hung up, taken down; its dials are read. Always inside an act's
transaction, with the account locked; `acts.py` says in which order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from svet.domains.accounts.models import Agreement
from svet.domains.metering.actions.readings import submit_reading
from svet.domains.metering.actions.reviews import review_reading
from svet.domains.metering.models import Installation, Meter, Reading, Register
from svet.domains.metering.queries import last_billed_month, latest_on
from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.rules.acts import ActRefused, Hung, NewMeter, TakenDown, positions_of
from svet.domains.metering.rules.receipts import Receipt
from svet.infra.fields import to_range
from svet.infra.locking import lock_names
from svet.kernel.energy import BANDS, Zoning
from svet.kernel.errors import DomainError
from svet.kernel.findings import Level
from svet.kernel.period import Period

DAY = timedelta(days=1)


class ActValueRefused(DomainError):
    """A value of an act cannot be right: `side` "removed" or "installed", `serial`, `findings`."""

    code = "act_value_refused"


class ActValueOdd(DomainError):
    """A value of an act looks wrong and nobody said that he is sure: `side`, `serial`, `findings`."""

    code = "act_value_is_odd"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who tells what the dials show: the account, the key of the act, a person who is sure of odd values or not."""

    account_id: int
    key: str
    by: int | None
    at: datetime
    is_sure: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an act as it came out: the meter, where, the receipt of its values, None without any."""

    meter: Meter
    supply_point_id: int
    on: date
    receipt: Receipt | None

    def told(self) -> dict[str, Any]:
        """Return what an act keeps of it for ever."""
        rows = self.receipt.rows if self.receipt else ()
        return {
            "serial": self.meter.serial,
            "model": self.meter.model,
            "zoning": self.meter.zoning,
            "digits": self.meter.digits,
            "fraction_digits": self.meter.fraction_digits,
            "multiplier": str(Decimal(self.meter.multiplier).normalize()),
            "verification_due_on": self.meter.verification_due_on,
            "on": self.on,
            "receipt": self.receipt.number if self.receipt else "",
            "values": [
                {"position": row.position, "band": row.band, "value": row.value, "previous": row.previous,
                 "previous_on": row.previous_on, "kwh": row.kwh}
                for row in rows
            ],
        }  # fmt: skip


def take_down(down: TakenDown, *, reader: Reader) -> tuple[Side, date | None]:
    """End the stay of a meter of the account; return its side and the day on which the stay was to end before.

    Raises ActRefused: "meter_is_not_there", "removed_before_installed", "readings_after_removal",
    "values_are_needed_in_charged_month" (what was charged by average would never be taken back); ActValueRefused.
    """
    stay = stay_of(reader.account_id, down.serial, on=down.on)
    if stay.valid.lower >= down.on:
        raise ActRefused("removed_before_installed", serial=down.serial, installed_on=stay.valid.lower)
    latest = latest_on(reader.account_id, meter_id=stay.meter_id)
    if latest is not None and latest > down.on:
        raise ActRefused("readings_after_removal", serial=down.serial, last_on=latest, removed_on=down.on)
    receipt = None
    if down.values:
        receipt = _read(stay.meter, down.values, on=down.on, kind=ReadingKind.REMOVED, reader=reader)
    elif (billed := last_billed_month(reader.account_id)) is not None and down.on <= billed.last_on:
        raise ActRefused("values_are_needed_in_charged_month", month=str(billed), serial=down.serial)
    was_until: date | None = stay.valid.upper
    stay.valid = to_range(Period(stay.valid.lower, down.on))
    stay.save(update_fields=["valid"])
    return Side(stay.meter, stay.supply_point_id, down.on, receipt), was_until


def hang_up(hung: Hung, *, supply_point_id: int, act_number: str, reader: Reader, was_metered: bool) -> Side:
    """Begin the stay of a meter at a supply point of the account; a meter not known yet is entered.

    `was_metered`: some meter hung there until now, so that no day was charged by norm. Raises ActRefused:
    "no_agreement_on_act_day", "charged_without_meter", "meter_hangs_elsewhere", "meter_is_known_otherwise";
    ActValueRefused.
    """
    lock_names(f"meter:{hung.meter.serial}")
    check_supplied(reader.account_id, supply_point_id, on=hung.on)
    if not was_metered:
        _check_not_charged(reader.account_id, supply_point_id, on=hung.on)
    meter = _meter(hung.meter)
    if Installation.objects.filter(meter=meter, valid__overlap=to_range(Period(hung.on))).exists():
        raise ActRefused("meter_hangs_elsewhere", serial=meter.serial)
    Installation.objects.create(
        meter=meter, supply_point_id=supply_point_id, valid=to_range(Period(hung.on)), act_number=act_number
    )
    missing = [place for place in positions_of(Zoning(meter.zoning)) if not str(hung.values.get(place, "")).strip()]
    if missing:
        raise ActRefused("initial_values_are_needed", serial=meter.serial)
    receipt = _read(meter, hung.values, on=hung.on, kind=ReadingKind.INSTALLED, reader=reader)
    return Side(meter, supply_point_id, hung.on, receipt)


def stay_of(account_id: int, serial: str, *, on: date) -> Installation:
    """Return the stay of a meter that hung at a place of the account on the day or until it; raise ActRefused."""
    points = Agreement.objects.filter(account_id=account_id).values("supply_point_id")
    stays = Installation.objects.filter(supply_point_id__in=points, meter__serial=serial).select_related("meter")
    for stay in stays.filter(valid__overlap=to_range(Period(on - DAY, on + DAY))).order_by("-valid"):
        if stay.valid.upper is None or stay.valid.upper > on:
            check_supplied(account_id, stay.supply_point_id, on=max(stay.valid.lower, on - DAY))
            return stay
    raise ActRefused("meter_is_not_there", serial=serial, on=on)


def check_supplied(account_id: int, supply_point_id: int, *, on: date) -> None:
    """Refuse a place that this account does not have on the day."""
    if not Agreement.objects.filter(
        account_id=account_id, supply_point_id=supply_point_id, valid__contains=on
    ).exists():
        raise ActRefused("no_agreement_on_act_day", on=on)


def _check_not_charged(account_id: int, supply_point_id: int, *, on: date) -> None:
    """Refuse a first meter on a day already charged without one: a norm that was charged stays (rule V06)."""
    month = last_billed_month(account_id)
    if month is None or on > month.last_on:
        return
    stays = Installation.objects.filter(
        supply_point_id=supply_point_id, valid__overlap=to_range(Period(on, month.next.first_on))
    )
    metered = sorted((stay.valid.lower, stay.valid.upper) for stay in stays)
    day = on
    for lower, upper in metered:
        if lower <= day:
            day = max(day, upper or month.next.first_on)
    if day < month.next.first_on:
        raise ActRefused("charged_without_meter", month=str(month), on=on)


def _meter(told: NewMeter) -> Meter:
    """Return the meter of this number and model, entered if it is not known, with the verification told last."""
    known = Meter.objects.filter(serial=told.serial, model=told.model).first()
    dates = {
        name: value
        for name in ("made_on", "verified_on", "verification_due_on")
        if (value := getattr(told, name)) is not None
    }
    if known is None:
        meter = Meter.objects.create(
            serial=told.serial, model=told.model, zoning=told.zoning, digits=told.digits,
            fraction_digits=told.fraction_digits, multiplier=told.multiplier, **dates,
        )  # fmt: skip
        bands = enumerate(BANDS[told.zoning], 1)
        Register.objects.bulk_create(Register(meter=meter, position=place, band=band) for place, band in bands)
        return meter
    same = ("zoning", "digits", "multiplier")
    if any(getattr(known, name) != getattr(told, name) for name in same):
        raise ActRefused("meter_is_known_otherwise", serial=known.serial)
    changed = [name for name, value in dates.items() if getattr(known, name) != value]
    for name in changed:
        setattr(known, name, dates[name])
    if changed:
        known.save(update_fields=changed)
    return known


def _read(meter: Meter, values: Mapping[str, str], *, on: date, kind: ReadingKind, reader: Reader) -> Receipt:
    side = kind.value
    receipt = submit_reading(
        account_id=reader.account_id,
        values={str(place): value for place, value in values.items()},
        taken_on=on,
        received_at=reader.at,
        channel=Channel.DESK,
        source_id=f"act:{reader.key}:{side}"[:120],
        meter_serial=meter.serial,
        kind=kind,
        raw={"user": reader.by},
    )
    wrong = [one for one in receipt.findings if one.level is Level.REFUSE]
    odd = [one for one in receipt.findings if one.level is Level.HOLD]
    if receipt.verdict is Verdict.REFUSED:
        raise ActValueRefused(side=side, serial=meter.serial, findings=wrong)
    if receipt.verdict is Verdict.HELD:
        if not reader.is_sure:
            raise ActValueOdd(side=side, serial=meter.serial, findings=odd)
        held = Reading.objects.filter(account_id=reader.account_id, receipt__number=receipt.number).first()
        if held is not None:
            review_reading(
                held.pk,
                account_id=reader.account_id,
                verdict=Verdict.ACCEPTED,
                reason=reader.reason,
                decided_by=reader.by,
                at=reader.at,
            )
    return receipt
