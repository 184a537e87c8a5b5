"""A customer, and how to reach him on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from svet.domains.customers.models import Contact, Customer
from svet.domains.customers.rules import ContactKind, takes_codes
from svet.infra.fields import to_period
from svet.infra.loading import looked_up
from svet.kernel.errors import NotFound
from svet.kernel.period import Period


@dataclass(frozen=True, slots=True)
class CustomerView:
    """A customer as others see it; `name` is the one for letters and bills."""

    id: int
    code: str
    kind: str
    name: str
    family_name: str
    given_name: str
    patronymic: str
    organisation_name: str
    inn: str
    kpp: str
    ogrn: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """A phone (+79161234567), an e-mail or a postal address, and when it is valid."""

    id: int
    kind: str
    value: str
    period: Period
    confirmed_at: datetime | None

    @property
    def takes_codes(self) -> bool:
        """Whether a one-time code can be sent there."""
        return takes_codes(kind=self.kind, value=self.value)


def customer(customer_id: int) -> CustomerView:
    """Return the customer; raise NotFound("customer_not_found")."""
    return _view(Customer.objects.filter(pk=customer_id).first(), customer_id=customer_id)


def customer_by_code(code: str) -> CustomerView:
    """Return the customer with this code; raise NotFound("customer_not_found")."""
    return _view(Customer.objects.filter(code=code).first(), code=code)


def ids_by_code(codes: pl.Series) -> pl.DataFrame:
    """Return `customer_code` and `customer_id` of those of the codes that are known."""
    return looked_up(
        pl.DataFrame({"code": codes}),
        "SELECT c.code, c.id FROM customers_customer c JOIN asked ON asked.code = c.code",
        schema={"customer_code": pl.String, "customer_id": pl.Int64},
    )


def contacts_of(customer_id: int, on: date) -> list[ContactView]:
    """Return the contacts valid on the day, by kind and then the longest known first."""
    rows = Contact.objects.filter(customer_id=customer_id, valid__contains=on).order_by("kind", "valid", "pk")
    return [_contact(row) for row in rows]


def all_contacts_of(customer_id: int) -> list[ContactView]:
    """Return every contact the customer ever had, ended ones too, by kind and then the longest known first."""
    rows = Contact.objects.filter(customer_id=customer_id).order_by("kind", "valid", "pk")
    return [_contact(row) for row in rows]


def customers_with(value: str, *, kind: ContactKind, on: date) -> list[int]:
    """Return the customers who have this phone or e-mail (in its normal form) among their contacts on the day."""
    rows = Contact.objects.filter(kind=kind, value=value, valid__contains=on)
    return sorted(set(rows.values_list("customer_id", flat=True)))


def contact(contact_id: int, *, customer_id: int, on: date) -> ContactView:
    """Return one contact of the customer valid on the day; raise NotFound("contact_not_found")."""
    found = next((one for one in contacts_of(customer_id, on=on) if one.id == contact_id), None)
    if found is None:
        raise NotFound("contact_not_found", contact_id=contact_id)
    return found


def _contact(row: Contact) -> ContactView:
    return ContactView(
        id=row.pk, kind=row.kind, value=row.value, period=to_period(row.valid), confirmed_at=row.confirmed_at
    )


def _view(row: Customer | None, **asked: object) -> CustomerView:
    if row is None:
        raise NotFound("customer_not_found", **asked)
    return CustomerView(
        id=row.pk,
        code=row.code,
        kind=row.kind,
        name=row.name,
        family_name=row.family_name,
        given_name=row.given_name,
        patronymic=row.patronymic,
        organisation_name=row.organisation_name,
        inn=row.inn,
        kpp=row.kpp,
        ogrn=row.ogrn,
    )
