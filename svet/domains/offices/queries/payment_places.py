"""Places where others take payments for us, near a settlement or street (clause W2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from svet.domains.offices.models import PaymentPlace
from svet.domains.offices.queries.region import region
from svet.domains.offices.rules.places import by_distance, plain_words, settlement_in


@dataclass(frozen=True, slots=True)
class PaymentPlaceView:
    """One place; hours and fee in words, empty where nobody said."""

    company: str
    settlement: str
    street_address: str
    hours: str
    fee: str

    @property
    def address(self) -> str:
        """Return where it stands in one line."""
        return f"{self.settlement}, {self.street_address}"


def payment_places(on: date, *, text: str = "") -> list[PaymentPlaceView]:
    """Return the places in force on the day; those whose address has every word of `text`, else the nearest first.

    Without a text, or for a text that names no settlement of the region, all of them by settlement.
    """
    rows = PaymentPlace.objects.filter(valid__contains=on).order_by("settlement", "street_address", "company")
    told = ("company", "settlement", "street_address", "hours", "fee")
    found = [PaymentPlaceView(*row) for row in rows.values_list(*told)]
    words = plain_words(text)
    named = [one for one in found if words and all(word in plain_words(one.address) for word in words)]
    towns = region().settlements
    town = settlement_in(text, towns) if words else None
    if named or town is None:
        return named or found
    stand = {name: settlement_in(name, towns) for name in {one.settlement for one in found}}
    known = [(name, at.point) for name, at in stand.items() if at is not None]
    order = {name: place for place, (name, _) in enumerate(by_distance(town.point, known))}
    return sorted(found, key=lambda one: order.get(one.settlement, len(order)))
