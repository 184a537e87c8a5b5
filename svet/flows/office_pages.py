"""What the pages of offices show: the list by search and filters with "open now", one office with its coming days.

Whoever names a settlement or gives a place gets every office, the nearest first; whoever types a street gets the
offices that have it in their address. An unknown feature never passes a filter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.offices import queries as offices
from svet.domains.offices.queries import OfficeView
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import LOOK_AHEAD_DAYS, Opening, Plan, Timetable, differing
from svet.domains.offices.rules.places import (
    Feature,
    Known,
    Point,
    Settlement,
    by_distance,
    plain_words,
    settlement_in,
)
from svet.flows.hall import QueueNow, queue_now

DAYS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor asks for; empty values ask for nothing."""

    text: str = ""
    near: Point | None = None
    audience: Audience | None = None
    features: tuple[Feature, ...] = ()
    open_now: bool = False


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """An office with its state for each kind of customer that it serves; the distance in kilometres, when asked."""

    office: OfficeView
    openings: tuple[tuple[Audience, Opening], ...]
    distance: float | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The offices found; `settlement` is what distances are counted from, when it was named in words."""

    cards: tuple[OfficeCard, ...]
    total: int
    settlement: Settlement | None
    is_unknown_place: bool


@dataclass(frozen=True, slots=True)
class OfficePage:
    """One office: its state now and its queue, the coming days, those that differ from the week within two months."""

    card: OfficeCard
    days: tuple[tuple[Audience, tuple[Plan, ...]], ...]
    changes: tuple[tuple[Audience, tuple[Plan, ...]], ...]
    queue: QueueNow | None = None


def listed(wanted: Wanted, *, at: datetime) -> Listed:
    """Return the offices that fit, in the order of the document or the nearest first."""
    cards = [_card(office, table, at=at) for office, table in offices.directory_with_timetables(first_on=at.date())]
    fitting = [card for card in cards if _fits(card, wanted)]
    words = plain_words(wanted.text)
    named = [card for card in fitting if words and all(word in plain_words(card.office.address) for word in words)]
    town = settlement_in(wanted.text, offices.region().settlements) if words else None
    point = wanted.near or (town.point if town else None)
    if named and not wanted.near:
        return Listed(tuple(named), len(cards), None, is_unknown_place=False)
    if point is not None:
        far = by_distance(point, [(card.office.code, card.office.point) for card in fitting])
        by_code = {card.office.code: card for card in fitting}
        near = tuple(OfficeCard(by_code[code].office, by_code[code].openings, distance) for code, distance in far)
        return Listed(near, len(cards), None if wanted.near else town, is_unknown_place=False)
    return Listed(() if words else tuple(fitting), len(cards), None, is_unknown_place=bool(words))


def page(code: str, *, at: datetime) -> OfficePage:
    """Return what the page of an office shows; raise NotFound("no_such_office")."""
    office = offices.office(code)
    table = offices.timetable(office.office_id, first_on=at.date())
    served = [audience for audience in Audience if table.serves(audience)]
    return OfficePage(
        card=_card(office, table, at=at),
        days=tuple((audience, _days(table, audience, at=at, days=DAYS_SHOWN)) for audience in served),
        changes=tuple(
            (audience, tuple(differing(table, audience=audience, first_on=at.date(), days=LOOK_AHEAD_DAYS)))
            for audience in served
        ),
        queue=queue_now(code, at=at),
    )


def coming_days(code: str, *, at: datetime) -> tuple[OfficeView, tuple[tuple[Audience, tuple[Plan, ...]], ...]]:
    """Return an office and its plans for the days that a calendar file covers; raise NotFound("no_such_office")."""
    office = offices.office(code)
    table = offices.timetable(office.office_id, first_on=at.date())
    served = [audience for audience in Audience if table.serves(audience)]
    return office, tuple((audience, _days(table, audience, at=at, days=LOOK_AHEAD_DAYS)) for audience in served)


def _card(office: OfficeView, table: Timetable, *, at: datetime) -> OfficeCard:
    return OfficeCard(office, tuple((one, table.at(at, one)) for one in Audience if table.serves(one)))


def _days(table: Timetable, audience: Audience, *, at: datetime, days: int) -> tuple[Plan, ...]:
    first = at.date().toordinal()
    return tuple(table.plan(audience, at.date().fromordinal(first + ahead)) for ahead in range(days))


def _fits(card: OfficeCard, wanted: Wanted) -> bool:
    served = [opening for audience, opening in card.openings if wanted.audience in {None, audience}]
    if not served or (wanted.open_now and not any(opening.is_open for opening in served)):
        return False
    return all(card.office.features.get(feature) is Known.YES for feature in wanted.features)
