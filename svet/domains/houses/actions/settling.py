"""Settles a house for a month: once per version, with every figure and every share, in one transaction.

A kill leaves nothing or all of it. The same figures again make no new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import transaction

from svet.domains.houses.models import HouseMonth
from svet.domains.houses.queries.inputs import HouseInputs, house_inputs
from svet.domains.houses.rules.balance import Balance, Dwelling, OwnUse, Share, balance, is_too_small, shares
from svet.domains.houses.rules.counting import HouseUse, house_use
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit, outbox
from svet.infra.copying import copy_in
from svet.infra.locking import lock_row
from svet.kernel.period import Month

Place = tuple[int, int]
"""An account and one of its supply points."""
OwnUses = Mapping[Place, Mapping[str, int]]
"""The watt-hours of each supply by basis."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Why a house could not be settled: the code of a finding, and the accounts it is about."""

    code: str
    accounts: tuple[int, ...] = ()


def settle_house(
    house_id: int,
    *,
    month: Month,
    own: OwnUses,
    unknown: frozenset[int],
    policies: Policies,
    run_id: int | None = None,
    again: bool = False,
    reason: str = "",
    by: int | None = None,
    at: datetime,
) -> int | Unsettled | None:
    """Settle the house; return the id of the settled month, why it cannot be, or None where nobody asks for it.

    `own` are the watt-hours of each supply by basis, `unknown` the accounts that are parked. A month settled already
    is settled only `again`, as a next version where a figure differs.
    """
    with transaction.atomic():
        lock_row("houses_house", house_id, timeout_ms=60_000)
        standing = HouseMonth.objects.filter(house_id=house_id, month=month.first_on).order_by("version").last()
        if standing is not None and not again:
            return standing.pk
        inputs = house_inputs(house_id, month=month, policies=policies)
        if inputs is None:
            return None
        found = _reckoned(inputs, own, unknown, month=month, policies=policies)
        if isinstance(found, Unsettled):
            return found
        columns, split = found
        if standing is not None and _is_same(standing, columns, split):
            return standing.pk
        row = HouseMonth.objects.create(
            house_id=house_id,
            month=month.first_on,
            version=standing.version + 1 if standing else 1,
            run_id=run_id,
            reason=reason.strip(),
            settled_at=at,
            settled_by=by,
            **columns,
        )
        _write_shares(row, split, month=month)
        _record(row, reason=reason, at=at)
    return row.pk


def _reckoned(
    inputs: HouseInputs, own: OwnUses, unknown: frozenset[int], *, month: Month, policies: Policies
) -> tuple[dict[str, Any], list[Share]] | Unsettled:
    """Return the columns of the settled month and its shares, or why there are none."""
    dwellings = [
        Dwelling(
            one.account_id, one.supply_point_id, one.area_e2, one.parts, one.days,
            sum(own.get((one.account_id, one.supply_point_id), {}).values()),
        )
        for one in inputs.dwellings
    ]  # fmt: skip
    area, days = inputs.terms.all_area_e2, month.days
    parked = tuple(sorted({one.account_id for one in dwellings} & unknown))
    if parked:
        return Unsettled("H53", parked)
    if is_too_small(dwellings, all_area_e2=area, month_days=days):
        return Unsettled("H51", tuple(one.account_id for one in dwellings if not one.area_e2))
    use = house_use(inputs.dials, inputs.earlier, month=month, policies=policies)
    used = _own_use(own, dwellings, other_wh=inputs.other_wh)
    result = balance(use, used, inputs.terms, carried_wh=inputs.carried_wh)
    if result is None:
        return Unsettled("H52")
    split = shares(result.charged_wh, dwellings, all_area_e2=area, month_days=days)
    figures = _figures(used, result)
    facts = figures | _facts(inputs, use)
    households = sum(one.wh for one in split)
    columns = {
        **{name: None if text is None else Decimal(text) for name, text in figures.items()},
        "rule": result.rule,
        "carried_kwh": _kwh(result.carried_wh),
        "households_kwh": _kwh(households),
        # Premises without an account, and what nobody could be given back.
        "others_kwh": _kwh(result.charged_wh - households),
        "facts": facts,
    }
    return columns, split


def _own_use(own: OwnUses, dwellings: list[Dwelling], *, other_wh: int) -> OwnUse:
    sums = {"measured": 0, "average": 0, "norm": 0}
    for one in dwellings:
        for basis, wh in own.get((one.account_id, one.supply_point_id), {}).items():
            sums[basis] += wh
    return OwnUse(sums["measured"], sums["average"], sums["norm"], other_wh)


def _figures(used: OwnUse, result: Balance) -> dict[str, str | None]:
    return {
        "house_kwh": _text(result.house_wh),
        "measured_kwh": _text(used.measured_wh),
        "average_kwh": _text(used.average_wh),
        "norm_kwh": _text(used.norm_wh),
        "other_kwh": _text(used.other_wh),
        "difference_kwh": _text(result.difference_wh),
        "limit_kwh": None if result.limit_wh is None else _text(result.limit_wh),
        "charged_kwh": _text(result.charged_wh),
        "uncharged_kwh": _text(result.uncharged_wh),
    }


def _facts(inputs: HouseInputs, use: HouseUse) -> dict[str, Any]:
    """Return what an explanation shows beside the figures."""
    meters = [
        {
            "serial": one.serial,
            "start": _text(one.start.value_wh),
            "start_on": f"{one.start.taken_on}",
            "end": _text(one.end.value_wh),
            "end_on": f"{one.end.taken_on}",
            "kwh": _text(one.wh),
        }
        for one in use.counts
    ]
    return {
        "use_rule": use.rule,
        "meter_count": len(inputs.dials),
        "meters": meters,
        "settled_wh": use.settled_wh,
        "averaged": [month.text for month in use.averaged],
        "carried_before_kwh": _text(inputs.carried_wh),
        "all_area_m2": f"{Decimal(inputs.terms.all_area_e2).scaleb(-2)}",
        "excess": inputs.terms.excess.value,
        "negative": inputs.terms.negative.value,
    }


def _is_same(standing: HouseMonth, columns: dict[str, Any], split: list[Share]) -> bool:
    if any(getattr(standing, name) != value for name, value in columns.items()):
        return False
    was = {
        (account, point): (kwh, own)
        for account, point, kwh, own in standing.shares.values_list("account_id", "supply_point_id", "kwh", "own_kwh")
    }
    now = {
        (one.dwelling.account_id, one.dwelling.supply_point_id): (_kwh(one.wh), _kwh(one.dwelling.own_wh))
        for one in split
    }
    return was == now


def _write_shares(row: HouseMonth, split: list[Share], *, month: Month) -> None:
    copy_in(
        "houses_share",
        pl.DataFrame(
            [
                {
                    "house_month_id": row.pk,
                    "account_id": one.dwelling.account_id,
                    "supply_point_id": one.dwelling.supply_point_id,
                    "month": month.first_on,
                    "area_m2": f"{Decimal(one.dwelling.area_e2).scaleb(-2) / one.dwelling.parts:.2f}",
                    "days": one.dwelling.days,
                    "own_kwh": _text(one.dwelling.own_wh),
                    "kwh": _text(one.wh),
                }
                for one in split
            ]
        ),
    )


def _kwh(wh: int) -> Decimal:
    return Decimal(wh).scaleb(-3)


def _text(wh: int) -> str:
    return f"{_kwh(wh):f}"


def _record(row: HouseMonth, *, reason: str, at: datetime) -> None:
    told = {
        "month": f"{row.month:%Y-%m}", "version": row.version, "rule": row.rule,
        "difference_kwh": f"{row.difference_kwh}", "charged_kwh": f"{row.charged_kwh}",
    }  # fmt: skip
    audit.record(
        "houses.settle_house", target_kind="house", target_id=row.house_id, at=at, data=told, reason=reason.strip()
    )
    outbox.record("houses.house_settled", at=at, payload={"house_id": row.house_id, **told})
