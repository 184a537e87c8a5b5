"""Reads of offices and of the company's own record, for pages, bills, letters and SMS help (clauses O1, R2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from svet.domains.offices.models import Office, OfficeHours
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.channels import WayState
from svet.domains.offices.rules.facts import PhoneFacts
from svet.domains.offices.rules.hours import DayHours, WeekHours, grouped
from svet.domains.offices.rules.places import Feature, Known, Point
from svet.infra.planned import planned_rows
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class AudienceHours:
    """When an office serves one kind of customer: the whole week in groups of equal days."""

    audience: Audience
    week: tuple[WeekHours, ...]


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office of the directory. `hours` holds only the kinds of customers that it serves."""

    code: str
    postal_code: str
    settlement: str
    street_address: str
    hours: tuple[AudienceHours, ...]
    office_id: int = 0
    point: Point | None = None
    precision: str = ""
    place_source: str = ""
    features: Mapping[Feature, Known] = field(default_factory=dict)
    features_source: str = ""

    @property
    def name(self) -> str:
        """Settlement and street, as people call the office."""
        return f"{self.settlement}, {self.street_address}"

    @property
    def address(self) -> str:
        """The address as the document writes it."""
        return f"{self.postal_code}, {self.settlement}, {self.street_address}"

    def week_for(self, audience: str) -> tuple[WeekHours, ...]:
        """Return the week for one kind of customer; empty when the office does not serve it."""
        return next((entry.week for entry in self.hours if entry.audience == audience), ())


@dataclass(frozen=True, slots=True)
class CompanyView:
    """The company's names, bank details and contacts on a day; false when no record is in force."""

    name: str = ""
    short_name: str = ""
    inn: str = ""
    kpp: str = ""
    bank_name: str = ""
    bic: str = ""
    settlement_account: str = ""
    correspondent_account: str = ""
    postal_address: str = ""
    email: str = ""
    website: str = ""
    readings_url: str = ""
    payment_url: str = ""
    feedback_url: str = ""
    cabinet_url: str = ""
    offices_url: str = ""
    phones: tuple[PhoneFacts, ...] = ()
    turned_off: tuple[WayState, ...] = ()
    """Filled in for what is printed from `turned_off`."""

    def __bool__(self) -> bool:
        return bool(self.name or self.postal_address)

    def phones_for(self, audience: str) -> tuple[PhoneFacts, ...]:
        """Return the lines for one kind of customer, the first one first."""
        return tuple(phone for phone in self.phones if phone.audience == audience)


_OWN = [name for name in CompanyView.__dataclass_fields__ if name not in {"phones", "turned_off"}]
_COMPANY = f"""
SELECT {", ".join(_OWN)} FROM offices_company
WHERE valid @> %s::date ORDER BY id LIMIT 1
"""  # noqa: S608 (the names of our own fields)
_PHONES = """
SELECT audience, number, from_weekday, until_weekday, opens_at, closes_at FROM offices_phone
ORDER BY audience, "order", id
"""


def directory() -> list[OfficeView]:
    """Return all offices in the order of the document."""
    return [view_of(office) for office in Office.objects.prefetch_related("hours").order_by("order", "code")]


def office(code: str) -> OfficeView:
    """Return one office; raise NotFound("no_such_office")."""
    found = Office.objects.prefetch_related("hours").filter(code=code).first()
    if found is None:
        raise NotFound("no_such_office", code=code)
    return view_of(found)


def company(on: date) -> CompanyView:
    """Return the company's record in force on a day with its phones; an empty one when there is none."""
    found = planned_rows(_COMPANY, [on])
    return replace(CompanyView(*found[0]), phones=_phones()) if found else CompanyView()


def view_of(row: Office) -> OfficeView:
    """Return an office of the directory by its row, whose hours are read already."""
    hours = list(row.hours.all())
    served = [a for a in Audience if any(h.audience == a for h in hours)]
    return OfficeView(
        code=row.code,
        postal_code=row.postal_code,
        settlement=row.settlement,
        street_address=row.street_address,
        hours=tuple(AudienceHours(a, grouped(_days(h for h in hours if h.audience == a))) for a in served),
        office_id=row.pk,
        point=_point(row),
        precision=row.precision,
        place_source=row.place_source,
        features=row.features,
        features_source=row.features_source,
    )


def _phones() -> tuple[PhoneFacts, ...]:
    return tuple(PhoneFacts(Audience(audience), *told) for audience, *told in planned_rows(_PHONES, []))


def _point(row: Office) -> Point | None:
    if row.latitude is None or row.longitude is None:
        return None
    return Point(float(row.latitude), float(row.longitude))


def _days(rows: Iterable[OfficeHours]) -> list[DayHours]:
    return [DayHours(r.weekday, r.opens_at, r.closes_at, r.break_from, r.break_until) for r in rows]
