"""The rules of readings for one submission: what each finds, in plain Python.

Statements, sources and examples are in `reading_rules`; the same rules over frames are in `rule_table`. Facts are
what the texts for people need, as JSON-safe values in kWh and ISO days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from svet.domains.metering.rules.policies import ReadingPolicies
from svet.domains.metering.rules.single.known import Submission
from svet.domains.metering.rules.single.rows import FoundMeter, Row
from svet.domains.metering.rules.values import short_kwh
from svet.kernel.findings import Finding, Level

_TEXT = 40


def of_meter(asked: Submission, found: FoundMeter) -> Iterator[Finding]:
    """Yield what is wrong with the whole submission: R07 to R11."""
    taken, place = {"taken_on": asked.taken_on.isoformat()}, found.place
    if asked.taken_on > asked.given_on:
        yield Finding("R07", Level.REFUSE, {**taken, "given_on": asked.given_on.isoformat()})
    if not found.agreed:
        yield Finding("R08", Level.REFUSE, taken)
    elif not found.named and asked.meter_serial is not None:
        yield Finding("R09", Level.REFUSE, {"serial": asked.meter_serial[:_TEXT]})
    elif found.meters == 0 and place is not None:
        hung = {"installed_on": _iso(place.installed_on), "removed_on": _iso(place.removed_on)}
        yield Finding("R10", Level.REFUSE, {**taken, "serial": place.serial, **hung})
    if found.meters > 1:
        yield Finding("R11", Level.REFUSE, {"serials": found.serials})


def of_stray(key: str, text: str) -> Finding:
    """Return R06: a value that belongs to no register of the meter."""
    return Finding("R06", Level.REFUSE, {"key": key, "value": text[:_TEXT]})


def of_value(row: Row) -> Iterator[Finding]:
    """Yield what is wrong with a value by itself: R01 to R05."""
    register = {"position": row.register.position, "band": row.register.band}
    if row.text is None:
        yield Finding("R05", Level.REFUSE, register)
        return
    value, number, place = {**register, "value": row.text[:_TEXT]}, row.number, row.place
    if not number.is_number:
        yield Finding("R01", Level.REFUSE, value)
    if number.is_negative:
        yield Finding("R02", Level.REFUSE, value)
    if len(number.whole) > place.digits:
        yield Finding("R03", Level.REFUSE, {**value, "digits": place.digits})
    if len(number.fraction) > place.fraction_digits:
        kept = {"kept": short_kwh(row.value_wh), "fraction_digits": place.fraction_digits}
        yield Finding("R04", Level.NOTE, {**value, **kept})


def of_use(row: Row, asked: Submission, policies: ReadingPolicies) -> Iterator[Finding]:
    """Yield what is odd about a sound value beside the register's history: R12 to R22."""
    if row.value_wh is None or not row.use.fits_dial:
        return
    yield from _of_step(row, policies)
    yield from _of_size(row)
    yield from _of_standing_still(row, asked, policies)
    yield from _of_neighbours(row, asked)
    yield from _of_month(row, asked, policies)


def _of_step(row: Row, policies: ReadingPolicies) -> Iterator[Finding]:
    use, previous, value = row.use, row.near.previous, row.value_wh or 0
    if previous is None or use.limit_wh is None:
        return
    if use.rolled_over:
        yield Finding("R13", Level.NOTE, {**_said(row), "kwh": short_kwh(use.kwh_wh)})
    elif use.step_wh is not None and use.step_wh < 0:
        near = (value + 1000) * 10 > previous.value_wh and value * 10 - previous.value_wh <= use.limit_wh
        yield Finding("R12", policies.lower, {**_said(row), "missing_digit": near})


def _of_size(row: Row) -> Iterator[Finding]:
    use, previous, value = row.use, row.near.previous, row.value_wh or 0
    if use.kwh_wh is None or use.days is None or use.limit_wh is None or previous is None:
        return
    usual = None if row.near.usual_wh_day is None else row.near.usual_wh_day * 30
    used = {**_said(row), "kwh": short_kwh(use.kwh_wh)}
    if use.kwh_wh > use.limit_wh:
        shorter = value // 10_000 * 1000
        told = {**used, "usual_month": short_kwh(usual)}
        if 0 <= shorter - previous.value_wh <= use.limit_wh:
            yield Finding("R15", Level.HOLD, {**told, "perhaps": short_kwh(shorter)})
        else:
            yield Finding("R14", Level.HOLD, {**told, "days": use.days})
    if row.place.max_power_w is not None:
        possible = row.place.max_power_w * 24 * (use.days + 1)
        if use.kwh_wh * row.place.multiplier_e4 // 10_000 > possible:
            yield Finding("R16", Level.HOLD, {**used, "possible": short_kwh(possible), "days": use.days})


def _of_standing_still(row: Row, asked: Submission, policies: ReadingPolicies) -> Iterator[Finding]:
    since = row.near.still_since
    if row.use.step_wh == 0 and since is not None:
        days = (asked.taken_on - since).days
        if days >= policies.zero_days:
            yield Finding("R17", Level.NOTE, {**_typed(row), "still_since": since.isoformat(), "days": days})


def _of_neighbours(row: Row, asked: Submission) -> Iterator[Finding]:
    taken, following = {**_typed(row), "taken_on": asked.taken_on.isoformat()}, row.near.following
    if row.near.repeated:
        yield Finding("R18", Level.NOTE, taken)
    elif following is not None:
        too_high = (row.value_wh or 0) > following.value_wh
        then = {"next": short_kwh(following.value_wh), "next_on": following.taken_on.isoformat(), "too_high": too_high}
        yield Finding("R19", Level.HOLD if too_high else Level.NOTE, {**taken, **then})


def _of_month(row: Row, asked: Submission, policies: ReadingPolicies) -> Iterator[Finding]:
    month, due_on = row.month, row.place.verification_due_on
    counts = {"taken_on": asked.taken_on.isoformat(), "counts_from": month.counts_from.isoformat()}
    if month.is_late:
        yield Finding("R20", Level.NOTE, {**counts, "until": policies.cutoff_day})
    if due_on is not None and due_on < asked.taken_on:
        told = {"serial": row.place.serial, "verification_due_on": due_on.isoformat()}
        yield Finding("R21", policies.after_verification, told)
    if month.is_billed:
        yield Finding("R22", Level.NOTE, counts)


def _typed(row: Row) -> dict[str, Any]:
    return {"position": row.register.position, "band": row.register.band, "value": (row.text or "")[:_TEXT]}


def _said(row: Row) -> dict[str, Any]:
    """Return the value typed, and the one before it."""
    previous = row.near.previous
    wh, on = (None, None) if previous is None else (previous.value_wh, previous.taken_on.isoformat())
    return {**_typed(row), "previous": short_kwh(wh), "previous_on": on}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
