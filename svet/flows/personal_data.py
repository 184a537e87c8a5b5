"""Everything held about a person, part by part: himself with his customers, then each account he owns.

Names of staff and details of other people's messages are left out; whoever looked is told by role and purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from svet.domains.access import queries as access
from svet.domains.accounts import actions as account_actions
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView, DisclosureView
from svet.domains.accounts.rules import GrantRole
from svet.domains.benefits import queries as entitled
from svet.domains.billing import queries as billing
from svet.domains.cases import queries as cases
from svet.domains.customers import queries as customers
from svet.domains.ledger import queries as ledger
from svet.domains.metering import queries as metering
from svet.domains.metering.rules.acts import ActKind
from svet.domains.notifications import queries as notifications
from svet.domains.payments import queries as payments
from svet.domains.visits import queries as visits
from svet.flows import appeal_data
from svet.kernel.errors import NotAllowed
from svet.kernel.period import Month

ALL = 1_000_000
"""More rows than any account has, for reads that ask how many."""
_NOT_TOLD = frozenset(
    {"details", "user_name", "user_id", "request_id", "issued_by", "operator_id", "operator_name", "caller_name"}
)
"""What rows hold about others: the raw message of a payer, who called, members of staff, traces of requests."""


@dataclass(frozen=True, slots=True)
class ActAboutMe:
    """An act about a meter: the numbers of the meters taken down and hung up, the names of its scans."""

    on: date
    kind: ActKind
    number: str
    removed: str | None
    installed: str | None
    signed_by: str
    seals: str
    scans: tuple[str, ...]
    is_undone: bool


@dataclass(frozen=True, slots=True)
class BenefitOfMine:
    """An entitlement: `out_on` is the first day without it."""

    kind: str
    law: str
    holder: str
    document: str
    people: int
    from_on: date
    out_on: date | None
    is_undone: bool


@dataclass(frozen=True, slots=True)
class UnmeteredAboutMe:
    """An act about electricity used past the meter, the names of its scans."""

    found_on: date
    kind: str
    number: str
    note: str
    signed_by: str
    from_on: date
    until_on: date
    kwh: Decimal
    amount: Decimal
    month: Month
    scans: tuple[str, ...]
    is_undone: bool


@dataclass(frozen=True, slots=True)
class LookAtMe:
    """Somebody of the staff saw the account: when, in which role, why."""

    at: datetime
    roles: tuple[str, ...]
    purpose: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a disclosure: sections by name, each a list of rows. `account` is None for the person."""

    account: AccountView | None
    sections: dict[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """What the person asked for so far, and whether he owns anything to ask about."""

    disclosures: tuple[DisclosureView, ...]
    owned: tuple[AccountView, ...]

    @property
    def is_moving(self) -> bool:
        """Whether one is being made."""
        return any(one.is_moving for one in self.disclosures)


def page(user_id: int, *, on: date) -> MyDataPage:
    """Return what the page of one's own data shows."""
    return MyDataPage(tuple(accounts.disclosures_of(user_id)), tuple(_owned(user_id, on=on)))


def looks_at(account: AccountView, *, limit: int = 200) -> list[LookAtMe]:
    """Return who of the staff saw the account, by role, the latest first; raise NotAllowed unless its owner asks."""
    if account.role != GrantRole.OWNER:
        raise NotAllowed(number=account.number)
    return _looks(account.id, limit=limit)


def make(disclosure: DisclosureView, *, at: datetime) -> Iterator[Part]:
    """Yield the parts of a disclosure, the person first, and note each as made."""
    owned = _owned(disclosure.user_id, on=at.date())
    everything = [account for account in owned if account.id in disclosure.account_ids]
    yield _person(disclosure.user_id, everything, at=at)
    for place, account in enumerate(everything, 1):
        account_actions.note_progress(disclosure.id, done=place, at=at)
        yield _account(account, user_id=disclosure.user_id, at=at)


def as_plain(value: Any) -> Any:
    """Return the value as JSON can carry it: sums as text, days as 2026-11-18, nothing about other people."""
    if is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Month):
            return value.text
        kept = (one.name for one in fields(value) if one.name not in _NOT_TOLD)
        return {name: as_plain(getattr(value, name)) for name in kept}
    if isinstance(value, dict):
        return {str(as_plain(key)): as_plain(part) for key, part in value.items() if key not in _NOT_TOLD}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_plain(part) for part in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _person(user_id: int, owned: list[AccountView], *, at: datetime) -> Part:
    ids = list(dict.fromkeys(account.customer_id for account in owned))
    owned_ids = {account.id for account in owned}
    found = access.person(user_id)
    return Part(
        account=None,
        sections={
            "sign_in": ({"login": found.username, "name": found.name, "email": found.email, "phone": found.phone},),
            "addresses": tuple({"kind": kind, "value": value} for kind, value in access.addresses_of(user_id)),
            "customers": tuple(customers.customer(one) for one in ids),
            "contacts": tuple(row for one in ids for row in customers.all_contacts_of(one)),
            "consents": tuple(row for one in ids for row in customers.consents_of(one)),
            "preferences": tuple(
                {"subject": subject, "way": way}
                for one in ids
                for subject, way in customers.preferences_of(one).items()
            ),
            "messages": tuple(
                row
                for one in ids
                for row in notifications.messages_to(one, limit=ALL)
                if row.account_id is None or row.account_id in owned_ids
            ),
            "accounts": tuple(accounts.accounts_of(user_id, on=at.date())),
            "disclosures": tuple(accounts.disclosures_of(user_id, limit=ALL)),
            "bookings": tuple(visits.bookings_of_user(user_id)),
            **appeal_data.of_person(user_id, owned=owned, at=at),
        },
    )


def _account(account: AccountView, *, user_id: int, at: datetime) -> Part:
    allocation = payments.allocation_of(account.id)
    return Part(
        account=account,
        sections={
            "agreements": tuple(accounts.agreements_of(account.id, on=at.date())),
            "households": tuple(accounts.households_of(account.id)),
            "benefits": tuple(_benefits(account.id)),
            "meters": tuple(metering.meters_of(account.id)),
            "meter_acts": tuple(_acts(account.id)),
            "unmetered_acts": tuple(_unmetered(account.id)),
            "readings": tuple(metering.history(account.id, limit=ALL)),
            "charges": tuple(billing.charges_of(account.id)),
            "bills": tuple(billing.bills_of(account.id)),
            "entries": tuple(ledger.entries(account.id)),
            "payments": tuple(payments.payments_of(account.id)),
            "payments_moved_away": tuple(payments.moved_away(account.id)),
            "allocation": allocation.parts,
            "certificates": tuple(ledger.certificates_of(account.id)),
            "messages": tuple(notifications.messages_of(account.id, limit=ALL)),
            "service_contacts": tuple(cases.contacts_of(account.id, limit=ALL)),
            "remarks": tuple(cases.remarks_of(account.id, limit=ALL)),
            **appeal_data.of_account(account, user_id=user_id, at=at),
            "looks": tuple(_looks(account.id, limit=ALL)),
        },
    )


def _acts(account_id: int) -> Iterator[ActAboutMe]:
    for one in metering.acts_of(account_id):
        yield ActAboutMe(
            on=one.on,
            kind=one.kind,
            number=one.number,
            removed=one.removed.serial if one.removed else None,
            installed=one.installed.serial if one.installed else None,
            signed_by=one.signed_by,
            seals=one.seals,
            scans=tuple(scan.name for scan in one.scans),
            is_undone=one.undone is not None,
        )


def _benefits(account_id: int) -> Iterator[BenefitOfMine]:
    for one in entitled.entitlements_of(account_id):
        yield BenefitOfMine(
            kind=one.kind.name,
            law=one.kind.law,
            holder=one.holder,
            document=one.document,
            people=one.people,
            from_on=one.from_on,
            out_on=one.out_on,
            is_undone=bool(one.undone_reason),
        )


def _unmetered(account_id: int) -> Iterator[UnmeteredAboutMe]:
    for one in billing.unmetered_acts_of(account_id):
        yield UnmeteredAboutMe(
            found_on=one.found_on,
            kind=one.kind.value,
            number=one.number,
            note=one.note,
            signed_by=one.signed_by,
            from_on=one.from_on,
            until_on=one.until_on,
            kwh=one.kwh,
            amount=one.amount,
            month=one.counts_in,
            scans=tuple(scan.name for scan in one.scans),
            is_undone=bool(one.undone_reason),
        )


def _looks(account_id: int, *, limit: int) -> list[LookAtMe]:
    found = access.looks(account_id=account_id, limit=limit)
    roles = access.roles_of(one.user_id for one in found)
    return [LookAtMe(one.at, roles.get(one.user_id, ()), one.purpose) for one in found]


def _owned(user_id: int, *, on: date) -> list[AccountView]:
    return [account for account in accounts.accounts_of(user_id, on=on) if account.role == GrantRole.OWNER]
