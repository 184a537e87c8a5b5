"""Accounts with charges and payments, made by the domains' own actions."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from itertools import count

from svet.domains.accounts import actions as accounts
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import CustomerKind
from svet.domains.ledger import actions as ledger
from svet.domains.ledger.rules import EntryKind
from svet.domains.payments import actions as payments
from svet.domains.payments.rules import SourceKind
from svet.infra.clock import MOSCOW
from svet.kernel.period import Month

_IDS = count(1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=MOSCOW)


def new_account() -> int:
    at = noon(date(2023, 1, 1))
    customer_id = customers.register_customer(kind=CustomerKind.PERSON, family_name="Долгов", given_name="Олег", at=at)
    return accounts.open_account(customer_id, opened_on=at.date(), at=at).id


def charge(
    account_id: int,
    month: str,
    amount: str,
    *,
    in_month: str = "",
    kind: EntryKind = EntryKind.CHARGE,
) -> None:
    counted = Month(in_month or month)
    ledger.post(
        account_id=account_id,
        kind=kind,
        amount=Decimal(amount),
        month=counted,
        concerns=Month(month),
        posted_on=counted.last_on,
        source_kind="test",
        source_id=next(_IDS),
        recorded_at=noon(counted.last_on),
    )


def pay(account_id: int, amount: str, on: date, *, named: str = "") -> int:
    payments.open_source("till", name="Касса", kind=SourceKind.BANK_REGISTER, at=noon(on))
    return payments.accept_payment(
        source_code="till",
        external_id=f"p{next(_IDS)}",
        account_number=number_of(account_id),
        amount=Decimal(amount),
        paid_at=noon(on),
        received_at=noon(on),
        named_month=Month(named) if named else None,
    ).payment_id


def number_of(account_id: int) -> str:
    from svet.domains.accounts import queries

    return queries.account_by_id(account_id).number
