"""Places: registered once, their category one at a time."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from svet.domains.supply import actions, queries
from svet.domains.supply.rules import PremisesKind
from svet.infra.clock import MOSCOW
from svet.kernel.energy import ConsumerCategory
from svet.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 10, tzinfo=MOSCOW)
START, TODAY = date(2020, 1, 1), AT.date()
HOME = actions.PremisesData(
    code="ПМ-1", kind=PremisesKind.HOUSE, postal_code="600901", settlement="г. Светлогорье", house="3", rooms=2
)


def point(code="ТП-1", **more):
    return actions.register_supply_point(code, premises=HOME, at=AT, **more)


def test_a_place_is_registered_with_its_premises_and_operator():
    actions.register_network_operator("СЕТЬ", name="Сетевая компания", at=AT)

    place = queries.supply_point(point(network_operator="СЕТЬ", max_power_kw=Decimal(15)), on=TODAY)

    assert (place.address, place.network_operator, place.category) == ("г. Светлогорье, д. 3", "СЕТЬ", "")
    assert queries.supply_point_by_code("ТП-1", on=TODAY) == place


def test_two_points_may_share_premises_but_never_a_code():
    point()
    point("ТП-2")

    with pytest.raises(Conflict, match="supply_point_code_is_taken"):
        point()


def test_an_unknown_operator_or_place_is_said():
    with pytest.raises(NotFound, match="network_operator_not_found"):
        point(network_operator="НЕТ")
    with pytest.raises(NotFound):
        queries.supply_point(0, on=TODAY)
    with pytest.raises(NotFound):
        queries.supply_point_by_code("НЕТ", on=TODAY)


def test_a_category_lasts_until_the_next_one():
    place = point()
    for category, from_on in (("rural", TODAY), ("urban_gas", START), ("urban_electric", START)):
        actions.set_category(place, territory="nn", category=ConsumerCategory(category), from_on=from_on, at=AT)
    actions.set_category(place, territory="nn", category=ConsumerCategory.URBAN_GAS, from_on=date(2023, 1, 1), at=AT)

    days = (START, date(2023, 1, 1), TODAY)
    assert [queries.supply_point(place, on=day).category for day in days] == ["urban_electric", "urban_gas", "rural"]
