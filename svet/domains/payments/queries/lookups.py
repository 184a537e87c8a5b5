"""Small questions that actions and gates ask before they book: whose number is this, did this come before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from svet.domains.accounts.models import Account
from svet.domains.payments.models import Payment


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """What a source's own id is booked as."""

    payment_id: int
    account_id: int | None
    account_given: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PayableAccount:
    """An account that money may be given to; a closed one still takes money."""

    account_id: int
    opened_on: date
    closed_on: date | None


def account_id_of(number: str | None) -> int | None:
    """Return the id of the account with this number, None when there is none."""
    found = payable_account(number)
    return None if found is None else found.account_id


def payable_account(number: str | None) -> PayableAccount | None:
    """Return the account with this number, None when there is none."""
    if not number or len(number) != 10 or not number.isdecimal():
        return None
    found = Account.objects.filter(number=number).first()
    return None if found is None else PayableAccount(found.pk, found.opened_on, found.closed_on)


def payment_by_external_id(source_code: str, *, external_id: str) -> KnownPayment | None:
    """Return what the source's own id is booked as, None when it never came."""
    found = Payment.objects.filter(source__code=source_code, external_id=external_id).first()
    if found is None:
        return None
    return KnownPayment(found.pk, found.account_id, found.account_given, found.amount)
