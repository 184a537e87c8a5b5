"""A household leaves: last readings, the end of agreements, the last bill, the account closed, all or nothing.

What is foretold is the move itself, undone before anybody sees it: the amounts cannot differ. Taking a move back is
its own operation: the bill is reversed, the account and its agreements go on; the readings stay, they were read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.billing.actions import FinalBill
from svet.domains.ledger import queries as ledger
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings_of
from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.rules.receipts import Receipt
from svet.flows import penalties
from svet.infra import audit, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.energy import TimeBand
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.period import Month


class LastReadingRefused(DomainError):
    """The values of a meter cannot be right: `findings` say why."""

    code = "last_reading_refused"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an operator is told: the last day of supply, the values by meter, why, by which way he was told."""

    account_id: int
    last_on: date
    values: Mapping[str, Mapping[str | int | TimeBand, str]]
    reason: str
    channel: Channel
    request_key: str

    @property
    def until_on(self) -> date:
        """The first day without supply."""
        return self.last_on + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Left:
    """What a move-out comes to: roubles, plus in `balance` = the customer owes."""

    bill: FinalBill
    receipts: tuple[Receipt, ...]
    balance: Decimal

    @property
    def odd(self) -> tuple[Receipt, ...]:
        """The readings that look wrong; who confirms the move answers for them."""
        return tuple(receipt for receipt in self.receipts if receipt.verdict is Verdict.HELD)

    @property
    def token(self) -> str:
        """What was shown, in short: a confirmation is of this outcome and of no other."""
        return f"{self.bill.kwh}/{self.bill.amount}/{self.balance}"


@dataclass(frozen=True, slots=True)
class ClosedAccount:
    """What a closed account's page tells: the last bill, None where there was none, and what is owed by now."""

    final: bills.LastBill | None
    balance: Decimal


def foretell_leaving(leaving: Leaving, *, by: int, at: datetime) -> Left:
    """Return what the move would come to; write nothing. Raises as `leave` does."""
    with transaction.atomic():
        left = leave(leaving, by=by, at=at)
        transaction.set_rollback(True)
    return left


def leave(leaving: Leaving, *, by: int, at: datetime) -> Left:
    """Close the account after its last day, with the last bill.

    1. Take the last readings; odd ones are accepted in the operator's name. 2. End the agreements. 3. Accrue penalties
    up to the day and bill finally. 4. Close.

    Raises Conflict("account_is_closed"), ("nothing_is_supplied"), DomainError("last_day_is_to_come"),
    LastReadingRefused, and what `billing.actions.bill_finally` raises.
    """
    if leaving.last_on > at.astimezone(MOSCOW).date():
        raise DomainError("last_day_is_to_come", last_on=leaving.last_on)
    with transaction.atomic():
        lock_row("accounts_account", leaving.account_id)
        account = accounts_of.account_by_id(leaving.account_id)
        if account.closed_on is not None:
            raise Conflict("account_is_closed", number=account.number, closed_on=account.closed_on)
        receipts = tuple(_read(leaving, serial, by=by, at=at) for serial in leaving.values)
        _end_agreements(leaving, at=at)
        month = Month.of(leaving.last_on)
        penalties.bring_up(leaving.account_id, month=month, as_of=leaving.last_on, by=by, at=at)
        bill = billing.bill_finally(leaving.account_id, month=month, at=at, by=by)
        accounts.close_account(leaving.account_id, closed_on=leaving.until_on, at=at)
        left = Left(bill, receipts, ledger.balance(leaving.account_id))
        data = {"last_on": leaving.last_on, "bill": bill.number, "amount": str(bill.amount)}
        _record("moving.moved_out", leaving.account_id, data, at=at, reason=leaving.reason)
    return left


def take_leaving_back(account_id: int, *, at: datetime, reason: str) -> Decimal:
    """Let a closed account and its agreements go on and reverse its last bill; return the roubles taken back.

    Raises Conflict("account_is_open"), ("supply_point_is_taken"), ("month_is_closed"),
    DomainError("undo_needs_a_reason").
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        closed_on = accounts.reopen_account(account_id, at=at, reason=reason)
        final, amount = bills.last_bill_of(account_id), Decimal("0.00")
        if final is not None:
            amount = billing.reverse_final_bill(final.run_id, account_id=account_id, at=at, reason=reason)
        accounts.reopen_agreements(account_id, ended_on=closed_on, at=at, reason=reason)
        data = {"closed_on": closed_on, "amount": str(amount)}
        _record("moving.move_out_taken_back", account_id, data, at=at, reason=reason)
    return amount


def closed_account(account_id: int) -> ClosedAccount:
    """Return what the page of a closed account tells."""
    return ClosedAccount(final=bills.last_bill_of(account_id), balance=ledger.balance(account_id))


def _read(leaving: Leaving, serial: str, *, by: int, at: datetime) -> Receipt:
    receipt = metering.submit_reading(
        account_id=leaving.account_id,
        values=leaving.values[serial],
        taken_on=leaving.last_on,
        received_at=at,
        channel=leaving.channel,
        source_id=f"leaving:{leaving.request_key[:40]}:{serial}"[:120],
        meter_serial=serial,
        kind=ReadingKind.FINAL,
        raw={"user": by},
    )
    if receipt.verdict is Verdict.REFUSED:
        raise LastReadingRefused(serial=serial, findings=receipt.findings)
    if receipt.verdict is Verdict.HELD:
        history = readings_of.history(leaving.account_id)
        held = next(row for row in history if row.receipt_number == receipt.number)
        metering.review_reading(
            held.reading_id,
            account_id=leaving.account_id,
            verdict=Verdict.ACCEPTED,
            reason=leaving.reason,
            decided_by=by,
            at=at,
        )
    return receipt


def _end_agreements(leaving: Leaving, *, at: datetime) -> None:
    going_on = [
        agreement
        for agreement in accounts_of.agreements_of(leaving.account_id, on=leaving.last_on)
        if agreement.period.end is None or agreement.period.end > leaving.until_on
    ]
    if not going_on:
        raise Conflict("nothing_is_supplied", last_on=leaving.last_on)
    for agreement in going_on:
        accounts.end_agreement(agreement.id, until_on=leaving.until_on, at=at)


def _record(verb: str, account_id: int, data: dict[str, object], *, at: datetime, reason: str) -> None:
    audit.record(
        verb, target_kind="account", target_id=account_id, at=at, account_id=account_id, data=data, reason=reason
    )
    outbox.record(verb, at=at, account_id=account_id, payload=data)
