"""Why this much: a charge with its lines, volumes, readings, prices, rules and policies, as plain values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from svet.domains.billing.queries.benefits import ExplainedBenefit, benefits_of_charge
from svet.domains.billing.queries.unmetered import UnmeteredView, unmetered_acts_of
from svet.domains.billing.rules.benefits import RULES as BENEFIT_RULES
from svet.domains.billing.rules.quality import RULES as QUALITY_RULES
from svet.domains.billing.rules.unmetered import BY_ACT
from svet.domains.billing.rules.unmetered import RULES as UNMETERED_RULES
from svet.domains.houses.rules import RULES as HOUSE_RULES
from svet.domains.metering.rules import Channel, VolumeBasis
from svet.domains.metering.rules.volumes.rules import RULES as VOLUME_RULES
from svet.domains.tariffs.rules.price_rules import RULES as PRICE_RULES
from svet.kernel.energy import TimeBand
from svet.kernel.errors import NotFound
from svet.kernel.period import Month
from svet.kernel.rulebook import Rule

RULES: dict[str, Rule] = {
    **VOLUME_RULES,
    **PRICE_RULES,
    **QUALITY_RULES,
    **HOUSE_RULES,
    **BENEFIT_RULES,
    **UNMETERED_RULES,
}


@dataclass(frozen=True, slots=True)
class UsedReading:
    """A reading behind a volume: the value as it was used."""

    reading_id: int
    value: Decimal
    taken_on: date
    channel: Channel


@dataclass(frozen=True, slots=True)
class ExplainedVolume:
    """Where energy came from."""

    number: int
    meter_serial: str | None
    band: TimeBand
    from_on: date
    until_on: date
    start: UsedReading | None
    end: UsedReading | None
    multiplier: Decimal
    kwh: Decimal
    basis: VolumeBasis
    rule: Rule | None
    rule_code: str
    facts: dict[str, Any]

    @property
    def spread(self) -> tuple[tuple[Month, Decimal], ...]:
        """The shares of earlier months in what was measured: what they truly used."""
        return tuple((Month(one["month"]), Decimal(one["wh"]).scaleb(-3)) for one in self.facts.get("spread", ()))


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """How energy was priced; of a line beside energy, the benefit or the act of unmetered use that it stands for."""

    number: int
    band: TimeBand
    step: int
    from_on: date
    until_on: date
    kwh: Decimal
    rate: Decimal
    amount: Decimal
    basis: VolumeBasis
    rule: Rule | None
    rule_code: str
    order_number: str
    order_on: date | None
    tariff_source: str
    benefit: ExplainedBenefit | None = None
    act: UnmeteredView | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One charge, whole. `reported` are benefits that reduce no line: their authority pays them out."""

    charge_id: int
    account_id: int
    month: Month
    version: int
    supply_point_id: int
    supply_point_code: str
    kwh: Decimal
    amount: Decimal
    vat_percent: Decimal
    vat: Decimal
    basis: VolumeBasis
    estimated_months: int
    facts: dict[str, Any]
    policies: dict[str, str]
    volumes: tuple[ExplainedVolume, ...]
    lines: tuple[ExplainedLine, ...]
    reported: tuple[ExplainedBenefit, ...] = ()

    @property
    def awaits_reading(self) -> bool:
        """Whether something was estimated only because no reading came: giving one corrects it."""
        return any(volume.rule_code in ("V04", "V05") for volume in self.volumes)


def explain(account_id: int, charge_id: int) -> Explanation:
    """Return why the charge is what it is; raise NotFound when it is not the account's."""
    keys = {"account": account_id, "charge": charge_id}
    found = _select(_CHARGE, keys)
    if not found:
        raise NotFound(charge=charge_id)
    row = found[0]
    given, rows = benefits_of_charge(account_id, charge_id), _select(_LINES, keys)
    by_line = {one.line_number: one for one in given}
    has_act = any(one["rule"] == BY_ACT for one in rows)
    acts = {one.id: one for one in unmetered_acts_of(account_id)} if has_act else {}
    return Explanation(
        **{
            **row,
            "account_id": account_id,
            "month": Month.of(row["month"]),
            "basis": VolumeBasis(row["basis"]),
            "facts": json.loads(row["facts"]),
            "policies": json.loads(row["policies"]),
        },
        volumes=tuple(_volume(one) for one in _select(_VOLUMES, keys)),
        lines=tuple(_line(one, by_line, acts) for one in rows),
        reported=tuple(one for one in given if one.line_number is None),
    )


def _volume(row: dict[str, Any]) -> ExplainedVolume:
    return ExplainedVolume(
        number=row["number"],
        meter_serial=row["serial"],
        band=TimeBand(row["band"]),
        from_on=row["from_on"],
        until_on=row["until_on"],
        start=_reading(row, "start"),
        end=_reading(row, "end"),
        multiplier=row["multiplier"],
        kwh=row["kwh"],
        basis=VolumeBasis(row["basis"]),
        rule=RULES.get(row["rule"]),
        rule_code=row["rule"],
        facts=json.loads(row["facts"]),
    )


def _reading(row: dict[str, Any], which: str) -> UsedReading | None:
    if row[f"{which}_reading_id"] is None:
        return None
    return UsedReading(
        row[f"{which}_reading_id"],
        row[f"{which}_value"],
        row[f"{which}_taken_on"],
        Channel(row[f"{which}_channel"]),
    )


def _line(
    row: dict[str, Any], benefits: dict[int | None, ExplainedBenefit], acts: dict[int, UnmeteredView]
) -> ExplainedLine:
    code, subject = row.pop("rule"), row.pop("subject_id")
    words = {"band": TimeBand(row["band"]), "basis": VolumeBasis(row["basis"])}
    return ExplainedLine(
        **{**row, **words},
        rule=RULES.get(code),
        rule_code=code,
        benefit=benefits.get(row["number"]),
        act=acts.get(subject) if code == BY_ACT else None,
    )


def _select(query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_CHARGE = """
SELECT c.id AS charge_id, c.month, c.version, c.supply_point_id, p.code AS supply_point_code, c.kwh, c.amount,
       c.vat_percent, c.vat, c.basis, c.estimated_months, c.facts::text AS facts,
       coalesce(r.policies, c.facts -> 'policies', '{}')::text AS policies
  FROM billing_charge c
  JOIN supply_point p ON p.id = c.supply_point_id
  LEFT JOIN billing_run r ON r.id = c.run_id
 WHERE c.account_id = %(account)s AND c.id = %(charge)s
"""
_VOLUMES = """
SELECT v.number, m.serial, v.band, v.from_on, v.until_on, v.start_reading_id, v.start_value,
       s.taken_on AS start_taken_on, s.channel AS start_channel, v.end_reading_id, v.end_value,
       e.taken_on AS end_taken_on, e.channel AS end_channel, v.multiplier, v.kwh, v.basis, v.rule,
       v.facts::text AS facts
  FROM billing_volume v
  LEFT JOIN metering_register g ON g.id = v.register_id
  LEFT JOIN metering_meter m ON m.id = g.meter_id
  LEFT JOIN metering_reading s ON s.id = v.start_reading_id AND s.account_id = v.account_id
  LEFT JOIN metering_reading e ON e.id = v.end_reading_id AND e.account_id = v.account_id
 WHERE v.account_id = %(account)s AND v.charge_id = %(charge)s ORDER BY v.number
"""
_LINES = """
SELECT l.number, l.band, l.step, l.from_on, l.until_on, l.kwh, l.rate, l.amount, l.basis, l.rule, l.subject_id,
       t.order_number, t.order_on, t.source AS tariff_source
  FROM billing_line l JOIN tariffs_version t ON t.id = l.tariff_version_id
 WHERE l.account_id = %(account)s AND l.charge_id = %(charge)s ORDER BY l.number
"""
