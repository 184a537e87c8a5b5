"""A household comes: the customer, the account, the residents, the agreement and the first readings, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.accounts.queries import AccountView
from svet.domains.billing import queries as bills
from svet.domains.customers import actions as customers
from svet.domains.customers import queries as customers_of
from svet.domains.customers.rules import ContactKind, CustomerKind
from svet.domains.ledger import queries as ledger
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as metering_of
from svet.domains.metering.queries import DialAtPlace
from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.rules.receipts import Receipt
from svet.domains.supply import queries as supply
from svet.domains.supply.queries import SupplyPointView
from svet.infra import audit
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.energy import TimeBand
from svet.kernel.errors import Conflict, DomainError, NotFound


class FirstReadingRefused(DomainError):
    """The values of a meter cannot be right: `findings` say why."""

    code = "first_reading_refused"


@dataclass(frozen=True, slots=True)
class Place:
    """A place where somebody could be supplied: free already, from a day on (`free_from`), or not at all.

    `empty_since` is the first day after who was supplied there last; of him nothing more is told.
    """

    point: SupplyPointView
    is_free: bool
    free_from: date | None
    empty_since: date | None = None


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who moves in: by another account of his, or by name; the names are as he wrote them."""

    family_name: str
    given_name: str
    patronymic: str
    phone: str
    known_account: str


@dataclass(frozen=True, slots=True)
class Coming:
    """What an operator is told of a move-in. `values` by meter: none while the first day is to come."""

    supply_point_id: int
    from_on: date
    newcomer: Newcomer
    registered: int
    temporary: int
    owners: int
    values: Mapping[str, Mapping[str | int | TimeBand, str]]
    reason: str
    request_key: str


@dataclass(frozen=True, slots=True)
class Came:
    """What a move-in comes to: the account, and the receipts of the first readings that were taken with it."""

    account: AccountView
    receipts: tuple[Receipt, ...]
    is_repeat: bool = False


def places(text: str, *, on: date) -> list[Place]:
    """Return the places that fit the words of an address or a supply point's code."""
    points = supply.find_points(text, on=on)
    taken = accounts_of.taken_from([point.id for point in points], on=on)
    return [_place(point, taken) for point in points]


def place(supply_point_id: int, *, on: date) -> tuple[Place, list[DialAtPlace]]:
    """Return one place with the dials there; raise NotFound("supply_point_not_found")."""
    point = supply.supply_point(supply_point_id, on=on)
    taken = accounts_of.taken_from([point.id], on=on)
    empty_since = accounts_of.supplied_until(supply_point_id, before=taken.get(point.id) or on)
    return replace(_place(point, taken), empty_since=empty_since), metering_of.dials_at(supply_point_id, on=on)


def foretell_coming(coming: Coming, *, by: int, at: datetime) -> Came:
    """Return what the move-in would come to; write nothing. Raises as `move_in` does."""
    with transaction.atomic():
        came = move_in(coming, by=by, at=at)
        transaction.set_rollback(True)
    return came


def move_in(coming: Coming, *, by: int, at: datetime) -> Came:
    """Open an account for who comes, supplied from the first day; return it. The same form again returns the first.

    1. Know the customer again or register him. 2. Open the account, the residents, the agreement. 3. Take the first
    readings once the day is there.

    Raises NotFound("account_not_found") for the other account, DomainError("name_differs"), FirstReadingRefused,
    Conflict("supply_point_is_taken"), and what the actions raise.
    """
    known = _opened_before(coming, by=by)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _open(coming, by=by, at=at)
    except Conflict:
        known = _opened_before(coming, by=by)
        if known is None:
            raise
        return known


def take_coming_back(account_id: int, *, at: datetime, reason: str) -> dict[str, Any]:
    """Withdraw an opening by mistake, while nothing was charged or paid; return what the journal tells.

    The place is free again, the account is closed on its first day; customer and readings stay, they are facts.
    Raises Conflict("coming_has_effects"), ("account_is_closed"), DomainError("undo_needs_a_reason").
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        account = accounts_of.account_by_id(account_id)
        if ledger.entries(account_id) or bills.charged_months(account_id):
            raise Conflict("coming_has_effects", number=account.number)
        accounts.withdraw_opening(account_id, at=at, reason=reason)
    return {"before": {"opened_on": account.opened_on}, "after": {"closed_on": account.opened_on}}


def _opened_before(coming: Coming, *, by: int) -> Came | None:
    """Return the account that this very form opened, None where it did not."""
    account_id = accounts_of.supplied_at(coming.supply_point_id, on=coming.from_on)
    if account_id is None:
        return None
    opened = any(
        record.verb == "moving.moved_in"
        and record.user_id == by
        and record.data.get("request_key") == coming.request_key
        for record in audit.of_account(account_id, limit=200)
    )
    return Came(accounts_of.account_by_id(account_id), (), is_repeat=True) if opened else None


def _open(coming: Coming, *, by: int, at: datetime) -> Came:
    with transaction.atomic():
        customer_id = _customer(coming, at=at)
        account = accounts.open_account(customer_id, opened_on=coming.from_on, at=at)
        accounts.make_agreement(
            account.id,
            supply_point_id=coming.supply_point_id,
            from_on=coming.from_on,
            at=at,
            number=f"Д-{account.number}",
        )
        accounts.change_household(
            account.id,
            from_on=coming.from_on,
            registered=coming.registered,
            temporary=coming.temporary,
            owners=coming.owners,
            at=at,
        )
        has_come = coming.from_on <= at.astimezone(MOSCOW).date()
        receipts = tuple(_read(coming, account.id, one, by=by, at=at) for one in coming.values) if has_come else ()
        audit.record(
            "moving.moved_in",
            target_kind="account",
            target_id=account.id,
            at=at,
            account_id=account.id,
            data={
                "from_on": coming.from_on,
                "supply_point_id": coming.supply_point_id,
                "request_key": coming.request_key,
            },
            reason=coming.reason,
        )
    return Came(account, receipts)


def _place(point: SupplyPointView, taken: Mapping[int, date | None]) -> Place:
    return Place(point, is_free=point.id not in taken, free_from=taken.get(point.id))


def _customer(coming: Coming, *, at: datetime) -> int:
    who = coming.newcomer
    if not who.known_account:
        customer_id = customers.register_customer(
            kind=CustomerKind.PERSON,
            family_name=who.family_name,
            given_name=who.given_name,
            patronymic=who.patronymic,
            at=at,
        )
        if who.phone:
            customers.add_contact(
                customer_id, kind=ContactKind.PHONE, value=who.phone, from_on=at.astimezone(MOSCOW).date(), at=at
            )
        return customer_id
    known = accounts_of.account_by_number(who.known_account)
    if known is None:
        raise NotFound("account_not_found", number=who.known_account)
    customer = customers_of.customer(known.customer_id)
    if customer.family_name.casefold() != who.family_name.casefold():
        raise DomainError("name_differs", number=who.known_account)
    return known.customer_id


def _read(coming: Coming, account_id: int, serial: str, *, by: int, at: datetime) -> Receipt:
    receipt = metering.submit_reading(
        account_id=account_id,
        values=coming.values[serial],
        taken_on=coming.from_on,
        received_at=at,
        channel=Channel.DESK,
        source_id=f"coming:{coming.request_key[:40]}:{serial}"[:120],
        meter_serial=serial,
        kind=ReadingKind.INITIAL,
        raw={"user": by},
    )
    if receipt.verdict is not Verdict.ACCEPTED:
        raise FirstReadingRefused(serial=serial, findings=receipt.findings)
    return receipt
