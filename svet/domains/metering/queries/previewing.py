"""What a submission would come to: the checks of `submit_reading` on values typed so far, and nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from svet.domains.metering.queries.contexts import known_account
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.metering.rules.likely import Guess, Typed, likely_values
from svet.domains.metering.rules.single import Row, Submission, judge
from svet.domains.metering.rules.values import kwh
from svet.kernel.energy import TimeBand
from svet.kernel.findings import Finding
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class UnsavedReading:
    """A value that was typed and not given yet: watt-hours of the dial, and the reading that it would replace."""

    register_id: int
    position: int
    band: TimeBand
    value_wh: int
    taken_on: date
    counts_from: date
    replaces_id: int | None


@dataclass(frozen=True, slots=True)
class ReadingPreview:
    """What the checks would decide, why, for which bill, and what was perhaps meant instead."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    guesses: tuple[Guess, ...]
    counts_for: Month | None
    unsaved: tuple[UnsavedReading, ...]


def preview_reading(
    account_id: int,
    *,
    values: Mapping[str | int | TimeBand, Any],
    taken_on: date,
    given_on: date,
    channel: Channel,
    meter_serial: str | None = None,
) -> ReadingPreview:
    """Return what `actions.submit_reading` would decide about these values now; write nothing, lock nothing."""
    asked = Submission.of(values, taken_on=taken_on, given_on=given_on, channel=channel, meter_serial=meter_serial)
    judged = judge(asked, known_account(account_id, on=given_on))
    rows = judged.rows
    return ReadingPreview(
        verdict=judged.verdict,
        findings=judged.findings,
        guesses=() if judged.verdict is Verdict.ACCEPTED else likely_values([_typed(row) for row in rows]),
        counts_for=Month.of(rows[0].month.counts_from) if rows else None,
        unsaved=tuple(_unsaved(row, row.value_wh, taken_on) for row in rows if row.value_wh is not None),
    )


def _typed(row: Row) -> Typed:
    usual, previous = row.near.usual_wh_day, row.near.previous
    return Typed(
        position=row.register.position,
        text=row.text or "",
        previous=None if previous is None else kwh(previous.value_wh),
        usual_month_kwh=None if usual is None else Decimal(usual * 30).scaleb(-3),
        days=row.use.days or 0,
        digits=row.place.digits,
    )


def _unsaved(row: Row, value_wh: int, taken_on: date) -> UnsavedReading:
    replaced = row.near.replaced
    return UnsavedReading(
        register_id=row.register.register_id,
        position=row.register.position,
        band=TimeBand(row.register.band),
        value_wh=value_wh,
        taken_on=taken_on,
        counts_from=row.month.counts_from,
        replaces_id=None if replaced is None else replaced.reading_id,
    )
