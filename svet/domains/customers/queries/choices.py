"""What a customer agreed to, how he wants to be told, and by which confirmed addresses he can be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery

from svet.domains.customers.models import Consent, Contact, Preference
from svet.domains.customers.rules import ConsentPurpose, Subject, Way, takes_codes, way_of


@dataclass(frozen=True, slots=True)
class ConsentView:
    """One statement: for what, given or withdrawn, when, to which text and where."""

    purpose: str
    is_given: bool
    at: datetime
    text_version: str
    channel: str


def consents_of(customer_id: int) -> list[ConsentView]:
    """Return all statements of the customer, the latest first."""
    rows = Consent.objects.filter(customer_id=customer_id).order_by("-pk")
    return [ConsentView(row.purpose, row.is_given, row.at, row.text_version, row.channel) for row in rows]


def preferences_of(customer_id: int) -> dict[str, str]:
    """Return the way by which the customer wants to be told of each subject: "none" where he chose nothing."""
    chosen = dict(Preference.objects.filter(customer_id=customer_id).values_list("subject", "way"))
    return {subject.value: chosen.get(subject, Way.NONE.value) for subject in Subject}


def way_to_tell(customer_id: int, *, subject: Subject, on: date) -> tuple[str, str] | None:
    """Return the way and the address to tell of a subject, None when nobody is to be told.

    One indexed read for those who chose nothing, two for the others.
    """
    chosen = Preference.objects.filter(customer_id=customer_id, subject=subject).exclude(way=Way.NONE).first()
    if chosen is None:
        return None
    return next((one for one in confirmed_addresses(customer_id, on=on) if one[0] == chosen.way), None)


def declines(customer_id: int, *, subject: Subject) -> bool:
    """Say whether the customer said that he wants to be told nothing of a subject, or withdrew his consent at all."""
    last = Consent.objects.filter(customer_id=customer_id, purpose=ConsentPurpose.PERSONAL_DATA).order_by("-pk").first()
    if last is not None and not last.is_given:
        return True
    return Preference.objects.filter(customer_id=customer_id, subject=subject, way=Way.NONE).exists()


def who_chose(subject: Subject, *, of: Collection[int]) -> set[int]:
    """Return which of these customers chose a way to be told of the subject."""
    chosen = Preference.objects.filter(customer_id__in=of, subject=subject).exclude(way=Way.NONE)
    return set(chosen.values_list("customer_id", flat=True))


def confirmed_addresses(
    customer_id: int, *, on: date, without: int | None = None, with_ended: int | None = None
) -> list[tuple[str, str]]:
    """Return ways ("email", "sms") with the addresses that the customer confirmed; landlines take no SMS.

    `without` leaves one contact out; `with_ended` takes one in that is not valid on the day any more.
    """
    valid = Q(valid__contains=on)
    if with_ended is not None:
        valid |= Q(pk=with_ended)
    contacts = Contact.objects.filter(valid, customer_id=customer_id, confirmed_at__isnull=False)
    if without is not None:
        contacts = contacts.exclude(pk=without)
    return [
        (way_of(one.kind).value, one.value)
        for one in contacts.order_by("-confirmed_at", "pk")
        if takes_codes(kind=one.kind, value=one.value)
    ]


def agrees(customer_id: int, *, purpose: ConsentPurpose) -> bool:
    """Say whether the customer's consent to the purpose is in force; who stated nothing does not agree."""
    last = Consent.objects.filter(customer_id=customer_id, purpose=purpose).order_by("-pk").first()
    return last is not None and last.is_given


def who_wants(subject: Subject, *, purpose: ConsentPurpose) -> list[int]:
    """Return the customers who chose a way to be told of the subject and whose consent to the purpose is in force."""
    last = Consent.objects.filter(customer_id=OuterRef("customer_id"), purpose=purpose).order_by("-pk")
    chosen = Preference.objects.filter(subject=subject).exclude(way=Way.NONE)
    agreed = chosen.annotate(agreed=Subquery(last.values("is_given")[:1])).filter(agreed=True)
    return list(agreed.order_by("customer_id").values_list("customer_id", flat=True))
