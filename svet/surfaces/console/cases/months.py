"""A case rolled month after month through the production engine, with no database.

Each month is billed by what is known on the day after it, from where the months before it left off; the state
between months comes from `billing_state`, as in production.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import polars as pl

from svet.domains.billing.rules import frames
from svet.domains.billing.rules.frames import Inputs, Rated
from svet.domains.billing.rules.rating import rate
from svet.domains.billing.rules.state import billing_state, outstanding
from svet.kernel.period import Month
from svet.surfaces.console.cases.case import Case
from svet.surfaces.console.cases.meters import Reading, is_known
from svet.surfaces.console.cases.opening import opening_history
from svet.surfaces.console.cases.rows import (
    ACCOUNT,
    SUPPLY_POINT,
    Row,
    as_frame,
    reading_id,
    reading_rows,
    register_rows,
)


@dataclass(frozen=True)
class BilledMonth:
    """One month of a case: tables as rows, money in kopecks, energy in watt-hours; no charge: parked."""

    month: Month
    opening: int
    charge: Row | None
    lines: list[Row]
    volumes: list[Row]
    findings: list[Row]
    paid: int

    @property
    def closing(self) -> int:
        """The balance after the month."""
        return self.opening + (self.charge["amount_kop"] if self.charge else 0) - self.paid


def bill(case: Case) -> list[BilledMonth]:
    """Return every month of the case, billed one after the other."""
    history = opening_history(case)
    charged = pl.DataFrame(schema=frames.PRIOR_LINES)
    given = pl.DataFrame(schema=frames.GIVEN)
    balance = case.opening_kopecks
    result = []
    for month in case.months:
        rated = rate(_inputs(case, history, charged, given, month=month), month=month, policies=case.policies)
        charged = pl.concat([charged, rated.lines.select(charged.columns)])
        given = pl.concat([given, rated.benefits.select(given.columns)])
        charged_for = {"month_on": pl.lit(month.first_on), "estimated_months": pl.lit(None, dtype=pl.Int32)}
        history = pl.concat([history, rated.volumes.with_columns(**charged_for).select(history.columns)])
        paid = sum(payment.kopecks for payment in case.payments if payment.on in month.period)
        billed = _month(month, rated, opening=balance, paid=paid)
        balance = billed.closing
        result.append(billed)
    return result


def _month(month: Month, rated: Rated, *, opening: int, paid: int) -> BilledMonth:
    charges = [_open(row) for row in rated.charges.to_dicts()]
    return BilledMonth(
        month=month,
        opening=opening,
        charge=charges[0] if charges else None,
        lines=rated.lines.to_dicts(),
        volumes=[_open(row) for row in rated.volumes.to_dicts()],
        findings=[_open(row) for row in rated.findings.to_dicts()],
        paid=paid,
    )


def _open(row: Row) -> Row:
    return {**row, "facts": json.loads(row["facts"])}


def _inputs(case: Case, history: pl.DataFrame, charged: pl.DataFrame, given: pl.DataFrame, *, month: Month) -> Inputs:
    """Return the frames of one month, as production's queries would load them."""
    estimates = outstanding(history)
    first = Month.of(min(estimates["month_on"].to_list(), default=month.first_on))
    after_on = month.next.first_on
    known = [reading for reading in case.readings if is_known(reading, month, case.policies)]
    replaced = {reading.replaces: reading for reading in known if reading.replaces}
    in_force = [reading for reading in known if reading.name not in replaced]
    own = {"account_id": ACCOUNT, "supply_point_id": SUPPLY_POINT}
    registers = as_frame("registers", register_rows(case, after_on))
    return Inputs(
        supplies=as_frame("supplies", [_clip(row, month) | own for row in case.supplies if _meets(row, month)]),
        categories=as_frame("categories", [row | own for row in case.categories if _meets(row, month, since=first)]),
        households=as_frame("households", [row | own for row in case.households if _meets(row, month, since=first)]),
        registers=registers,
        conditions=as_frame("conditions", [row for row in case.conditions if row["from_on"] < after_on]),
        readings=as_frame("readings", [row for reading in in_force for row in reading_rows(case, reading)]),
        billed=_with_replacements(billing_state(history), case, replaced),
        estimates=estimates,
        interruptions=as_frame("interruptions", case.interruptions),
        common_needs=as_frame(
            "common_needs", [row | own for row in case.common_needs if row["month_on"] == month.first_on]
        ),
        entitlements=as_frame("entitlements", _entitlements(case, month, since=first)),
        given=given.filter(pl.col("month_on").is_in(estimates["month_on"].implode())),
        prior_lines=charged.filter(pl.col("from_on").dt.month_start().is_in(estimates["month_on"].implode())),
        prior_gaps=_gaps(history, registers),
        tariffs=as_frame("tariffs", [row for row in case.tariffs if _meets(row, month, since=first)]),
        social_norms=as_frame("social_norms", [row for row in case.social_norms if _meets(row, month, since=first)]),
        consumption_norms=as_frame("consumption_norms", [row for row in case.consumption_norms if _meets(row, month)]),
        vats=as_frame("vats", _vats(case, first, month)),
    )


def _gaps(history: pl.DataFrame, registers: pl.DataFrame) -> pl.DataFrame:
    """Return what was charged for the days between two meters of its month."""
    dials = registers.select("register_id", "zoning").unique()
    own = history.filter((pl.col("rule") == "V18") & (pl.col("from_on") >= pl.col("month_on")))
    return own.join(dials, on="register_id").select(list(frames.PRIOR_GAPS))


def _entitlements(case: Case, month: Month, *, since: Month) -> list[Row]:
    own = {"account_id": ACCOUNT, "supply_point_id": SUPPLY_POINT}
    numbered = [row | own | {"entitlement_id": number} for number, row in enumerate(case.benefits, 1)]
    return [row for row in numbered if _meets(row, month, since=since)]


def _vats(case: Case, first: Month, month: Month) -> list[Row]:
    """Return the VAT of each month from the first to the last."""
    rows = []
    while first <= month:
        percents = [row["percent_e2"] for row in case.vat if _meets(row, first)]
        rows.append({"month_on": first.first_on, "vat_percent_e2": percents[-1] if percents else 0})
        first = first.next
    return rows


def _meets(row: Row, month: Month, *, since: Month | None = None) -> bool:
    """Return whether the row is in force on some day of the months."""
    first_on = (since or month).first_on
    return row["from_on"] < month.next.first_on and (row["until_on"] is None or row["until_on"] > first_on)


def _clip(row: Row, month: Month) -> Row:
    end: date = min(row["until_on"] or month.next.first_on, month.next.first_on)
    return {
        **row,
        "from_on": max(row["from_on"], month.first_on),
        "until_on": end,
        "agreement_from_on": row["from_on"],
        "agreement_until_on": row["until_on"],
    }


def _with_replacements(billed: pl.DataFrame, case: Case, replaced: dict[str, Reading]) -> pl.DataFrame:
    """Return where billing stands, with the value now in force where a billed reading was corrected since."""
    now: list[Row] = []
    for reading in case.readings:
        last = reading
        while last.name in replaced:
            last = replaced[last.name]
        if last is not reading:
            now.extend(
                {
                    "reading_id": reading_id(case, reading, band),
                    "now_reading_id": reading_id(case, last, band),
                    "now_value_wh": last.values[band],
                }
                for band in reading.values
                if band in last.values
            )
    schema = {name: frames.BILLED[name] for name in ("reading_id", "now_reading_id", "now_value_wh")}
    return (
        billed.drop("now_reading_id", "now_value_wh")
        .join(pl.DataFrame(now, schema=schema), on="reading_id", how="left")
        .select(list(frames.BILLED))
    )
