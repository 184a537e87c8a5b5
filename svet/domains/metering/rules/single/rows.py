"""What a submission comes to, register by register: the meter it means, the number typed, the neighbours, the use.

The plain counterpart of `context` and `use`; each value has the name of the column there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from svet.domains.metering.rules import ReadingKind
from svet.domains.metering.rules.context import AT_THE_END, LOOK_BACK_DAYS, NORMAL_DAYS
from svet.domains.metering.rules.policies import ReadingPolicies
from svet.domains.metering.rules.single.known import KnownAccount, KnownReading, KnownRegister, Place, Submission
from svet.domains.metering.rules.use import OWN_READERS
from svet.domains.metering.rules.values import Number, number_of, serial_form


@dataclass(frozen=True, slots=True)
class FoundMeter:
    """What was found of the meter that a submission means; `place` is that meter's where exactly one fits."""

    place: Place | None
    agreed: bool
    named: bool
    meters: int
    serials: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What the readings in force of a register say about a value on a day."""

    replaced: KnownReading | None = None
    previous: KnownReading | None = None
    following: KnownReading | None = None
    still_since: date | None = None
    repeated: bool = False
    usual_wh_day: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The first month whose bill may use a value, and what made it so."""

    counts_from: date
    is_billed: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Use:
    """The energy since the previous reading, and the most that is plausible."""

    days: int | None
    step_wh: int | None
    limit_wh: int | None
    kwh_wh: int | None
    fits_dial: bool
    rolled_over: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A register of the meter with the value typed into it, if any."""

    place: Place
    register: KnownRegister
    text: str | None
    number: Number
    value_wh: int | None
    near: Neighbours
    month: Counted
    use: Use


def find_meter(asked: Submission, known: KnownAccount) -> FoundMeter:
    """Return the meter that hung on the day, under the name given, at a place of an agreement of the day."""
    at_end, day = asked.kind.value in AT_THE_END, asked.taken_on
    name = None if asked.meter_serial is None else serial_form(asked.meter_serial)
    agreed = named = False
    fitting: dict[int, Place] = {}
    ordered = sorted(known.places, key=lambda one: (one.meter_id is not None, one.meter_id or 0))
    for place in ordered:
        is_agreed = _holds(day, place.agreed_on, place.ended_on, with_end=at_end)
        is_named = place.meter_id is not None and name in (None, serial_form(place.serial or ""))
        agreed, named = agreed or is_agreed, named or is_named
        hung = place.installed_on is not None and _holds(day, place.installed_on, place.removed_on, with_end=at_end)
        if is_agreed and is_named and hung and place.meter_id is not None:
            fitting.setdefault(place.meter_id, place)
    first = next(iter(fitting.values()), ordered[0] if ordered else None)
    serials = dict.fromkeys(one.serial or "" for one in fitting.values())
    return FoundMeter(first, agreed, named, len(fitting), ", ".join(serials))


def rows_of(asked: Submission, found: FoundMeter, known: KnownAccount) -> tuple[list[Row], list[tuple[str, str]]]:
    """Return a row for each register of the one meter, in order, and the values that fit none of them."""
    if found.meters != 1 or found.place is None:
        return [], []
    rows = rows_at(found.place, asked, known)
    keys = {key for row in rows for key in _keys(row.register)}
    return rows, [(key, text) for key, text in asked.values if key not in keys] if rows else []


def rows_at(place: Place, asked: Submission, known: KnownAccount) -> list[Row]:
    """Return a row for each register of the meter at `place`, in order, with its value if there is one."""
    registers = sorted((one for one in known.registers if one.meter_id == place.meter_id), key=lambda one: one.position)
    by_key = {key: one.register_id for one in registers for key in _keys(one)}
    given = {by_key[key]: text for key, text in asked.values if key in by_key}
    return [_row(one, given.get(one.register_id), asked, place, known) for one in registers]


def _keys(register: KnownRegister) -> tuple[str, str, str]:
    return str(register.position), register.band, f"#{register.register_id}"


def month_of(asked: Submission, replaced: KnownReading | None, known: KnownAccount) -> Counted:
    """Return the month for which a value counts; the rule is told at `use.with_month`."""
    own, given, billed = asked.taken_on.replace(day=1), asked.given_on.replace(day=1), known.billed_month
    until = known.policies.cutoff_day
    of_consumer = asked.channel not in OWN_READERS and asked.kind is ReadingKind.REGULAR
    before_cutoff = asked.given_on.day <= until
    month = own
    if of_consumer and given >= own and not (given == own and before_cutoff):
        month = given if before_cutoff else _next_month(given)
    if replaced is not None and (billed is None or replaced.counts_from > billed):
        month = min(month, replaced.counts_from)
    is_billed = billed is not None and own <= billed
    if billed is not None:
        month = max(month, _next_month(billed))
    return Counted(month, is_billed, is_late=not is_billed and month > own)


def neighbours(
    asked: Submission, value_wh: int | None, history: Sequence[KnownReading], known: KnownAccount, *, dial_wh: int
) -> Neighbours:
    """Return what a register's readings in force say: the one replaced, those around it, the usual use."""
    day, billed = asked.taken_on, known.billed_month
    past = sorted(history, key=lambda one: (one.taken_on, one.reading_id))
    corrected = [one for one in past if _is_corrected(one, asked, billed)]
    others = [one for one in past if one not in corrected]
    before = [one for one in others if one.taken_on <= day]
    after = [one for one in others if one.taken_on > day]
    recent = [one for one in before if one.taken_on + timedelta(days=LOOK_BACK_DAYS) > day]
    previous = before[-1] if before else None
    still = value_wh is not None
    return Neighbours(
        replaced=corrected[-1] if corrected else None,
        previous=previous,
        following=after[0] if after else None,
        still_since=next((one.taken_on for one in before if still and one.value_wh == value_wh), None),
        repeated=any(still and one.taken_on == day and one.value_wh == value_wh for one in past),
        usual_wh_day=_usual_wh_day(previous, recent[0], dial_wh=dial_wh) if previous and recent else None,
    )


def use_of(
    value_wh: int | None, near: Neighbours, asked: Submission, place: Place, policies: ReadingPolicies, *, dial_wh: int
) -> Use:
    """Return the use since the previous reading and its bounds; the rule is told at `use.with_use`."""
    usual, previous = near.usual_wh_day, near.previous
    days = None if previous is None else (asked.taken_on - previous.taken_on).days
    step = None if previous is None or value_wh is None else value_wh - previous.value_wh
    if usual is None:
        limit = policies.large_without_history_kwh * 1000 * max(days or 0, 30) // 30
    else:
        limit = max(usual * (days or 0) * policies.large_factor, policies.large_at_least_kwh * 1000)
    rolled = False
    if step is not None and previous is not None and step < 0:
        months = max(_month_number(asked.taken_on) - _month_number(previous.taken_on), 1)
        believed = policies.rollover_limit_kwh * 1000 * 10_000
        if usual is not None:
            believed = usual * 30 * policies.rollover_factor * place.multiplier_e4
        rolled = (step + dial_wh) * place.multiplier_e4 <= believed * months
    used = step if step is not None and step >= 0 else None
    if rolled and step is not None:
        used = step + dial_wh
    return Use(days, step, limit, used, fits_dial=value_wh is not None and value_wh < dial_wh, rolled_over=rolled)


def _row(register: KnownRegister, text: str | None, asked: Submission, place: Place, known: KnownAccount) -> Row:
    number = number_of(text)
    value = number.watt_hours(place.fraction_digits)
    history = [one for one in known.history if one.register_id == register.register_id]
    dial_wh = 10**place.digits * 1000
    near = neighbours(asked, value, history, known, dial_wh=dial_wh)
    return Row(
        place=place,
        register=register,
        text=text,
        number=number,
        value_wh=value,
        near=near,
        month=month_of(asked, near.replaced, known),
        use=use_of(value, near, asked, place, known.policies, dial_wh=dial_wh),
    )


def _is_corrected(then: KnownReading, asked: Submission, billed: date | None) -> bool:
    """Say whether the new value takes the place of this one: same kind and month, not billed yet or of the same day."""
    if then.kind != asked.kind.value or then.taken_on.replace(day=1) != asked.taken_on.replace(day=1):
        return False
    return billed is None or then.counts_from > billed or then.taken_on == asked.taken_on


def _usual_wh_day(previous: KnownReading, first: KnownReading, *, dial_wh: int) -> int | None:
    days = (previous.taken_on - first.taken_on).days
    used = previous.value_wh - first.value_wh
    return None if days < NORMAL_DAYS else (used + dial_wh if used < 0 else used) // days


def _holds(day: date, start: date, end: date | None, *, with_end: bool) -> bool:
    return start <= day and (end is None or day < end or (with_end and day == end))


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month
