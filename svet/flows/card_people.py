"""How to reach a customer and who lives with him, changed at the desk: with a reason, before and after in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from svet.domains.access import actions as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.accounts.queries import AccountView, HouseholdView
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.billing.rules import Why
from svet.domains.customers import actions as customers
from svet.domains.customers import queries as customers_of
from svet.domains.customers.queries import ContactView
from svet.domains.customers.rules import ContactKind
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.period import Month


class MonthsAreCharged(DomainError):
    """Months from the day on are charged already: `months` names them; who goes on must know it."""

    code = "months_are_charged"

    def __init__(self, *, months: list[Month]) -> None:
        super().__init__(months=months)
        self.months = months


@dataclass(frozen=True, slots=True)
class Residents:
    """How many people live there by their papers."""

    registered: int
    temporary: int
    owners: int


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Contacts in force, and the residents over time, the latest first."""

    contacts: tuple[ContactView, ...]
    households: tuple[HouseholdView, ...]
    now: Residents | None

    @property
    def seen(self) -> str:
        """What the page shows of the residents, in short: a change is of what was seen."""
        lines = (f"{one.period.start}:{one.registered}.{one.temporary}.{one.owners}" for one in self.households)
        return ";".join(lines)[:2000]


def page(account: AccountView, *, on: date) -> PeoplePage:
    """Return what the page shows on the day."""
    households = tuple(accounts_of.households_of(account.id))
    current = next((one for one in households if on in one.period), None)
    contacts = tuple(customers_of.contacts_of(account.customer_id, on=on))
    return PeoplePage(contacts, households, None if current is None else _of(current))


def add_contact(account: AccountView, *, kind: ContactKind, value: str, reason: str, at: datetime) -> None:
    """Note one more way to reach the customer from today on; raise as `customers.actions.add_contact` does."""
    today = at.astimezone(MOSCOW).date()
    with transaction.atomic():
        contact_id = customers.add_contact(account.customer_id, kind=kind, value=value, from_on=today, at=at)
        after = {"kind": kind, "value": contact(account, contact_id=contact_id, on=today).value}
        _record("contact_added", account, before=None, after=after, reason=reason, at=at)


def contact(account: AccountView, *, contact_id: int, on: date) -> ContactView:
    """Return a contact of the customer; raise NotFound, also for another's."""
    return customers_of.contact(contact_id, customer_id=account.customer_id, on=on)


def end_contact(account: AccountView, *, contact_id: int, reason: str, at: datetime) -> None:
    """End a contact tonight; nobody who owns the customer's accounts signs in by it any more, at once.

    Raises NotFound, also for another's, and Conflict("contact_has_ended").
    """
    today = at.astimezone(MOSCOW).date()
    ended = contact(account, contact_id=contact_id, on=today)
    with transaction.atomic():
        tomorrow = today + timedelta(days=1)
        customers.end_contact(contact_id, until_on=tomorrow, at=at, customer_id=account.customer_id)
        access.forget_address(ended.value, user_ids=accounts_of.owners_of_customer(account.customer_id), at=at)
        before = {"kind": ended.kind, "value": ended.value, "contact_id": contact_id}
        _record("contact_ended", account, before=before, after=None, reason=reason, at=at)


def charged_since(account: AccountView, *, from_on: date) -> list[Month]:
    """Return the months that are charged already and whose residents a change from the day on touches."""
    later = [one.period.start for one in accounts_of.households_of(account.id) if one.period.start > from_on]
    until_on = min(later, default=date.max)
    months = bills.charged_months(account.id)
    return [month for month in months if month >= Month.of(from_on) and month.first_on < until_on]


def change_residents(
    account: AccountView,
    *,
    residents: Residents,
    from_on: date,
    seen: str,
    reason: str,
    at: datetime,
    charged_is_known: bool = False,
) -> None:
    """Let these people live there from the day on; charged months wait for an engineer to charge them anew.

    Raises Conflict("residents_changed_meanwhile") when they are not those that were `seen`, MonthsAreCharged unless
    that is known, Conflict("account_is_closed"), DomainError("residents_before_the_account"), ("household_is_wrong").
    """
    with transaction.atomic():
        lock_row("accounts_account", account.id)
        if account.closed_on is not None:
            raise Conflict("account_is_closed", number=account.number)
        if from_on < account.opened_on:
            raise DomainError("residents_before_the_account", opened_on=account.opened_on)
        known = page(account, on=from_on)
        if known.seen != seen:
            raise Conflict("residents_changed_meanwhile")
        charged = charged_since(account, from_on=from_on)
        if charged and not charged_is_known:
            raise MonthsAreCharged(months=charged)
        if charged:
            billing.ask_recalculation(account.id, months=charged, why=Why.RESIDENTS, reason=reason, at=at)
        privileged = any(one.privileged for one in known.households if from_on in one.period)
        accounts.change_household(account.id, from_on=from_on, at=at, privileged=privileged, **asdict(residents))
        before = None if known.now is None else asdict(known.now)
        after = {**asdict(residents), "from_on": from_on}
        _record("residents_changed", account, before=before, after=after, reason=reason, at=at)


def _of(household: HouseholdView) -> Residents:
    return Residents(household.registered, household.temporary, household.owners)


def _record(
    what: str,
    account: AccountView,
    *,
    before: Mapping[str, object] | None,
    after: Mapping[str, object] | None,
    reason: str,
    at: datetime,
) -> None:
    audit.record(
        f"desk.{what}",
        target_kind="account",
        target_id=account.id,
        at=at,
        account_id=account.id,
        data={"before": before, "after": after},
        reason=reason,
    )
