"""The desk of who answers the phone: whether the lines are open now, and what to tell of the caller's account.

Of an account nothing is here until the caller was identified; then the page is a recorded look like any other (T3).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from svet.domains.accounts import actions as looks
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as billing
from svet.domains.billing.queries import BillRow
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import CaseRow, Entry
from svet.domains.ledger import queries as ledger
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Way, WayState
from svet.domains.offices.rules.facts import PhoneFacts
from svet.domains.offices.rules.hours import answers_at
from svet.domains.supply import queries as supply
from svet.domains.supply.queries import OngoingView
from svet.infra.clock import MOSCOW

FEW = 3


def turned_off(at: datetime) -> tuple[WayState, ...]:
    """Return all ways that are off, so that callers are told; those of the phone itself come first."""
    return tuple(sorted(offices.turned_off(at=at), key=lambda one: one.way is not Way.PHONE))


@dataclass(frozen=True, slots=True)
class Line:
    """A phone line and whether it is answered now."""

    phone: PhoneFacts
    is_open: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """What an operator tells an identified caller: the balance (plus = owes), the last bill, appeals in work, and how
    supply fails where he lives now.
    """

    account: AccountView
    balance: Decimal
    bill: BillRow | None
    cases: tuple[CaseRow, ...]
    failing: tuple[OngoingView, ...]


def lines(at: datetime) -> list[Line]:
    """Return the company's phone lines with their hours, and which are answered at this moment."""
    here = at.astimezone(MOSCOW)
    return [
        Line(
            phone,
            answers_at(
                here,
                from_weekday=phone.from_weekday,
                until_weekday=phone.until_weekday,
                opens_at=phone.opens_at,
                closes_at=phone.closes_at,
            ),
        )
        for phone in offices.company(here.date()).phones
    ]


def caller(number: str, *, held: Entry, user_id: int, roles: Iterable[str], at: datetime, page: str) -> Caller:
    """Return what to tell the caller whose identification holds the account open, recording the look."""
    account = looks.open_for_staff(
        user_id, roles, number, purpose=held.purpose, at=at, page=page, contact_id=held.contact_id
    )
    return Caller(
        account=account,
        balance=ledger.balance(account.id),
        bill=next(iter(billing.bills_of(account.id, limit=1)), None),
        cases=tuple(cases.cases_of_account(account.id, user_id=user_id, at=at, limit=FEW)),
        failing=supply.ongoing_at(_places(account.id, at=at)),
    )


def _places(account_id: int, *, at: datetime) -> list[int]:
    on = at.astimezone(MOSCOW).date()
    return [one.supply_point.id for one in accounts.agreements_of(account_id, on=on) if on in one.period]
