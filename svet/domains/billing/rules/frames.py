"""The declared columns of the calculation: whole tables in, whole tables out (Polars frames).

Units are whole numbers throughout, so arithmetic is exact:
energy in watt-hours (`*_wh`), rates in millionths of a rouble per kWh (`rate_urub`), money in kopecks
(`*_kop`), a meter's multiplier in ten-thousandths (`multiplier_e4`), VAT in hundredths of a per cent.
Periods are half-open: `from_on` <= day < `until_on`; an open end is null. Plus = the customer owes.
Enumerations travel as their text values (kernel.energy, metering.rules, tariffs.rules).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import polars as pl

from svet.domains.billing.rules.perk_frames import BENEFITS, ENTITLEMENTS, GIVEN, UNMETERED
from svet.domains.tariffs.rules.price import OWN_DAYS
from svet.kernel.period import Month

# ── inputs of one month for a set of accounts ──────────────────────────────────────────────────────

SUPPLIES = {
    # One row per agreement that overlaps the month, clipped to the month: what must be charged.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "agreement_from_on": pl.Date,  # the agreement itself, not clipped
    "agreement_until_on": pl.Date,  # null: goes on
    "rooms": pl.Int32,  # null: unknown
    "electric_stove": pl.Boolean,
    "electric_heating": pl.Boolean,
}
CATEGORIES = {
    # Which published table prices the supply point, when; rows overlapping the month.
    "supply_point_id": pl.Int64,
    "territory": pl.String,
    "category": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
HOUSEHOLDS = {
    # Residents, when; rows overlapping the month.
    "account_id": pl.Int64,
    "registered": pl.Int32,
    "temporary": pl.Int32,
    "owners": pl.Int32,
    "privileged": pl.Boolean,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
REGISTERS = {
    # One row per register of each meter installed at the supply point in the month (or, for the history of
    # an average, within the last 13 months).
    "supply_point_id": pl.Int64,
    "meter_id": pl.Int64,
    "register_id": pl.Int64,
    "position": pl.Int32,
    "band": pl.String,
    "zoning": pl.String,
    "digits": pl.Int32,
    "multiplier_e4": pl.Int64,
    "installed_on": pl.Date,
    "removed_on": pl.Date,  # exclusive, null while it hangs
    "verification_due_on": pl.Date,
}
CONDITIONS = {
    # What was the matter with a meter or a supply, when: rows of the last 13 months and of the month itself.
    "supply_point_id": pl.Int64,
    "meter_id": pl.Int64,  # null: of the supply
    "kind": pl.String,  # failed, access_refused (each act is a row), meter_feasible (obliged, possible, absent)
    "from_on": pl.Date,
    "until_on": pl.Date,  # null: goes on
}
READINGS = {
    # Readings in force (accepted, not replaced) of the last 13 months and of the month itself; of an agreement
    # that ends with the month, also those taken on the day after its last one.
    "account_id": pl.Int64,
    "register_id": pl.Int64,
    "reading_id": pl.Int64,
    "value_wh": pl.Int64,
    "taken_on": pl.Date,
    "kind": pl.String,
}
BILLED = {
    # Where billing stands: per register the last reading that a charge ended at (start of the next volume), and
    # for how many months it was estimated since then. Null reading: never billed by meter. `state.billing_state` makes
    # these rows from the volumes charged so far. When the reading was replaced since, `now_*` hold the reading in
    # force that stands in its place (null: not replaced): the engine corrects the difference by a volume of its own.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "register_id": pl.Int64,  # null for a norm charged without a register
    "reading_id": pl.Int64,
    "value_wh": pl.Int64,  # the value then used, even when the reading was replaced since
    "taken_on": pl.Date,
    "now_reading_id": pl.Int64,
    "now_value_wh": pl.Int64,
    # Months since the last measured one, by reason; on the row without register those charged by norm in its place.
    "average_months": pl.Int32,  # no reading
    "failed_months": pl.Int32,
    "refused_months": pl.Int32,
    "norm_months": pl.Int32,  # months charged by norm for whatever reason (on the row without register)
    # Up to this day what was charged for a failed meter stands for good: the count opens anew after it.
    "final_until_on": pl.Date,
    "gap_until_on": pl.Date,  # until when the days after this register were charged by its average (V18)
}
ESTIMATES = {
    # What was charged by estimate and waits for a reading, month by month (`state.outstanding` makes these rows).
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "register_id": pl.Int64,  # null: by norm
    "month_on": pl.Date,
    "from_on": pl.Date,  # null: unknown, taken over from another system
    "until_on": pl.Date,
    "wh": pl.Int64,
    "rule": pl.String,
}
PRIOR_LINES = {
    # What stands charged for the months of those estimates: the lines of their charges and of later corrections.
    # Only for accounts whose reading has come. A month without lines is settled in the month of the reading.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "zoning": pl.String,
    "band": pl.String,
    "step": pl.Int32,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "wh": pl.Int64,
    "rate_urub": pl.Int64,
    "amount_kop": pl.Int64,
    "basis": pl.String,
    "rule": pl.String,
    "tariff_version_id": pl.Int64,
}
PRIOR_GAPS = OWN_DAYS
"""What of the energy of `PRIOR_LINES` is of the days between two meters (V18): those days split it, not the month's."""
VATS = {
    # The VAT inside the prices of each month: of the billed one, and of every month of `PRIOR_LINES`.
    "month_on": pl.Date,
    "vat_percent_e2": pl.Int64,
}
INTERRUPTIONS = {
    # When supply failed, in minutes of local time since 1970; those that meet the month, or a month of `PRIOR_LINES`.
    # They do not meet each other.
    "supply_point_id": pl.Int64,
    "kind": pl.String,  # outage, voltage
    "independent_sources": pl.Int32,
    "from_minute": pl.Int64,
    "until_minute": pl.Int64,
}
COMMON_NEEDS = {
    # What of a house that is nobody's own falls to a supply of the month (houses.rules); less than nothing: given back.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "wh": pl.Int64,
    "rule": pl.String,  # H01-H04
    "facts": pl.String,  # JSON: all figures of the house
}
TARIFFS = {
    # Published versions overlapping the month (and the months of `PRIOR_LINES`), one row per rate.
    "tariff_version_id": pl.Int64,
    "territory": pl.String,
    "category": pl.String,
    "structure": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "zoning": pl.String,
    "band": pl.String,
    "step": pl.Int32,
    "up_to_wh": pl.Int64,  # of a month; null: no bound, or the bound is the social norm
    "rate_urub": pl.Int64,
}
SOCIAL_NORMS = {
    "territory": pl.String,
    "category": pl.String,
    "privileged": pl.Boolean,
    "persons": pl.Int32,
    "wh": pl.Int64,
    "wh_each_next": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
}
CONSUMPTION_NORMS = {
    "territory": pl.String,
    "rooms": pl.Int32,
    "persons": pl.Int32,
    "electric_stove": pl.Boolean,
    "electric_heating": pl.Boolean,
    "wh_per_person": pl.Int64,
    "from_on": pl.Date,
    "until_on": pl.Date,
}


@dataclass(frozen=True)
class Inputs:
    """All that rating one month of a set of accounts needs; no clock, no database."""

    supplies: pl.DataFrame
    categories: pl.DataFrame
    households: pl.DataFrame
    registers: pl.DataFrame
    conditions: pl.DataFrame
    readings: pl.DataFrame
    billed: pl.DataFrame
    estimates: pl.DataFrame
    prior_lines: pl.DataFrame
    prior_gaps: pl.DataFrame
    interruptions: pl.DataFrame
    tariffs: pl.DataFrame
    social_norms: pl.DataFrame
    consumption_norms: pl.DataFrame
    vats: pl.DataFrame
    common_needs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=COMMON_NEEDS))
    entitlements: pl.DataFrame = field(default_factory=lambda: empty(ENTITLEMENTS))
    given: pl.DataFrame = field(default_factory=lambda: empty(GIVEN))
    unmetered: pl.DataFrame = field(default_factory=lambda: empty(UNMETERED))

    SCHEMAS = {  # not a field: it has no annotation
        "supplies": SUPPLIES,
        "categories": CATEGORIES,
        "households": HOUSEHOLDS,
        "registers": REGISTERS,
        "conditions": CONDITIONS,
        "readings": READINGS,
        "billed": BILLED,
        "estimates": ESTIMATES,
        "prior_lines": PRIOR_LINES,
        "prior_gaps": PRIOR_GAPS,
        "interruptions": INTERRUPTIONS,
        "tariffs": TARIFFS,
        "social_norms": SOCIAL_NORMS,
        "consumption_norms": CONSUMPTION_NORMS,
        "vats": VATS,
        "common_needs": COMMON_NEEDS,
        "entitlements": ENTITLEMENTS,
        "given": GIVEN,
        "unmetered": UNMETERED,
    }

    def vat_percent_e2(self, month: Month) -> int:
        """Return the VAT inside the prices of the month, in hundredths of a per cent."""
        return int(self.vats.row(by_predicate=pl.col("month_on") == month.first_on, named=True)["vat_percent_e2"])

    def __post_init__(self) -> None:
        for name, schema in self.SCHEMAS.items():
            check(getattr(self, name), schema, name=name)


# ── results ────────────────────────────────────────────────────────────────────────────────────────

CHARGES = {
    # One row per account and supply point that could be rated.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "wh": pl.Int64,  # of one's own: common needs of a house are lines and volumes, and no part of it
    "amount_kop": pl.Int64,
    "vat_kop": pl.Int64,
    "basis": pl.String,  # the weakest basis among its volumes: norm, then average, then measured
    "estimated_months": pl.Int32,  # "month 2 of 3 by average": 2; 0 when measured
    "facts": pl.String,  # JSON: household size, social norm, policies applied, what the explanation needs
}
VOLUMES = {
    # From which readings (or by which estimate) the energy came. A row with two readings covers the days between
    # them (`until_on` is the day of the second); an estimate covers the days it stands for.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "number": pl.Int32,  # 1.. within account and supply point
    "register_id": pl.Int64,
    "band": pl.String,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "start_reading_id": pl.Int64,
    "end_reading_id": pl.Int64,
    "start_wh": pl.Int64,
    "end_wh": pl.Int64,
    "multiplier_e4": pl.Int64,
    "wh": pl.Int64,
    "basis": pl.String,
    "rule": pl.String,
    "facts": pl.String,  # JSON
}
LINES = {
    # Priced lines; their sum is the charge. One of an earlier month corrects what was charged for it.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "number": pl.Int32,
    "zoning": pl.String,
    "band": pl.String,
    "step": pl.Int32,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "wh": pl.Int64,
    "rate_urub": pl.Int64,
    "amount_kop": pl.Int64,
    "basis": pl.String,
    "rule": pl.String,
    "tariff_version_id": pl.Int64,
    "subject_id": pl.Int64,  # what a line stands for that is not the month's energy: an entitlement, an act
}
FINDINGS = {
    # Why an account was parked (level "hold") or what a reader should know (level "note").
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "code": pl.String,
    "level": pl.String,
    "facts": pl.String,  # JSON
}


@dataclass(frozen=True)
class Rated:
    """The result of a month. An account with a finding of level "hold" has no charge, volume or line."""

    charges: pl.DataFrame
    volumes: pl.DataFrame
    lines: pl.DataFrame
    findings: pl.DataFrame
    benefits: pl.DataFrame = field(default_factory=lambda: empty(BENEFITS))

    def __post_init__(self) -> None:
        for name, schema in (
            ("charges", CHARGES),
            ("volumes", VOLUMES),
            ("lines", LINES),
            ("findings", FINDINGS),
            ("benefits", BENEFITS),
        ):
            check(getattr(self, name), schema, name=name)


def check(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]], *, name: str) -> None:
    """Raise ValueError unless `frame` has exactly the columns and types of `schema`, in order."""
    found, declared = dict(frame.schema), {column: dtype() for column, dtype in schema.items()}
    if list(found) != list(declared) or found != declared:
        raise ValueError(f"frame {name}: expected {declared}, found {found}")


def empty(schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """Return a frame of no rows with the declared columns."""
    return pl.DataFrame(schema=schema)


INPUT_NAMES = tuple(one.name for one in fields(Inputs))
