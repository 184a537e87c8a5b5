"""What the public pages of prices show: the lists of a day with what was before and what comes, and tables of norms.

One read of the published lists serves the page, so the number of queries does not grow with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from svet.domains.tariffs import queries
from svet.domains.tariffs.queries import ConsumptionNormView, SocialNormView, TariffView


@dataclass(frozen=True, slots=True)
class PriceList:
    """A price list on a day (None: none then), all its versions, the latest first, and the next one (None: unknown)."""

    name: str
    now: TariffView | None
    versions: tuple[TariffView, ...]
    following: TariffView | None


@dataclass(frozen=True, slots=True)
class NormTable:
    """Consumption norms of one kind of home: for each number of rooms kWh per person by `persons` (None: not set)."""

    territory_name: str
    electric_stove: bool
    electric_heating: bool
    order_number: str
    source: str
    persons: tuple[int, ...]
    rows: tuple[tuple[int, tuple[Decimal | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class SocialTable:
    """The social norm of one category by household size."""

    territory_name: str
    category: str
    privileged: bool
    order_number: str
    source: str
    rows: tuple[SocialNormView, ...]


@dataclass(frozen=True, slots=True)
class Norms:
    """All norms of a day."""

    social: tuple[SocialTable, ...]
    consumption: tuple[NormTable, ...]


def price_lists(
    *, on: date, territory: str = "", category: str = "", names: Mapping[str, str] | None = None
) -> list[PriceList]:
    """Return the price lists of a day, of one territory and category where they are named.

    `names`: those of the territories, where they are read already.
    """
    wanted = [
        one
        for one in queries.published_tariffs(names=names)
        if territory in ("", one.territory) and category in ("", one.category)
    ]
    return [_list(tuple(versions), on) for _, versions in groupby(wanted, key=lambda one: one.code)]


def norms(*, on: date, names: Mapping[str, str], territory: str = "") -> Norms:
    """Return the social and the consumption norms of a day, of one territory where it is named."""
    social = [one for one in queries.social_norms(on=on, names=names) if territory in ("", one.territory)]
    usual = [one for one in queries.consumption_norms(on=on, names=names) if territory in ("", one.territory)]
    return Norms(
        social=tuple(SocialTable(*key, tuple(rows)) for key, rows in groupby(social, key=_social_key)),
        consumption=tuple(_norm_table(key, list(rows)) for key, rows in groupby(usual, key=_norm_key)),
    )


def _list(versions: tuple[TariffView, ...], on: date) -> PriceList:
    now = next((one for one in versions if one.from_on <= on and (one.until_on is None or on < one.until_on)), None)
    following = next((one for one in versions if one.from_on > on), None)
    return PriceList(versions[-1].name, now, versions[::-1], following)


def _social_key(one: SocialNormView) -> tuple[str, str, bool, str, str]:
    return one.territory_name, one.category, one.privileged, one.order_number, one.source


def _norm_key(one: ConsumptionNormView) -> tuple[str, bool, bool, str, str]:
    return one.territory_name, one.electric_stove, one.electric_heating, one.order_number, one.source


def _norm_table(key: tuple[str, bool, bool, str, str], rows: Sequence[ConsumptionNormView]) -> NormTable:
    values = {(one.rooms, one.persons): one.kwh_per_person for one in rows}
    rooms, persons = (sorted({pair[place] for pair in values}) for place in (0, 1))
    by_rooms = tuple((room, tuple(values.get((room, person)) for person in persons)) for room in rooms)
    return NormTable(*key, tuple(persons), by_rooms)
