"""Offices for machines: JSON, iCalendar of the coming days, schema.org markup of a page (clause O1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from icalendar import Calendar, Event

from svet.domains.offices.queries import CompanyView, OfficeView
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Plan
from svet.flows.office_pages import OfficeCard, OfficePage
from svet.infra.clock import MOSCOW
from svet.surfaces.web import office_words

SCHEMA_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def as_json(card: OfficeCard, *, url: str) -> dict[str, Any]:
    """Return an office as JSON values; times are of Moscow, distances in kilometres."""
    office = card.office
    return {
        "code": office.code,
        "url": url,
        "postal_code": office.postal_code,
        "settlement": office.settlement,
        "street_address": office.street_address,
        "place": None if office.point is None else _place(office),
        "equipment": {feature.value: known.value for feature, known in office.features.items()},
        "hours": {part.audience.value: _week(office, part.audience) for part in office.hours},
        "now": {
            audience.value: {
                "is_open": opening.is_open,
                "until": opening.until.isoformat() if opening.until else None,
                "opens_at": opening.opens_at.isoformat() if opening.opens_at else None,
            }
            for audience, opening in card.openings
        },
    }


def calendar(office: OfficeView, days: Sequence[tuple[Audience, tuple[Plan, ...]]], *, at: datetime) -> bytes:
    """Return the hours of the coming days as an iCalendar file: an event per stretch of hours."""
    made = Calendar()
    made.add("prodid", "-//Svet//Office hours//RU")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Часы приёма: {office.name}")
    for audience, plans in days:
        for plan in plans:
            for place, (since, until) in enumerate(plan.spans):
                event = Event()
                event.add("uid", f"{office.code}-{audience.value}-{plan.day:%Y%m%d}-{place}@offices.svet")
                event.add("dtstamp", at)
                event.add("dtstart", datetime.combine(plan.day, since, tzinfo=MOSCOW).astimezone(at.tzinfo))
                event.add("dtend", datetime.combine(plan.day, until, tzinfo=MOSCOW).astimezone(at.tzinfo))
                event.add("summary", f"{office_words.AUDIENCES[audience.value]}: приём, {office.settlement}")
                event.add("location", office.address)
                if not plan.is_usual:
                    event.add("description", plan.reason or office_words.WHY[plan.why.value])
                made.add_component(event)
    return bytes(made.to_ical())


def markup(page: OfficePage, *, company: CompanyView, url: str) -> str:
    """Return the page's schema.org markup, safe inside a script element."""
    office = page.card.office
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "@id": url,
        "url": url,
        "name": f"{company.short_name or 'Клиентский офис'}: {office.name}",
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "RU",
            "postalCode": office.postal_code,
            "addressLocality": office.settlement,
            "streetAddress": office.street_address,
        },
        "telephone": [phone.number for phone in company.phones],
        "openingHoursSpecification": [
            {"name": office_words.AUDIENCES[part.audience.value], **_schema_hours(row)}
            for part in office.hours
            for row in _week(office, part.audience)
        ],
        "specialOpeningHoursSpecification": [
            {"name": office_words.AUDIENCES[audience.value], **_special(plan)}
            for audience, plans in page.changes
            for plan in plans
        ],
    }
    if office.point is not None and office.precision == "building":
        told["geo"] = {"@type": "GeoCoordinates", **_degrees(office)}
    text = json.dumps(told, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _week(office: OfficeView, audience: Audience) -> list[dict[str, Any]]:
    rows = []
    for days in office.week_for(audience):
        if days.opens_at is None or days.closes_at is None:
            continue
        row: dict[str, Any] = {"weekdays": [days.from_weekday, days.until_weekday]}
        row |= {"opens_at": f"{days.opens_at:%H:%M}", "closes_at": f"{days.closes_at:%H:%M}"}
        if days.break_from and days.break_until:
            row["break"] = [f"{days.break_from:%H:%M}", f"{days.break_until:%H:%M}"]
        rows.append(row)
    return rows


def _schema_hours(row: dict[str, Any]) -> dict[str, Any]:
    first, last = row["weekdays"]
    days = [f"https://schema.org/{name}" for name in SCHEMA_DAYS[first - 1 : last]]
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": days,
        "opens": row["opens_at"],
        "closes": row["closes_at"],
    }


def _special(plan: Plan) -> dict[str, Any]:
    opens = f"{plan.opens_at:%H:%M}" if plan.opens_at else "00:00"
    closes = f"{plan.closes_at:%H:%M}" if plan.closes_at else "00:00"
    day = plan.day.isoformat()
    return {
        "@type": "OpeningHoursSpecification",
        "validFrom": day,
        "validThrough": day,
        "opens": opens,
        "closes": closes,
    }


def _place(office: OfficeView) -> dict[str, Any]:
    return {**_degrees(office), "precision": office.precision, "source": office.place_source}


def _degrees(office: OfficeView) -> dict[str, float]:
    point = office.point
    return {} if point is None else {"latitude": point.latitude, "longitude": point.longitude}
