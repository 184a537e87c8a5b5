"""Registering a customer, and giving him another name (marriage, a new title of a firm)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from svet.domains.customers.models import Customer
from svet.domains.customers.rules import CustomerKind, has_its_name, is_code
from svet.infra import audit, numbering, outbox
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError

SERIES = "customers.code"
_NAMES = ("family_name", "given_name", "patronymic", "organisation_name")


def register_customer(
    *,
    kind: CustomerKind,
    at: datetime,
    code: str | None = None,
    family_name: str = "",
    given_name: str = "",
    patronymic: str = "",
    organisation_name: str = "",
    inn: str = "",
    kpp: str = "",
    ogrn: str = "",
) -> int:
    """Register a customer and return the id; without `code` the next one is taken ("К-0000001").

    Raises DomainError("customer_has_no_name"), ("code_is_wrong"), Conflict("customer_code_is_taken").
    """
    if code is not None and not is_code(code):
        raise DomainError("code_is_wrong", code=code)
    _check_name(kind, family_name=family_name, organisation_name=organisation_name)
    try:
        with transaction.atomic():
            customer = Customer.objects.create(
                kind=CustomerKind(kind),
                code=code or f"К-{numbering.take(SERIES):07d}",
                family_name=family_name,
                given_name=given_name,
                patronymic=patronymic,
                organisation_name=organisation_name,
                inn=inn,
                kpp=kpp,
                ogrn=ogrn,
            )
            _record("registered", customer, at=at, data={"code": customer.code, "kind": customer.kind})
    except IntegrityError as error:
        raise Conflict("customer_code_is_taken", code=code) from error
    return customer.pk


def change_name(
    customer_id: int,
    *,
    at: datetime,
    reason: str,
    family_name: str | None = None,
    given_name: str | None = None,
    patronymic: str | None = None,
    organisation_name: str | None = None,
) -> None:
    """Give the customer another name; what is None stays. The former name is kept in the row's history.

    Raises NotFound, DomainError("customer_has_no_name").
    """
    given = (family_name, given_name, patronymic, organisation_name)
    changes = {name: value for name, value in zip(_NAMES, given, strict=True) if value is not None}
    with transaction.atomic():
        lock_row("customers_customer", customer_id)
        customer = Customer.objects.get(pk=customer_id)
        before = customer.name
        for name, value in changes.items():
            setattr(customer, name, value)
        _check_name(customer.kind, family_name=customer.family_name, organisation_name=customer.organisation_name)
        customer.save(update_fields=list(changes))
        _record("renamed", customer, at=at, data={"before": before, "after": customer.name}, reason=reason)


def _check_name(kind: str, *, family_name: str, organisation_name: str) -> None:
    if not has_its_name(kind=kind, family_name=family_name, organisation_name=organisation_name):
        raise DomainError("customer_has_no_name", kind=kind)


def _record(what: str, customer: Customer, *, at: datetime, data: dict[str, object], reason: str = "") -> None:
    verb = f"customers.customer_{what}"
    audit.record(verb, target_kind="customer", target_id=customer.pk, at=at, data=data, reason=reason)
    outbox.record(verb, at=at, payload={"customer_id": customer.pk})
