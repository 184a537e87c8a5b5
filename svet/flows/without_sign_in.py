"""A reading and a payment without signing in: by the account's number and the facts of its last bill.

Of the account nothing is told beyond what the doing needs: the end of the meter's number, what is wrong with a value
without the values before it, the sum to pay. No name, address or contact leaves here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from svet.domains.access.rules import FREE_FAILURES_PER_ADDRESS, FREE_FAILURES_PER_DEVICE, AttemptKind
from svet.domains.accounts import queries as accounts
from svet.domains.billing import queries as billing
from svet.domains.ledger import queries as ledger
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as meters
from svet.domains.metering.queries import MeterForm
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.metering.rules.receipts import Receipt
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.offices.rules.channels import Deed, Way
from svet.flows import sign_up
from svet.infra.clock import MOSCOW
from svet.kernel.energy import TimeBand
from svet.kernel.errors import NotFound
from svet.kernel.findings import Finding, Level
from svet.kernel.period import Month

CHANNELS = {Way.SITE: Channel.WEBSITE, Way.TERMINAL: Channel.TERMINAL}
"""Where one gives readings by the facts of a bill, and how these readings are named afterwards."""


@dataclass(frozen=True, slots=True)
class ToPay:
    """What is owed (plus = the customer owes), for which month, by which account, to whom."""

    number: str
    balance: Decimal
    month: Month
    company: CompanyView


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a reading: its receipt, or why the values need another look before they are taken."""

    receipt: Receipt | None
    findings: tuple[Finding, ...] = ()
    may_confirm: bool = False


def prove(
    number: str,
    *,
    deed: Deed,
    bill_number: str,
    amount: Decimal,
    asked_from: str,
    at: datetime,
    way: Way = Way.SITE,
) -> int:
    """Return the account's id when the facts of its last bill are right; every try is noted.

    `asked_from`: a network address, or the device of an office whose visitors share their tries.

    Raises Conflict("channel_is_off"), DomainError("too_many_attempts"), DomainError("facts_do_not_match") alike for a
    wrong number, bill or sum.
    """
    offices.check_channel(way, deed, at=at)
    proof = sign_up.prove_by_bill(
        number,
        bill_number=bill_number,
        amount=amount,
        asked_from=asked_from,
        at=at,
        kind=AttemptKind.FACTS_OF_BILL,
        free_failures=FREE_FAILURES_PER_DEVICE if way is Way.TERMINAL else FREE_FAILURES_PER_ADDRESS,
    )
    return proof.account_id


def meters_of(account_id: int, *, at: datetime, way: Way = Way.SITE) -> list[MeterForm]:
    """Return the meters that hang on the account today; raise Conflict("channel_is_off")."""
    offices.check_channel(way, Deed.READINGS, at=at)
    return meters.form_for(account_id, on=_day(at))


def give(
    account_id: int,
    *,
    values: Mapping[str | int | TimeBand, Any],
    taken_on: date,
    meter_serial: str,
    source_id: str,
    is_confirmed: bool,
    asked_from: str,
    at: datetime,
    way: Way = Way.SITE,
) -> Given:
    """Submit a reading; odd values are taken only when confirmed, impossible ones never.

    Raises Conflict("channel_is_off"), Conflict("busy"), DomainError as `submit_reading` does.
    """
    offices.check_channel(way, Deed.READINGS, at=at)
    try:
        receipt = metering.submit_reading(
            account_id=account_id,
            values=values,
            taken_on=taken_on,
            received_at=at,
            channel=CHANNELS[way],
            source_id=f"{way.value}:{source_id}",
            meter_serial=meter_serial,
            raw={"from": asked_from},
            unless=() if is_confirmed else (Verdict.HELD,),
        )
    except metering.OddReading:
        preview = meters.preview_reading(
            account_id,
            values=values,
            taken_on=taken_on,
            given_on=_day(at),
            channel=CHANNELS[way],
            meter_serial=meter_serial,
        )
        grave = tuple(one for one in preview.findings if one.level is not Level.NOTE)
        return Given(None, grave, may_confirm=True)
    if receipt.verdict is Verdict.REFUSED:
        return Given(None, tuple(one for one in receipt.findings if one.level is Level.REFUSE))
    return Given(receipt)


def receipt_of(account_id: int, *, number: str, way: Way = Way.SITE) -> Receipt:
    """Return a receipt of a reading that came this way; raise NotFound for any other of the account."""
    found = meters.receipt(account_id, number=number)
    if found.channel is not CHANNELS[way]:
        raise NotFound("no_such_receipt")
    return found


def to_pay(account_id: int, *, at: datetime, way: Way = Way.SITE) -> ToPay:
    """Return what the account owes now; raise Conflict("channel_is_off")."""
    offices.check_channel(way, Deed.PAYMENT, at=at)
    on = _day(at)
    last = next(iter(billing.bills_of(account_id, limit=1)), None)
    return ToPay(
        number=accounts.account_by_id(account_id).number,
        balance=ledger.balance(account_id, on=on),
        month=last.month if last else Month.of(on).previous,
        company=offices.company(on),
    )


def _day(at: datetime) -> date:
    return at.astimezone(MOSCOW).date()
