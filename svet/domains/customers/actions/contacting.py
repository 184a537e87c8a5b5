"""Contacts of a customer: added with a first day, confirmed by a code, ended, never overwritten."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svet.domains.customers.models import Contact
from svet.domains.customers.rules import ContactKind, normal_email, normal_phone
from svet.infra import audit, outbox
from svet.infra.clock import MOSCOW
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period


def add_contact(
    customer_id: int,
    *,
    kind: ContactKind,
    value: str,
    from_on: date,
    at: datetime,
    confirmed_at: datetime | None = None,
) -> int:
    """Add a contact, valid from `from_on` until further notice; return its id. Phones are kept as +79161234567.

    Raises NotFound for the customer, DomainError("contact_is_wrong"), Conflict("contact_is_known") when it is valid
    on one of these days already.
    """
    normal = _normal(ContactKind(kind), value.strip())
    if normal is None:
        raise DomainError("contact_is_wrong", kind=kind, value=value)
    try:
        with transaction.atomic():
            lock_row("customers_customer", customer_id)
            contact = Contact.objects.create(
                customer_id=customer_id,
                kind=ContactKind(kind),
                value=normal,
                valid=to_range(Period(from_on)),
                confirmed_at=confirmed_at,
            )
            _record("added", contact, at=at)
    except IntegrityError as error:
        raise Conflict("contact_is_known", kind=kind, value=normal) from error
    return contact.pk


def end_contact(contact_id: int, *, until_on: date, at: datetime, customer_id: int | None = None) -> None:
    """End a contact: `until_on` is the first day on which it is not valid. With `customer_id` only one of his.

    Raises NotFound("contact_not_found"), DomainError("period_is_empty"), Conflict("contact_has_ended").
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if contact is None or customer_id not in {None, contact.customer_id}:
            raise NotFound("contact_not_found", contact_id=contact_id)
        period = to_period(contact.valid)
        if period.end is not None and period.end <= until_on:
            raise Conflict("contact_has_ended", until_on=period.end)
        if until_on <= period.start:
            raise DomainError("period_is_empty", from_on=period.start, until_on=until_on)
        contact.valid = to_range(Period(period.start, until_on))
        contact.save(update_fields=["valid"])
        _record("ended", contact, at=at)


def resume_contact(contact_id: int, *, customer_id: int, at: datetime) -> int:
    """Let an ended contact go on; return its id. One that has been over for days begins anew today, unproved.

    Raises NotFound("contact_not_found") for one that is not his, Conflict("contact_goes_on"), ("contact_is_known")
    when the same was added meanwhile.
    """
    today = at.astimezone(MOSCOW).date()
    known = Contact.objects.filter(pk=contact_id, customer_id=customer_id).first()
    if known is None:
        raise NotFound("contact_not_found", contact_id=contact_id)
    try:
        with transaction.atomic():
            contact = Contact.objects.select_for_update().get(pk=known.pk)
            period = to_period(contact.valid)
            if period.end is None:
                raise Conflict("contact_goes_on")
            if period.end < today:
                kind = ContactKind(contact.kind)
                return add_contact(customer_id, kind=kind, value=contact.value, from_on=today, at=at)
            contact.valid = to_range(Period(period.start))
            contact.save(update_fields=["valid"])
            _record("resumed", contact, at=at)
    except IntegrityError as error:
        raise Conflict("contact_is_known", kind=known.kind, value=known.value) from error
    return known.pk


def confirm_contact(contact_id: int, *, customer_id: int, at: datetime) -> bool:
    """Note that the customer proved this contact to be his; return False when he did before.

    Raises NotFound("contact_not_found") for one that is not his, Conflict("contact_has_ended").
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=contact_id, customer_id=customer_id).first()
        if contact is None:
            raise NotFound("contact_not_found", contact_id=contact_id)
        period = to_period(contact.valid)
        if period.end is not None and period.end <= at.date():
            raise Conflict("contact_has_ended", until_on=period.end)
        if contact.confirmed_at is not None:
            return False
        contact.confirmed_at = at
        contact.save(update_fields=["confirmed_at"])
        _record("confirmed", contact, at=at)
    return True


def _normal(kind: ContactKind, value: str) -> str | None:
    if kind is ContactKind.PHONE:
        return normal_phone(value)
    if kind is ContactKind.EMAIL:
        return normal_email(value)
    return value if 0 < len(value) <= 255 else None


def _record(what: str, contact: Contact, *, at: datetime) -> None:
    verb, data = f"customers.contact_{what}", {"kind": contact.kind, "value": contact.value}
    audit.record(verb, target_kind="customer", target_id=contact.customer_id, at=at, data=data)
    outbox.record(verb, at=at, payload={"customer_id": contact.customer_id, "contact_id": contact.pk})
