"""Opening and closing an account, and how its bill is delivered."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, connection, transaction

from svet.domains.accounts.models import Account, Agreement
from svet.domains.accounts.queries import AccountView, account_by_id
from svet.domains.accounts.rules import NUMBER_PREFIX, BillDelivery, account_number
from svet.domains.customers.models import Customer
from svet.infra import audit, numbering, outbox
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.identifiers import is_account_number

SERIES = "accounts.number"


def open_account(
    customer_id: int,
    *,
    opened_on: date,
    at: datetime,
    number: str | None = None,
    bill_delivery: BillDelivery = BillDelivery.PAPER,
) -> AccountView:
    """Open an account for a customer, with the next free number unless one is given.

    Raises NotFound("customer_not_found"), DomainError("account_number_is_wrong") for a number whose form or
    check digit is wrong, Conflict("account_number_is_taken").
    """
    if number is not None and not is_account_number(number):
        raise DomainError("account_number_is_wrong", number=number)
    try:
        with transaction.atomic():
            if not Customer.objects.filter(pk=customer_id).exists():
                raise NotFound("customer_not_found", customer_id=customer_id)
            account = Account.objects.create(
                number=number or _next_number(),
                customer_id=customer_id,
                opened_on=opened_on,
                bill_delivery=bill_delivery,
            )
            _record("opened", account, at=at, data={"number": account.number, "opened_on": opened_on})
    except IntegrityError as error:
        raise Conflict("account_number_is_taken", number=number) from error
    return account_by_id(account.pk)


def close_account(account_id: int, *, closed_on: date, at: datetime) -> None:
    """Close an account that supplies nothing from `closed_on` on; it still takes money.

    Raises NotFound, Conflict("account_is_closed"), DomainError("account_still_supplies") while an agreement goes on,
    DomainError("account_closes_before_it_opens").
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        account = Account.objects.get(pk=account_id)
        if account.closed_on is not None:
            raise Conflict("account_is_closed", number=account.number, closed_on=account.closed_on)
        if closed_on < account.opened_on:
            raise DomainError("account_closes_before_it_opens", opened_on=account.opened_on)
        going_on = Agreement.objects.filter(account_id=account_id)
        if going_on.filter(valid__endswith=None).exists() or going_on.filter(valid__endswith__gt=closed_on).exists():
            raise DomainError("account_still_supplies", number=account.number)
        account.closed_on = closed_on
        account.save(update_fields=["closed_on"])
        _record("closed", account, at=at, data={"closed_on": closed_on})


def change_bill_delivery(account_id: int, *, bill_delivery: BillDelivery, at: datetime) -> None:
    """Deliver the account's bills in this way from now on; raise NotFound."""
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        account = Account.objects.get(pk=account_id)
        before, account.bill_delivery = account.bill_delivery, bill_delivery
        account.save(update_fields=["bill_delivery"])
        _record("bill_delivery_changed", account, at=at, data={"before": before, "after": bill_delivery})


def _next_number() -> str:
    """Return the next number of the company's own series that nobody has.

    A file may have brought numbers of the series; the series then jumps behind the last of them at once.
    """
    number = account_number(numbering.take(SERIES))
    if not Account.objects.filter(number=number).exists():
        return number
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(substr(number, 3, 7)::int) FROM accounts_account WHERE number LIKE %s", [f"{NUMBER_PREFIX}%"]
        )
        last: int = cursor.fetchone()[0]
    serial = int(number[2:9])
    return account_number(numbering.take(SERIES, last + 1 - serial) + last - serial)


def _record(what: str, account: Account, *, at: datetime, data: dict[str, object]) -> None:
    audit.record(
        f"accounts.account_{what}", target_kind="account", target_id=account.pk, at=at, account_id=account.pk, data=data
    )
    outbox.record(f"accounts.account_{what}", at=at, account_id=account.pk, payload=data)
