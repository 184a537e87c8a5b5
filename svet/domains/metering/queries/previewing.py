"""What a submission would come to: the checks of `submit_reading` on values typed so far, and nothing written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from svet.domains.metering.queries.contexts import known_about
from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.rules.checks import check, findings_of, one_submission
from svet.domains.metering.rules.likely import Guess, Typed, likely_values
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
    asked, given = one_submission(
        account_id=account_id,
        values=values,
        taken_on=taken_on,
        given_on=given_on,
        channel=channel,
        kind=ReadingKind.REGULAR,
        meter_serial=meter_serial,
    )
    checked = check(asked, given, known_about([account_id], on=given_on))
    rows = checked.rows.to_dicts()
    verdict = Verdict(checked.submissions["verdict"][0])
    return ReadingPreview(
        verdict=verdict,
        findings=tuple(findings_of(checked.findings)),
        guesses=() if verdict is Verdict.ACCEPTED else likely_values([_typed(row) for row in rows]),
        counts_for=Month.of(rows[0]["counts_from"]) if rows and rows[0]["counts_from"] else None,
        unsaved=tuple(_unsaved(row) for row in rows if row["value_wh"] is not None),
    )


def _typed(row: dict[str, Any]) -> Typed:
    usual = row["usual_wh_day"]
    return Typed(
        position=row["position"],
        text=row["text"] or "",
        previous=kwh(row["previous_wh"]),
        usual_month_kwh=None if usual is None else Decimal(usual * 30).scaleb(-3),
        days=row["days"] or 0,
        digits=row["digits"],
    )


def _unsaved(row: dict[str, Any]) -> UnsavedReading:
    return UnsavedReading(
        register_id=row["register_id"],
        position=row["position"],
        band=TimeBand(row["band"]),
        value_wh=row["value_wh"],
        taken_on=row["taken_on"],
        counts_from=row["counts_from"],
        replaces_id=row["replaces_id"],
    )
