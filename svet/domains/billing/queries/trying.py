"""What a month would cost a home that somebody describes: the engine of the bills over typed figures, nothing stored.

There is no second calculation here: the figures become the engine's own tables, and its lines come out as the
explanation that bills have. Prices, norms, tax and policies are those of the month, read again when any was changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import polars as pl

from svet.domains.billing.queries.explanations import (
    RULES,
    ExplainedLine,
    ExplainedVolume,
    Explanation,
    UsedReading,
)
from svet.domains.billing.rules.frames import Inputs, Rated
from svet.domains.billing.rules.parking import park
from svet.domains.billing.rules.rating import rate
from svet.domains.metering.rules import Channel, ReadingKind, VolumeBasis
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import site_changes
from svet.kernel.energy import BANDS, ConsumerCategory, TimeBand, Zoning
from svet.kernel.errors import NotFound
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

HOME = 1
"""The id of the one account and supply point of the tables: nothing is looked up by it."""
NEW = 10
"""Ids of new readings are so much greater than those of the ones before."""
READ_ON = 20
DIGITS = 6


@dataclass(frozen=True, slots=True)
class TypedUse:
    """Two readings of one dial, in whole kWh and fractions as a meter shows them."""

    before: Decimal
    now: Decimal


@dataclass(frozen=True, slots=True)
class TypedHome:
    """A home as somebody describes it; `used` by dial in the order of the plan's bands, empty: no meter.

    `is_meter_feasible` matters without a meter only: the norm is then raised by its factor.
    """

    territory: str
    category: ConsumerCategory
    zoning: Zoning
    residents: int
    rooms: int
    electric_stove: bool
    electric_heating: bool
    used: tuple[TypedUse, ...] = ()
    is_meter_feasible: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """The charge with its reasons, or the findings that keep a bill from being made; neither: no tax rate."""

    explanation: Explanation | None
    findings: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class _Reference:
    """What the month's bills of all homes are reckoned by: frames of `Inputs`, policies, price lists by version."""

    frames: Mapping[str, pl.DataFrame]
    policies: Mapping[str, str]
    versions: Mapping[int, tariffs.TariffView]


def try_bill(home: TypedHome, *, month: Month) -> Tried:
    """Return what the month would cost the home (roubles with tax), by the engine that rates accounts."""
    try:
        known = _reference(month, site_changes.token())
    except NotFound:  # no VAT rate of the month
        return Tried(None)
    inputs = _inputs(home, month, known)
    policies = Policies.from_values(known.policies)
    rated, parked = park(inputs.supplies, rate(inputs, month=month, policies=policies))
    if not parked.is_empty():
        return Tried(None, tuple(one for one in json.loads(parked["findings"][0]) if one["level"] == "hold"))
    return Tried(_explanation(rated, inputs, known, month=month))


@lru_cache(maxsize=24)
def _reference(month: Month, token: str) -> _Reference:  # the token is of whatever is read here
    return _Reference(
        frames={
            "tariffs": tariffs.tariff_frame(month),
            "social_norms": tariffs.social_norm_frame(month),
            "consumption_norms": tariffs.consumption_norm_frame(month),
            "vats": tariffs.vat_frame(month, since=month),
        },
        policies=tariffs.policy_values(month.first_on),
        versions={one.version_id: one for one in tariffs.published_tariffs()},
    )


def _inputs(home: TypedHome, month: Month, known: _Reference) -> Inputs:
    first, last = month.first_on, month.next.first_on
    long_ago = month.plus(-12).first_on
    here: dict[str, Any] = {"account_id": HOME, "supply_point_id": HOME}
    always: dict[str, Any] = {"from_on": long_ago, "until_on": None}
    supply = here | {"from_on": first, "until_on": last, "agreement_from_on": long_ago, "agreement_until_on": None}
    supply |= {"rooms": home.rooms, "electric_stove": home.electric_stove, "electric_heating": home.electric_heating}
    people = {"registered": home.residents, "temporary": 0, "owners": 1, "privileged": False}
    feasible = here | always | {"meter_id": None, "kind": "meter_feasible"}
    registers, readings, billed = _metered(home, month)
    given = {
        "supplies": [supply],
        "categories": [here | always | {"territory": home.territory, "category": home.category.value}],
        "households": [here | always | people],
        "registers": registers,
        "conditions": [feasible] if home.is_meter_feasible and not home.used else [],
        "readings": readings,
        "billed": billed,
    }
    empty = ("estimates", "prior_lines", "prior_gaps", "interruptions")
    return Inputs(
        **{name: _frame(name, rows) for name, rows in given.items()},
        **{name: _frame(name, ()) for name in empty},
        **known.frames,
    )


def _metered(home: TypedHome, month: Month) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the dials, their readings of last month and of this one, and that the former were billed."""
    days = month.previous.first_on.replace(day=READ_ON), month.first_on.replace(day=READ_ON)
    registers, readings, billed = [], [], []
    for place, (band, use) in enumerate(zip(BANDS[home.zoning], home.used, strict=False), start=1):
        dial: dict[str, Any] = {"account_id": HOME, "supply_point_id": HOME, "meter_id": HOME, "register_id": place}
        dial |= {"position": place, "band": band.value, "zoning": home.zoning.value, "digits": DIGITS}
        dial |= {"multiplier_e4": 10_000, "installed_on": month.plus(-12).first_on}
        registers.append(dial)
        both = zip((place, place + NEW), (use.before, use.now), days, strict=True)
        for reading_id, value, day in both:
            told = {"reading_id": reading_id, "value_wh": int(value.scaleb(3)), "taken_on": day}
            readings.append(dial | told | {"kind": ReadingKind.REGULAR.value})
        stands = {"reading_id": place, "value_wh": int(use.before.scaleb(3)), "taken_on": days[0]}
        counts = dict.fromkeys(("average_months", "failed_months", "refused_months", "norm_months"), 0)
        billed.append(dial | stands | counts)
    return registers, readings, billed


def _frame(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    schema = Inputs.SCHEMAS[name]
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


def _explanation(rated: Rated, inputs: Inputs, known: _Reference, *, month: Month) -> Explanation:
    charge = rated.charges.row(0, named=True)
    days = {row["reading_id"]: row["taken_on"] for row in inputs.readings.iter_rows(named=True)}
    return Explanation(
        charge_id=0,
        account_id=HOME,
        month=month,
        version=1,
        supply_point_id=HOME,
        supply_point_code="",
        kwh=_kwh(charge["wh"]),
        amount=from_kopecks(charge["amount_kop"]),
        vat_percent=Decimal(inputs.vat_percent_e2(month)).scaleb(-2),
        vat=from_kopecks(charge["vat_kop"]),
        basis=VolumeBasis(charge["basis"]),
        estimated_months=charge["estimated_months"],
        facts=json.loads(charge["facts"]),
        policies=dict(known.policies),
        volumes=tuple(_volume(row, days) for row in rated.volumes.iter_rows(named=True)),
        lines=tuple(_line(row, known.versions) for row in rated.lines.iter_rows(named=True)),
    )


def _volume(row: dict[str, Any], days: Mapping[int, date]) -> ExplainedVolume:
    ends = {
        which: None
        if row[f"{which}_reading_id"] is None
        else UsedReading(
            row[f"{which}_reading_id"], _kwh(row[f"{which}_wh"]), days[row[f"{which}_reading_id"]], Channel.WEBSITE
        )
        for which in ("start", "end")
    }
    return ExplainedVolume(
        number=row["number"],
        meter_serial=None,
        band=TimeBand(row["band"]),
        from_on=row["from_on"],
        until_on=row["until_on"],
        **ends,
        multiplier=Decimal(1),
        kwh=_kwh(row["wh"]),
        basis=VolumeBasis(row["basis"]),
        rule=RULES.get(row["rule"]),
        rule_code=row["rule"],
        facts=json.loads(row["facts"] or "{}"),
    )


def _line(row: dict[str, Any], versions: Mapping[int, tariffs.TariffView]) -> ExplainedLine:
    version = versions[row["tariff_version_id"]]
    return ExplainedLine(
        number=row["number"],
        band=TimeBand(row["band"]),
        step=row["step"],
        from_on=row["from_on"],
        until_on=row["until_on"],
        kwh=_kwh(row["wh"]),
        rate=Decimal(row["rate_urub"]).scaleb(-6),
        amount=from_kopecks(row["amount_kop"]),
        basis=VolumeBasis(row["basis"]),
        rule=RULES.get(row["rule"]),
        rule_code=row["rule"],
        order_number=version.order_number,
        order_on=version.order_on,
        tariff_source=version.source,
    )


def _kwh(watt_hours: int) -> Decimal:
    return Decimal(watt_hours).scaleb(-3)
