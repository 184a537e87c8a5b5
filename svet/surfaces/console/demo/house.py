"""The house of the cast, ул. Садовая 12: its common meter was read twice, so the last bills show common needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from svet.domains.accounts import queries as accounts
from svet.domains.billing import queries as bills
from svet.domains.houses import actions as houses
from svet.domains.houses.rules import ChargedBy
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.kernel.period import Month
from svet.surfaces.console.demo import names, town

CODE, SERIAL = "Д-САД-12", "ОД-4100"
COMMON_AREA, NORM = Decimal(160), Decimal("1.5")
LIT = Decimal(96)
"""kWh that lamps of the stairs, pumps and losses took in the month."""
FIRST_VALUE = Decimal(41_200)


def stand(homes: list[town.Home], *, account_of: Callable[[town.Home], int], month: Month, at: datetime) -> None:
    """Register the house with its terms from the month on, hang its meter, read it before and in the month."""
    of_cast = homes[: len(names.CAST)]
    points = {account_of(home): _place(account_of(home), month) for home in of_cast}
    house_id = houses.register_house(CODE, address=f"{names.TOWN}, ул. Садовая, д. 12", reason="Реестр домов", at=at)
    houses.put_premises(house_id, supply_point_ids=list(points.values()), reason="Паспорт дома", at=at)
    houses.set_terms(
        house_id,
        from_on=month.first_on,
        charged_by=ChargedBy.SUPPLIER,
        all_area_m2=Decimal(sum(home.area for home in of_cast)),
        common_area_m2=COMMON_AREA,
        norm_kwh_per_m2=NORM,
        source="Протокол собрания собственников № 4 от 12.09.2026: прямые договоры",
        at=at,
    )
    meter_id = houses.hang_meter(house_id, serial=SERIAL, from_on=month.previous.first_on, at=at)
    used = FIRST_VALUE + _own(points, month=month) + LIT
    for taken_in, value in ((month.previous, FIRST_VALUE), (month, used)):
        houses.record_reading(meter_id, value=value, taken_on=taken_in.first_on + timedelta(days=23), by=None, at=at)


def _own(accounts_of_house: Iterable[int], *, month: Month) -> Decimal:
    """Return the whole kWh that the dwellings use in the month, as the bills will say."""
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
    own = bills.own_use_of(sorted(accounts_of_house), month=month, policies=policies)
    wh = sum(sum(of_one.values()) for of_one in own.uses.values())
    return Decimal(-(-wh // 1000))


def _place(account_id: int, month: Month) -> int:
    return accounts.agreements_of(account_id, on=month.last_on)[0].supply_point.id
