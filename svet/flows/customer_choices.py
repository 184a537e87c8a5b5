"""What a customer decides about being reached, across accounts and customers; only the owner of an account may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from svet.domains.access import actions as access
from svet.domains.access.rules import AddressKind, CodePurpose
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as account_queries
from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import BillDelivery
from svet.domains.customers import actions as customers
from svet.domains.customers import queries
from svet.domains.customers.queries import ConsentView, ContactView
from svet.domains.customers.rules import ConsentPurpose, ContactKind, Subject, Way, masked, way_of
from svet.flows.codes import send_code
from svet.kernel.errors import Conflict, DomainError, NotAllowed


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
        contacts=tuple(_shown(one, account) for one in queries.contacts_of(account.customer_id, on=at.date())),
        consents=tuple(consents),
        given=frozenset(purpose for purpose, is_given in last.items() if is_given),
        ways=queries.preferences_of(account.customer_id),
        may_change=account.may_decide,
    )


def add_contact(account: AccountView, *, kind: ContactKind, value: str, at: datetime) -> int:
    """Add an unconfirmed contact and return its id.

    Raises NotAllowed, Conflict("contact_is_known"), DomainError("contact_is_wrong").
    """
    _owner(account)
    return customers.add_contact(account.customer_id, kind=kind, value=value, from_on=at.date(), at=at)


def ask_contact_code(account: AccountView, *, contact_id: int, asked_from: str, at: datetime) -> str:
    """Send a code to one of the customer's contacts; return the challenge for the browser that asked.

    Raises NotAllowed, NotFound, Conflict("contact_is_confirmed"), DomainError("contact_takes_no_codes") for a landline
    or a postal address, and what `issue_code` raises.
    """
    contact = contact_to_confirm(account, contact_id=contact_id, at=at)
    return send_code(
        CodePurpose.CONFIRM_CONTACT,
        target=contact.value,
        subject=f"contact:{contact.id}",
        address=(way_of(contact.kind).value, contact.value),
        asked_from=asked_from,
        at=at,
        customer_id=account.customer_id,
    )


def contact_to_confirm(account: AccountView, *, contact_id: int, at: datetime) -> ContactView:
    """Return a contact that waits to be confirmed; raise as `ask_contact_code` does."""
    _owner(account)
    contact = queries.contact(contact_id, customer_id=account.customer_id, on=at.date())
    if contact.period.end is not None:
        raise Conflict("contact_has_ended", until_on=contact.period.end)
    if contact.confirmed_at is not None:
        raise Conflict("contact_is_confirmed")
    if not contact.takes_codes:
        raise DomainError("contact_takes_no_codes")
    return contact


def confirm_contact(
    account: AccountView, *, contact_id: int, challenge: str, typed: str, user_id: int, at: datetime
) -> None:
    """Take the code: the contact is the customer's own from now on, and the person may sign in by it.

    Raises NotAllowed, NotFound, Conflict("contact_is_confirmed"), and what `redeem_code` raises.
    """
    contact = contact_to_confirm(account, contact_id=contact_id, at=at)
    subject = access.redeem_code(challenge, purpose=CodePurpose.CONFIRM_CONTACT, typed=typed, at=at)
    if subject != f"contact:{contact.id}":
        raise DomainError("code_is_over")
    with transaction.atomic():
        customers.confirm_contact(contact.id, customer_id=account.customer_id, at=at)
        access.prove_address(user_id, kind=AddressKind(contact.kind), value=contact.value, at=at)


def end_contact(account: AccountView, *, contact_id: int, at: datetime) -> None:
    """End one of the customer's contacts tonight; raise NotAllowed, NotFound, Conflict("contact_has_ended").

    Nobody who owns the customer's accounts signs in by it any more, at once.
    """
    _owner(account)
    ended = queries.contact(contact_id, customer_id=account.customer_id, on=at.date())
    tomorrow = at.date() + timedelta(days=1)
    with transaction.atomic():
        customers.end_contact(contact_id, until_on=tomorrow, at=at, customer_id=account.customer_id)
        access.forget_address(ended.value, user_ids=account_queries.owners_of_customer(account.customer_id), at=at)


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


def _shown(contact: ContactView, account: AccountView) -> ContactView:
    """Show contacts whole to who decides about them, masked to others."""
    if account.may_decide:
        return contact
    return replace(contact, value="" if contact.kind == ContactKind.POST else masked(contact.value))


def _owner(account: AccountView) -> None:
    if not account.may_decide:
        raise NotAllowed(number=account.number)
