"""What the Standard says about offices and contacts, as plain facts, and their form in the shipped data file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import time
from typing import Any

from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.hours import DayHours, grouped


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """One office of Annex 1; an audience that it does not serve has no hours at all."""

    code: str
    postal_code: str
    settlement: str
    street_address: str
    hours: tuple[tuple[Audience, tuple[DayHours, ...]], ...]


@dataclass(frozen=True, slots=True)
class PhoneFacts:
    """One phone line: whom it is for and when it answers; weekdays are inclusive, 1 = Monday."""

    audience: Audience
    number: str
    from_weekday: int
    until_weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """The addresses of Annex 2; what the document does not name is empty."""

    postal_address: str = ""
    email: str = ""
    website: str = ""
    readings_url: str = ""
    payment_url: str = ""
    feedback_url: str = ""
    cabinet_url: str = ""
    offices_url: str = ""


@dataclass(frozen=True, slots=True)
class StandardFacts:
    """Both annexes, in the order of the document."""

    offices: tuple[OfficeFacts, ...]
    contacts: ContactFacts
    phones: tuple[PhoneFacts, ...]


CONTACT_NAMES = tuple(field.name for field in fields(ContactFacts))


def as_document(facts: StandardFacts) -> dict[str, Any]:
    """Return the facts in the form of the data file: equal weekdays together, times as "08:00"."""
    return {
        "offices": [
            {
                "code": office.code,
                "postal_code": office.postal_code,
                "settlement": office.settlement,
                "street_address": office.street_address,
                "hours": {audience.value: _as_spans(days) for audience, days in office.hours},
            }
            for office in facts.offices
        ],
        "contacts": asdict(facts.contacts),
        "phones": [
            {
                "audience": phone.audience.value,
                "number": phone.number,
                "weekdays": [phone.from_weekday, phone.until_weekday],
                "hours": [_as_text(phone.opens_at), _as_text(phone.closes_at)],
            }
            for phone in facts.phones
        ],
    }


def from_document(document: Mapping[str, Any]) -> StandardFacts:
    """Return the facts of a data file; the inverse of `as_document`."""
    return StandardFacts(
        offices=tuple(
            OfficeFacts(
                code=row["code"],
                postal_code=row["postal_code"],
                settlement=row["settlement"],
                street_address=row["street_address"],
                hours=tuple((Audience(name), tuple(_days(spans))) for name, spans in row["hours"].items()),
            )
            for row in document["offices"]
        ),
        contacts=ContactFacts(**document["contacts"]),
        phones=tuple(
            PhoneFacts(
                Audience(row["audience"]), row["number"], *row["weekdays"], *map(time.fromisoformat, row["hours"])
            )
            for row in document["phones"]
        ),
    )


def _as_spans(days: tuple[DayHours, ...]) -> list[dict[str, Any]]:
    spans = []
    for group in grouped(days):
        if group.opens_at and group.closes_at:
            span: dict[str, Any] = {
                "weekdays": [group.from_weekday, group.until_weekday],
                "hours": [_as_text(group.opens_at), _as_text(group.closes_at)],
            }
            if group.break_from and group.break_until:
                span["break"] = [_as_text(group.break_from), _as_text(group.break_until)]
            spans.append(span)
    return spans


def _days(spans: list[Mapping[str, Any]]) -> Iterator[DayHours]:
    for span in spans:
        first, last = span["weekdays"]
        times = [time.fromisoformat(text) for text in [*span["hours"], *span.get("break", [])]]
        for weekday in range(first, last + 1):
            yield DayHours(weekday, *times)


def _as_text(moment: time) -> str:
    return f"{moment:%H:%M}"
