"""Readings that staff take: the channel of one taken on the card, and rows of paper sheets typed one after another.

A row of a sheet is told without anything about the customer: no name, no address, no former values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from svet.domains.accounts import queries as accounts
from svet.domains.cases import queries as cases
from svet.domains.cases.rules.contacts import ContactChannel
from svet.domains.metering import actions, queries
from svet.domains.metering.queries import MeterForm
from svet.domains.metering.rules import Channel, Verdict
from svet.infra.clock import MOSCOW
from svet.kernel.energy import TimeBand
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.findings import Finding, Level

TAIL = 4


class RowState(StrEnum):
    """What became of a row: taken (at once or to be checked), asked about, or refused."""

    ACCEPTED = "accepted"
    HELD = "held"
    ASKED = "asked"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of a paper sheet as typed; `tail` is the end of the meter's number where there are several."""

    account_number: str
    tail: str
    values: Mapping[str | int | TimeBand, str]
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row, why, and its receipt once it is taken."""

    state: RowState
    tail: str
    receipt_number: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def is_taken(self) -> bool:
        """Whether the row has a receipt and needs no more work."""
        return bool(self.receipt_number)


def channel_at_the_desk(operator_id: int, *, account_number: str) -> Channel:
    """Return how a reading comes that this operator takes now: by phone in a call, else in the office.

    A call about another account does not count; one in which nobody was named yet does.
    """
    contact = cases.running(operator_id)
    if contact is not None and contact.channel == ContactChannel.CALL and contact.number in {"", account_number}:
        return Channel.PHONE
    return Channel.DESK


def take_sheet_row(row: SheetRow, *, batch: str, taken_on: date, by: int, at: datetime) -> RowOutcome:
    """Take one line of a sheet, or return why not: wrong lines leave nothing behind, odd ones are asked about first.

    The same line of the same `batch` again is the first one's receipt. Raises NotFound("row_account_unknown"),
    DomainError("account_has_no_meter"), ("meter_is_to_be_named"), Conflict("busy").
    """
    account = accounts.account_by_number(row.account_number)
    if account is None:
        raise NotFound("row_account_unknown", value=row.account_number)
    meter = _meter(account.id, row=row, on=at.astimezone(MOSCOW).date())
    tail, source_id = meter.meter_serial[-TAIL:], _source(row, batch=batch, taken_on=taken_on, meter=meter)
    given = queries.receipt_for_source(account.id, channel=Channel.DESK, source_id=source_id)
    if given is None:
        preview = queries.preview_reading(
            account.id,
            values=row.values,
            taken_on=taken_on,
            given_on=at.astimezone(MOSCOW).date(),
            channel=Channel.DESK,
            meter_serial=meter.meter_serial,
        )
        if preview.verdict is Verdict.REFUSED:
            return RowOutcome(RowState.REFUSED, tail, findings=_grave(preview.findings))
        if preview.verdict is Verdict.HELD and not row.is_confirmed:
            return RowOutcome(RowState.ASKED, tail, findings=_grave(preview.findings))
        given = actions.submit_reading(
            account_id=account.id,
            values=row.values,
            taken_on=taken_on,
            received_at=at,
            channel=Channel.DESK,
            source_id=source_id,
            meter_serial=meter.meter_serial,
            raw={"user": by, "batch": batch},
        )
    state = RowState(given.verdict.value)
    number = "" if state is RowState.REFUSED else given.number
    return RowOutcome(state, tail, receipt_number=number, findings=_grave(given.findings))


def _meter(account_id: int, *, row: SheetRow, on: date) -> MeterForm:
    meters = queries.form_for(account_id, on=on)
    if not meters:
        raise DomainError("account_has_no_meter", number=row.account_number)
    fitting = [meter for meter in meters if meter.meter_serial.endswith(row.tail)]
    if len(fitting) != 1:
        tails = ", ".join(meter.meter_serial[-TAIL:] for meter in meters)
        raise DomainError("meter_is_to_be_named", serials=tails)
    return fitting[0]


def _source(row: SheetRow, *, batch: str, taken_on: date, meter: MeterForm) -> str:
    values = "/".join(f"{place}={value[:16]}" for place, value in row.values.items())
    return f"sheet:{batch[:32]}:{meter.meter_serial[-12:]}:{taken_on:%y%m%d}:{values}"[:120]


def _grave(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.level is not Level.NOTE)
