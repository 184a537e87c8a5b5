"""Rules of the till: change, what should lie in the drawer, how long a shift may last, what a receipt says. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

LONGEST_SHIFT = timedelta(hours=24)
"""A receipt is refused by the device when more than 24 hours passed since the shift was opened (54-ФЗ, ст. 4.3)."""
ZERO = Decimal("0.00")
SLIP_DIGITS = 12


class OperationKind(StrEnum):
    """Which way money went at the till."""

    PAYMENT = "payment"
    REFUND = "refund"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"


class Means(StrEnum):
    """By what it was paid."""

    CASH = "cash"
    CARD = "card"


class TaskKind(StrEnum):
    """What a fiscal device is asked for."""

    OPEN_SHIFT = "open_shift"
    CASH_IN = "cash_in"
    CASH_OUT = "cash_out"
    SELL = "sell"
    SELL_RETURN = "sell_return"
    SELL_CORRECTION = "sell_correction"
    SELL_RETURN_CORRECTION = "sell_return_correction"
    COUNTERS = "counters"
    REPORT_X = "report_x"
    CLOSE_SHIFT = "close_shift"


class TaskState(StrEnum):
    """How far a task is: not asked or not answered yet; refused by the device; carried out; no longer asked for."""

    WAITING = "waiting"
    REFUSED = "refused"
    DONE = "done"
    DROPPED = "dropped"


FINISHED = frozenset({TaskState.DONE, TaskState.DROPPED})
"""Of these nothing is asked any more."""
CORRECTIONS = {
    OperationKind.PAYMENT: TaskKind.SELL_CORRECTION,
    OperationKind.REFUND: TaskKind.SELL_RETURN_CORRECTION,
}
GROUND_NUMBER = 32
"""The longest number of a ground document (tag 1179)."""


class CorrectionType(StrEnum):
    """Why a receipt is made after the money moved (tag 1173): the company found it itself, or was ordered to."""

    OWN = "own"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Ground:
    """The document by which a correction receipt is made (tag 1174); `number` is empty where it has none."""

    type: CorrectionType
    on: date
    number: str


class Missing(StrEnum):
    """Whether money has gone without its receipt, as far as is known."""

    NOTHING = "nothing"
    PRINTING = "printing"
    SURELY = "surely"
    UNLESS_THE_DEVICE_DID = "unless_the_device_did"


def missing_receipt(state: TaskState | None, *, was_asked: bool, problem: str) -> Missing:
    """Return whether a customer's money lacks its receipt: `state` is that of the ordinary task, None without one.

    Of a device that was asked and fell silent nobody knows: only the tape or the operator of fiscal data tells.

    >>> missing_receipt(None, was_asked=False, problem="").value
    'surely'
    >>> missing_receipt(TaskState.WAITING, was_asked=True, problem="silent").value
    'unless_the_device_did'
    """
    if state is None or state == TaskState.REFUSED:
        return Missing.SURELY
    if state in FINISHED:
        return Missing.NOTHING
    if not problem:
        return Missing.PRINTING
    return Missing.UNLESS_THE_DEVICE_DID if was_asked else Missing.SURELY


@dataclass(frozen=True, slots=True)
class Movement:
    """One operation of a shift, as the sums need it."""

    kind: OperationKind
    means: Means
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """How many operations, and for how much (positive roubles)."""

    count: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a shift; `drawer` is the cash that should lie in the till."""

    cash: Sum
    card: Sum
    cash_refunds: Sum
    card_refunds: Sum
    deposits: Sum
    withdrawals: Sum
    opening_float: Decimal
    drawer: Decimal

    @property
    def taken(self) -> Decimal:
        """What customers paid and did not get back."""
        return self.cash.amount + self.card.amount - self.cash_refunds.amount - self.card_refunds.amount


@dataclass(frozen=True, slots=True)
class Position:
    """One line of a receipt; `is_advance` when nothing was owed for it yet."""

    amount: Decimal
    is_advance: bool


def change_due(amount: Decimal, *, given: Decimal) -> Decimal:
    """Return what goes back to the payer; raise ValueError when less was given than is due.

    >>> change_due(Decimal("412.30"), given=Decimal("500.00"))
    Decimal('87.70')
    """
    if given < amount:
        raise ValueError("less cash than the sum")
    return given - amount


def is_over(opened_at: datetime, *, at: datetime) -> bool:
    """Say whether a shift is too long to take more money: a whole day has passed."""
    return at - opened_at >= LONGEST_SHIFT


def is_slip(text: str) -> bool:
    """Say whether this is the reference number (RRN) of a bank terminal's slip: twelve figures.

    >>> is_slip("612345678901"), is_slip("12")
    (True, False)
    """
    return len(text) == SLIP_DIGITS and text.isascii() and text.isdecimal()


def totals(movements: Iterable[Movement], *, opening_float: Decimal) -> Totals:
    """Return the sums of a shift.

    >>> row = Movement(OperationKind.PAYMENT, Means.CASH, Decimal("10.00"))
    >>> totals([row], opening_float=Decimal("5.00")).drawer
    Decimal('15.00')
    """
    rows = list(movements)

    def of(kind: OperationKind, means: Means) -> Sum:
        amounts = [row.amount for row in rows if (row.kind, row.means) == (kind, means)]
        return Sum(len(amounts), sum(amounts, ZERO))

    cash, back = of(OperationKind.PAYMENT, Means.CASH), of(OperationKind.REFUND, Means.CASH)
    deposits, withdrawals = of(OperationKind.DEPOSIT, Means.CASH), of(OperationKind.WITHDRAWAL, Means.CASH)
    return Totals(
        cash=cash,
        card=of(OperationKind.PAYMENT, Means.CARD),
        cash_refunds=back,
        card_refunds=of(OperationKind.REFUND, Means.CARD),
        deposits=deposits,
        withdrawals=withdrawals,
        opening_float=opening_float,
        drawer=opening_float + cash.amount - back.amount + deposits.amount - withdrawals.amount,
    )


def positions(amount: Decimal, *, owed: Decimal) -> list[Position]:
    """Return the lines of a receipt: what closes a debt apart from what is paid ahead.

    >>> [(str(one.amount), one.is_advance) for one in positions(Decimal("100.00"), owed=Decimal("60.00"))]
    [('60.00', False), ('40.00', True)]
    """
    for_debt = min(amount, max(owed, ZERO))
    parts = [Position(for_debt, is_advance=False), Position(amount - for_debt, is_advance=True)]
    return [part for part in parts if part.amount]


@dataclass(frozen=True, slots=True)
class CounterLine:
    """One sum of a shift beside what the fiscal device counted (a code for words, roubles)."""

    what: str
    ours: Decimal
    device: Decimal

    @property
    def differs(self) -> bool:
        """Whether somebody must find out why."""
        return self.ours != self.device


def against_device(ours: Totals, *, counters: Mapping[str, Any]) -> list[CounterLine]:
    """Return our sums beside the device's, nothing when the device said none. The float counts as cash put in."""
    if not counters:
        return []
    sums = {
        "cash": ours.cash.amount,
        "card": ours.card.amount,
        "cash_refunds": ours.cash_refunds.amount,
        "card_refunds": ours.card_refunds.amount,
        "deposits": ours.opening_float + ours.deposits.amount,
        "withdrawals": ours.withdrawals.amount,
        "drawer": ours.drawer,
    }
    return [CounterLine(what, amount, Decimal(str(counters.get(what, "0")))) for what, amount in sums.items()]


def receipt_code(*, registered_at: datetime, total: Decimal, fn: str, document: int, sign: str, is_return: bool) -> str:
    """Return the text of a receipt's QR code, by which the tax service's application checks it.

    >>> at = datetime(2026, 11, 18, 10, 30)
    >>> receipt_code(registered_at=at, total=Decimal("412.30"), fn="99", document=7, sign="14", is_return=False)
    't=20261118T1030&s=412.30&fn=99&i=7&fp=14&n=1'
    """
    kind = 2 if is_return else 1
    return f"t={registered_at:%Y%m%dT%H%M}&s={total}&fn={fn}&i={document}&fp={sign}&n={kind}"
