"""What a customer decides about being reached, across accounts and customers; only the owner of an account may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import BillDelivery, GrantRole
from svet.domains.customers import actions as customers
from svet.domains.customers import queries
from svet.domains.customers.queries import ConsentView, ContactView
from svet.domains.customers.rules import ConsentPurpose, ContactKind, Subject, Way
from svet.kernel.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class ChoicesPage:
    """Everything on the page; `given` are the purposes agreed to now."""

    contacts: tuple[ContactView, ...]
    consents: tuple[ConsentView, ...]
    given: frozenset[str]
    ways: Mapping[str, str]
    may_change: bool


def page(account: AccountView, *, at: datetime) -> ChoicesPage:
    """Return what the customer chose so far."""
    consents = queries.consents_of(account.customer_id)
    last = {one.purpose: one.is_given for one in reversed(consents)}
    return ChoicesPage(
        contacts=tuple(queries.contacts_of(account.customer_id, on=at.date())),
        consents=tuple(consents),
        given=frozenset(purpose for purpose, is_given in last.items() if is_given),
        ways=queries.preferences_of(account.customer_id),
        may_change=account.role == GrantRole.OWNER,
    )


def add_contact(account: AccountView, *, kind: ContactKind, value: str, at: datetime) -> None:
    """Add an unconfirmed contact; raise NotAllowed, Conflict("contact_is_known"), DomainError("contact_is_wrong")."""
    _owner(account)
    customers.add_contact(account.customer_id, kind=kind, value=value, from_on=at.date(), at=at)


def end_contact(account: AccountView, *, contact_id: int, at: datetime) -> None:
    """End one of the customer's contacts tonight; raise NotAllowed, NotFound, Conflict("contact_has_ended")."""
    _owner(account)
    tomorrow = at.date() + timedelta(days=1)
    customers.end_contact(contact_id, until_on=tomorrow, at=at, customer_id=account.customer_id)


def choose_ways(
    account: AccountView, *, ways: Mapping[Subject, Way], bill_delivery: BillDelivery, at: datetime
) -> None:
    """Tell the customer in these ways and bring the bill in this one from now on; raise NotAllowed."""
    _owner(account)
    with transaction.atomic():
        customers.prefer(account.customer_id, ways=ways, at=at)
        if account.bill_delivery != bill_delivery:
            accounts.change_bill_delivery(account.id, bill_delivery=bill_delivery, at=at)


def state_consents(account: AccountView, *, given: Mapping[ConsentPurpose, bool], channel: str, at: datetime) -> None:
    """Note each consent given or withdrawn; raise NotAllowed."""
    _owner(account)
    with transaction.atomic():
        for purpose, is_given in given.items():
            customers.state_consent(account.customer_id, purpose=purpose, is_given=is_given, channel=channel, at=at)


def _owner(account: AccountView) -> None:
    if account.role != GrantRole.OWNER:
        raise NotAllowed(number=account.number)
