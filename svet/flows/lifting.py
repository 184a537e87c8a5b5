"""A limit of codes or tries that a customer reached, lifted at the desk once he was identified, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.access import actions as access
from svet.domains.access import queries as people
from svet.domains.access.rules import LookPurpose
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.customers import queries as customers
from svet.flows import entry
from svet.kernel.errors import NotAllowed

OF_THE_CUSTOMER = frozenset({LookPurpose.CUSTOMER_CALL, LookPurpose.OFFICE_VISIT})


@dataclass(frozen=True, slots=True)
class EntryState:
    """How often the customer asked for codes and failed to prove facts, as far as limits count it."""

    codes: int
    wrong_facts: int


def state(account: AccountView, *, at: datetime) -> EntryState:
    """Return what counts against the customer now."""
    return EntryState(*people.counted_tries(_names(account, at=at), at=at))


def lift(account: AccountView, *, purpose: str, by: int, reason: str, at: datetime) -> None:
    """Let the customer try again at once by each name of his.

    Raises NotAllowed("customer_is_not_identified") when the account is open for inner work,
    DomainError("lifting_needs_a_reason").
    """
    if purpose not in OF_THE_CUSTOMER:
        raise NotAllowed("customer_is_not_identified")
    access.lift_limits(_names(account, at=at), account_id=account.id, by=by, reason=reason, at=at)


def _names(account: AccountView, *, at: datetime) -> list[str]:
    """Return every name under which tries of this customer are counted: account, logins, addresses, himself."""
    contacts = {one.value for one in customers.contacts_of(account.customer_id, on=at.date())}
    names = {account.number, f"sign-up:{account.number}", *contacts}
    owners = accounts.owners_of_customer(account.customer_id)
    for user_id in owners:
        names |= {f"user:{user_id}", *(value for _, value in people.addresses_of(user_id))}
    logins = people.logins_of(owners)
    typed = {account.number, *contacts, *logins}
    return sorted(names | {entry.counted_as(name) for name in typed})
