"""Accounts, channels and registries for the tests of payments."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from svet.domains.accounts.models import Account
from svet.domains.customers.models import Customer
from svet.domains.customers.rules import CustomerKind
from svet.domains.ledger.models import Entry
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.actions import open_source
from svet.domains.payments.models import Payment
from svet.domains.payments.rules import SourceKind
from svet.infra.clock import MOSCOW
from svet.kernel.identifiers import account_check_digit

NOW = datetime(2026, 6, 4, 12, 0, tzinfo=MOSCOW)
PAID_AT = datetime(2026, 6, 3, 9, 15, 2, tzinfo=MOSCOW)


def number(place: int) -> str:
    first = f"33000{place:04d}"
    return first + account_check_digit(first)


def an_account(place: int = 1, **changes: object) -> Account:
    customer = Customer.objects.create(kind=CustomerKind.PERSON, code=f"C{place}", family_name="Берёзкина")
    return Account.objects.create(
        **{"number": number(place), "customer": customer, "opened_on": date(2024, 1, 1), **changes}
    )


def a_source(code: str = "qiwi", *, kind: SourceKind = SourceKind.TERMINAL, **terms: object) -> str:
    open_source(code, name=code, kind=kind, at=NOW, **terms)
    return code


def a_charge(account: Account, *, amount: str, month: date, source_id: int = 1) -> Entry:
    return Entry.objects.create(
        account=account,
        kind=EntryKind.CHARGE,
        service=Service.ENERGY,
        amount=Decimal(amount),
        month=month,
        concerns=month,
        posted_on=month,
        source_kind="charge",
        source_id=source_id,
        recorded_at=NOW,
    )


def entries(account: Account) -> list[tuple[str, Decimal]]:
    return [(row.kind, row.amount) for row in Entry.objects.filter(account=account).order_by("id")]


def booked_payments() -> list[int]:
    return list(Payment.objects.order_by("id").values_list("id", flat=True))
