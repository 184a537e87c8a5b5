"""The customer's card at the desk: what is wrong with the account now, and everything that happened with it in one line
of time. Reads a bounded number of rows of each kind, whatever the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as billing
from svet.domains.billing.queries import BillRow
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import CaseRow
from svet.domains.metering import queries as metering
from svet.domains.metering.queries import HistoryRow
from svet.domains.metering.rules import Verdict
from svet.domains.notifications import queries as notifications
from svet.domains.notifications.queries import MessageView
from svet.domains.notifications.rules import MessageKind, MessageState
from svet.domains.payments import queries as payments
from svet.domains.payments.queries import PaymentRow
from svet.flows import account_pages
from svet.flows.account_pages import AccountHome, DeskAccount
from svet.infra.clock import MOSCOW
from svet.kernel.period import Month

VERIFICATION_SOON = timedelta(days=60)
MONTHS_WITHOUT_READING = 2
MOST_ON_THE_CARD, MOST_LOOKED_AT, MOST_OF_A_KIND = 8, 60, 200


class SignKind(StrEnum):
    """What is wrong, or soon will be."""

    NO_SUPPLY = "no_supply"
    OVERDUE = "overdue"
    NO_METER = "no_meter"
    NO_READING = "no_reading"
    HELD_READING = "held_reading"
    VERIFICATION_EXPIRED = "verification_expired"
    VERIFICATION_SOON = "verification_soon"
    NOT_DELIVERED = "not_delivered"


class EventKind(StrEnum):
    """What happened."""

    CONTACT = "contact"
    CASE = "case"
    REMARK = "remark"
    READING = "reading"
    BILL = "bill"
    PAYMENT = "payment"
    MESSAGE = "message"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Sign:
    """Something to see at once, with the figures that its words need."""

    kind: SignKind
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `what` is the row of its domain (readings of one receipt come together)."""

    at: datetime
    kind: EventKind
    what: Any


@dataclass(frozen=True, slots=True)
class CardPage:
    """The card: money and history as tables, what is wrong now, what happened last."""

    account: DeskAccount
    signs: tuple[Sign, ...]
    events: tuple[Event, ...]


def card(opened: AccountView, *, user_id: int, at: datetime) -> CardPage:
    """Return what an employee sees of an account when its card opens; cases that he must not see are not there (A7)."""
    on = at.astimezone(MOSCOW).date()
    readings = metering.history(opened.id, limit=MOST_LOOKED_AT)
    account = account_pages.desk_account(opened, on=on, readings=readings)
    messages = notifications.messages_of(opened.id, limit=MOST_LOOKED_AT)
    paid = [one.payment for one in account.money.payments]
    events = _events(
        opened.id,
        readings=readings,
        messages=messages,
        bills=account.bills,
        paid=paid,
        appeals=cases.cases_of_account(opened.id, user_id=user_id, at=at, limit=MOST_ON_THE_CARD),
        most=MOST_ON_THE_CARD,
    )
    return CardPage(
        account=account,
        signs=signs_of(account.home, readings=readings, messages=messages, on=on),
        events=tuple(events[:MOST_ON_THE_CARD]),
    )


def timeline(account_id: int, *, user_id: int, at: datetime, kind: str = "") -> list[Event]:
    """Return what an employee sees of all that happened with the account, the latest first; of one kind when named."""
    readings = metering.history(account_id, limit=MOST_OF_A_KIND)
    messages = notifications.messages_of(account_id, limit=MOST_OF_A_KIND)
    events = _events(
        account_id,
        readings=readings,
        messages=messages,
        bills=billing.bills_of(account_id, limit=MOST_OF_A_KIND),
        paid=payments.payments_of(account_id),
        appeals=cases.cases_of_account(account_id, user_id=user_id, at=at, limit=MOST_OF_A_KIND),
    )
    return [event for event in events if not kind or event.kind == kind]


def signs_of(
    home: AccountHome, *, readings: Sequence[HistoryRow], messages: Iterable[MessageView], on: date
) -> tuple[Sign, ...]:
    """Return what is wrong with the account on the day, the worst first."""
    found = [Sign(SignKind.NO_SUPPLY, {"known": one}) for one in home.failing]
    if home.is_overdue and home.last_bill is not None:
        found.append(Sign(SignKind.OVERDUE, {"amount": home.balance, "days": (on - home.last_bill.due_on).days}))
    if not home.meters:
        found.append(Sign(SignKind.NO_METER))
    elif (without := _months_without(readings, on=on)) >= MONTHS_WITHOUT_READING:
        found.append(Sign(SignKind.NO_READING, {"months": without}))
    for meter in home.meters:
        due = meter.verification_due_on
        if due is not None and due < on + VERIFICATION_SOON:
            kind = SignKind.VERIFICATION_EXPIRED if due <= on else SignKind.VERIFICATION_SOON
            found.append(Sign(kind, {"serial": meter.meter_serial, "due_on": due}))
    held = next((row for row in readings if row.verdict is Verdict.HELD), None)
    if held is not None:
        found.append(Sign(SignKind.HELD_READING, {"reading_id": held.reading_id, "taken_on": held.taken_on}))
    failed = [one for one in messages if one.state == MessageState.FAILED]
    if failed:
        found.append(Sign(SignKind.NOT_DELIVERED, {"count": len(failed)}))
    return tuple(found)


def _months_without(readings: Sequence[HistoryRow], *, on: date) -> int:
    """Return how many months have ended since the month of the last reading in force; nothing for a new account."""
    last = max((row.taken_on for row in readings if row.is_in_force), default=None)
    if last is None:
        return 0
    month, now = Month.of(last), Month.of(on)
    return max((now.first_on.year - month.first_on.year) * 12 + now.first_on.month - month.first_on.month - 1, 0)


def _events(
    account_id: int,
    *,
    readings: Sequence[HistoryRow],
    messages: Iterable[MessageView],
    bills: Iterable[BillRow],
    paid: Iterable[PaymentRow],
    appeals: Iterable[CaseRow],
    most: int = MOST_OF_A_KIND,
) -> list[Event]:
    contacts = cases.contacts_of(account_id, limit=most)
    events = [
        *(Event(one.began_at, EventKind.CONTACT, one) for one in contacts),
        *(Event(one.registered_at, EventKind.CASE, one) for one in appeals),
        *(Event(one.sent_at, EventKind.REMARK, one) for one in cases.remarks_of(account_id, limit=most)),
        *(Event(rows[0].received_at, EventKind.READING, rows) for rows in _by_receipt(readings)),
        *(Event(_issued(one), EventKind.BILL, one) for one in bills),
        *(Event(one.paid_at, EventKind.PAYMENT, one) for one in paid),
        *(Event(one.created_at, EventKind.MESSAGE, one) for one in messages if one.kind != MessageKind.SMS_ANSWER),
        *(Event(one.received_at, EventKind.SMS, one) for one in notifications.sms_of(account_id, limit=MOST_OF_A_KIND)),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _by_receipt(readings: Iterable[HistoryRow]) -> list[list[HistoryRow]]:
    receipts: dict[object, list[HistoryRow]] = {}
    for row in readings:
        receipts.setdefault(row.receipt_number or (row.meter_serial, row.taken_on, row.received_at), []).append(row)
    return list(receipts.values())


def _issued(bill: BillRow) -> datetime:
    return datetime.combine(bill.issued_on, time(), tzinfo=MOSCOW)
