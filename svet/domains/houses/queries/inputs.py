"""What the settlement of a house needs, and the shares that rating needs; nothing of it grows with the region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from django.db import connection

from svet.domains.houses.models import House, HouseMeter, HouseMonth, HouseOtherUse, HouseReading, HouseTerms
from svet.domains.houses.rules import BY_METER, Excess, Negative
from svet.domains.houses.rules.balance import Terms
from svet.domains.houses.rules.counting import Dial, Settled, Taken
from svet.domains.tariffs.rules.policies import Policies
from svet.infra.copying import copy_out
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class PlacedDwelling:
    """A supply of a house within a month: `parts` supply points divide its premises' area."""

    account_id: int
    supply_point_id: int
    area_e2: int
    parts: int
    days: int


@dataclass(frozen=True, slots=True)
class HouseInputs:
    """All of a house but the own volumes of its dwellings."""

    house_id: int
    terms: Terms
    dials: tuple[Dial, ...]
    earlier: tuple[Settled, ...]
    carried_wh: int
    other_wh: int
    dwellings: tuple[PlacedDwelling, ...]


_TO_SETTLE = """
SELECT DISTINCT t.house_id
  FROM houses_terms t
  JOIN houses_premises h ON h.house_id = t.house_id
  JOIN supply_point p ON p.premises_id = h.premises_id
  JOIN accounts_agreement g ON g.supply_point_id = p.id
 WHERE t.charged_by = 'supplier' AND t.valid @> %(first_on)s::date
   AND g.account_id BETWEEN %(first)s AND %(last)s AND g.valid && daterange(%(first_on)s, %(next_on)s)
   AND NOT EXISTS (SELECT 1 FROM houses_month m WHERE m.house_id = t.house_id AND m.month = %(first_on)s)
 ORDER BY 1
"""


def to_settle(first: int, last: int, *, month: Month) -> list[int]:
    """Return the houses of accounts `first` to `last` whose common needs the supplier charges, not settled yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TO_SETTLE, {"first": first, "last": last, "first_on": month.first_on, "next_on": month.next.first_on}
        )
        return [row[0] for row in cursor.fetchall()]


_DWELLINGS = """
SELECT h.house_id, g.account_id, g.supply_point_id, coalesce((s.area_m2 * 100)::bigint, 0),
       (SELECT count(DISTINCT o.supply_point_id) FROM supply_point q JOIN accounts_agreement o
           ON o.supply_point_id = q.id WHERE q.premises_id = s.id AND o.valid && daterange(%(first_on)s, %(next_on)s)),
       sum(least(upper(g.valid), %(next_on)s::date) - greatest(lower(g.valid), %(first_on)s::date))
  FROM houses_premises h
  JOIN supply_premises s ON s.id = h.premises_id
  JOIN supply_point p ON p.premises_id = s.id
  JOIN accounts_agreement g ON g.supply_point_id = p.id
 WHERE h.house_id = ANY(%(houses)s) AND g.valid && daterange(%(first_on)s, %(next_on)s)
 GROUP BY h.house_id, g.account_id, g.supply_point_id, s.id, s.area_m2 ORDER BY 2, 3
"""


def dwellings(house_ids: Sequence[int], *, month: Month) -> dict[int, list[PlacedDwelling]]:
    """Return who is supplied in these houses in the month, by house."""
    found: dict[int, list[PlacedDwelling]] = {one: [] for one in house_ids}
    with connection.cursor() as cursor:
        cursor.execute(
            _DWELLINGS, {"houses": list(house_ids), "first_on": month.first_on, "next_on": month.next.first_on}
        )
        for house_id, *row in cursor.fetchall():
            found[house_id].append(PlacedDwelling(*row))
    return found


def accounts_of(house_ids: Sequence[int], *, month: Month) -> list[int]:
    """Return the accounts supplied in these houses in the month, in order."""
    rows = dwellings(house_ids, month=month)
    return sorted({one.account_id for placed in rows.values() for one in placed})


def points_of_house(house_id: int) -> list[int]:
    """Return the supply points of a house."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM houses_premises h JOIN supply_point p USING (premises_id) WHERE h.house_id = %s"
            " ORDER BY 1",
            [house_id],
        )
        return [row[0] for row in cursor.fetchall()]


def houses_of_account(account_id: int) -> list[int]:
    """Return the houses in which the account is or was supplied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT h.house_id FROM accounts_agreement g JOIN supply_point p ON p.id = g.supply_point_id"
            " JOIN houses_premises h ON h.premises_id = p.premises_id WHERE g.account_id = %s ORDER BY 1",
            [account_id],
        )
        return [row[0] for row in cursor.fetchall()]


def house_inputs(house_id: int, *, month: Month, policies: Policies) -> HouseInputs | None:
    """Return what the settlement needs; None where the supplier does not charge. Raises NotFound."""
    if not House.objects.filter(pk=house_id).exists():
        raise NotFound(house=house_id)
    terms = HouseTerms.objects.filter(house_id=house_id, valid__contains=month.first_on, charged_by="supplier").first()
    if terms is None:
        return None
    earlier = _earlier(house_id, month=month)
    before = _standing(house_id, month.previous)
    other = HouseOtherUse.objects.filter(house_id=house_id, month=month.first_on).order_by("version").last()
    return HouseInputs(
        house_id=house_id,
        terms=Terms(
            common_area_e2=_scaled(terms.common_area_m2, 2),
            all_area_e2=_scaled(terms.all_area_m2, 2) or 0,
            norm_wh=_scaled(terms.norm_kwh_per_m2, 3),
            excess=Excess(terms.excess or policies.house_excess),
            negative=Negative(terms.negative or policies.house_negative),
        ),
        dials=_dials(house_id, month=month),
        earlier=earlier,
        carried_wh=_scaled(before.carried_kwh, 3) or 0 if before else 0,
        other_wh=_scaled(other.kwh, 3) or 0 if other else 0,
        dwellings=tuple(dwellings([house_id], month=month)[house_id]),
    )


def _dials(house_id: int, *, month: Month) -> tuple[Dial, ...]:
    """Return the meters that hung there in the month, with their readings in force up to its end."""
    meters = HouseMeter.objects.filter(
        house_id=house_id, valid__overlap=(month.first_on, month.next.first_on)
    ).order_by("serial", "pk")
    readings = HouseReading.objects.filter(
        meter__in=meters, replaced_by=None, value__isnull=False, taken_on__lt=month.next.first_on
    ).order_by("taken_on", "pk")
    known: dict[int, list[Taken]] = {}
    for one in readings:
        known.setdefault(one.meter_id, []).append(Taken(one.taken_on, _scaled(one.value, 3) or 0, one.passed_zero))
    return tuple(
        Dial(one.serial, one.digits, _scaled(one.multiplier, 4) or 0, tuple(known.get(one.pk, ()))) for one in meters
    )


def _earlier(house_id: int, *, month: Month) -> tuple[Settled, ...]:
    """Return the standing settlements of the two years before."""
    rows = HouseMonth.objects.filter(
        house_id=house_id, month__lt=month.first_on, month__gte=month.plus(-24).first_on
    ).order_by("month", "version")
    latest = {row.month: row for row in rows}
    return tuple(
        Settled(
            Month.of(on),
            row.facts.get("use_rule", row.rule),
            _scaled(row.house_kwh, 3) or 0,
            is_plain=row.facts.get("use_rule") == BY_METER and not row.facts.get("settled_wh"),
        )
        for on, row in sorted(latest.items())
    )


def standing_month(house_id: int, *, month: Month) -> int | None:
    """Return the id of the settled month that stands, None while it is not settled."""
    row = _standing(house_id, month)
    return row.pk if row else None


def _standing(house_id: int, month: Month) -> HouseMonth | None:
    return HouseMonth.objects.filter(house_id=house_id, month=month.first_on).order_by("version").last()


def _scaled(value: Decimal | None, places: int) -> int | None:
    return None if value is None else int(value.scaleb(places))


_SHARES = """
SELECT s.account_id, s.supply_point_id, (s.kwh * 1000)::bigint, m.rule,
       (m.facts || jsonb_build_object('area_m2', s.area_m2::text, 'days', s.days, 'version', m.version))::text
  FROM houses_share s JOIN houses_month m ON m.id = s.house_month_id
 WHERE s.month = %(first_on)s AND s.account_id BETWEEN %(first)s AND %(last)s
   AND NOT EXISTS (SELECT 1 FROM houses_month n WHERE n.house_id = m.house_id AND n.month = m.month
                      AND n.version > m.version)
"""


def common_needs_frame(first: int, last: int, *, month: Month, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """Return the shares that stand for the accounts from `first` to `last` in the columns of `schema`."""
    named = f"SELECT * FROM ({_SHARES}) AS loaded ({', '.join(schema)})"  # noqa: S608
    return copy_out(named, {"first": first, "last": last, "first_on": month.first_on}, schema=schema)
