"""What a file of meters must be: a meter described once, values that its dial can show. Pure, on whole frames.

A row is a meter and, mostly, one stay of it at a supply point; `installed_t1…3` are the values on the day it was
hung up, `removed_t1…3` those on the day it was taken down.
"""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from svet.domains.metering.rules import ReadingKind
from svet.kernel.energy import BANDS
from svet.kernel.row_findings import contradicting, found, repeated, together

METER_DEFAULTS: dict[str, object] = {
    "digits": 5,
    "fraction_digits": 0,
    "multiplier": Decimal(1),
    "made_on": None,
    "verified_on": None,
    "verification_due_on": None,
}
INSTALLATION_DEFAULTS: dict[str, object] = {"removed_on": None, "act_number": ""}
METER_COLUMNS = ("zoning", *METER_DEFAULTS)
METER_KEY = ("serial", "model")
SIDES = {
    # columns of values, the day they were taken, the kind of reading
    "installed": ("installed_on", ReadingKind.INSTALLED),
    "removed": ("removed_on", ReadingKind.REMOVED),
}
VALUES = {side: tuple(f"{side}_t{position}" for position in (1, 2, 3)) for side in SIDES}


def check_meters(rows: pl.DataFrame) -> pl.DataFrame:
    """Return findings about the rows of a file of meters, complete in all its columns."""
    hung, placed = pl.col("installed_on").is_not_null(), pl.col("supply_point_code") != ""
    verified_late = pl.col("verification_due_on") <= pl.col("verified_on")
    return together(
        [
            repeated(rows, key=[*METER_KEY, "installed_on"], column="serial"),
            *contradicting(rows, key=METER_KEY, values=METER_COLUMNS),
            found(rows, placed & ~hung, code="installed_on_is_missing", column="installed_on"),
            found(rows, hung & ~placed, code="supply_point_is_missing", column="supply_point_code"),
            found(
                rows, pl.col("removed_on").is_not_null() & ~hung, code="installed_on_is_missing", column="installed_on"
            ),
            found(rows, pl.col("removed_on") <= pl.col("installed_on"), code="period_is_empty", column="removed_on"),
            found(rows, verified_late, code="verification_is_over_before_it_begins", column="verification_due_on"),
            *(finding for side in SIDES for finding in _check_values(rows, side=side)),
        ]
    )


def check_known(rows: pl.DataFrame, meters: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    """Return findings about rows that contradict what is known: another number of zones, another place that day."""
    known = meters.select(*METER_KEY, known_zoning="zoning")
    places = stays.select(*METER_KEY, "known_point_id", installed_on="from_on")
    return together(
        [
            found(
                rows.join(known, on=METER_KEY),
                pl.col("zoning") != pl.col("known_zoning"),
                code="zoning_cannot_change",
                column="zoning",
                facts={"known": pl.col("known_zoning")},
            ),
            found(
                rows.join(places, on=[*METER_KEY, "installed_on"]),
                pl.col("supply_point_id") != pl.col("known_point_id"),
                code="installed_elsewhere",
                column="supply_point_code",
                facts={"installed_on": pl.col("installed_on").cast(pl.String)},
            ),
        ]
    )


def belonging(values: pl.DataFrame, agreements: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return values with `account_id` and `billed_month` by the agreement of their day, and findings about the rest.

    A value at the end of a stay belongs to whoever was supplied on the last day of it, the day before.
    """
    day = pl.col("taken_on") - pl.when(pl.col("kind") == ReadingKind.REMOVED.value).then(pl.duration(days=1)).otherwise(
        pl.duration(days=0)
    )
    in_force = (pl.col("agreed_on") <= day) & (pl.col("ended_on").is_null() | (day < pl.col("ended_on")))
    columns = [*values.columns, "account_id", "billed_month"]
    placed = values.join(agreements, on="supply_point_id").filter(in_force).select(columns)
    rest = values.join(placed, on=["line", "column"], how="anti")
    unplaced = [
        found(
            rest.filter(pl.col("column") == column).rename({"value": column}),
            pl.lit(True),
            code="no_agreement_on_day",
            column=column,
            facts={"on": pl.col("taken_on").cast(pl.String)},
        )
        for columns in VALUES.values()
        for column in columns
    ]
    return placed, together(unplaced)


def bands_of(meters: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each register of the meters: `serial`, `model`, `position`, `band`."""
    bands = [
        (zoning.value, position, band.value)
        for zoning, of_zoning in BANDS.items()
        for position, band in enumerate(of_zoning, 1)
    ]
    table = pl.DataFrame(bands, schema={"zoning": pl.String, "position": pl.Int64, "band": pl.String}, orient="row")
    return meters.select(*METER_KEY, "zoning").join(table, on="zoning").drop("zoning")


def values_of(rows: pl.DataFrame, *, side: str) -> pl.DataFrame:
    """Return a row for each value on one side: `line`, meter, supply point, `position`, `value`, `taken_on`, `kind`."""
    day, kind = SIDES[side]
    return (
        rows.unpivot(VALUES[side], index=["line", *METER_KEY, "supply_point_id", day], variable_name="column")
        .filter(pl.col("value").is_not_null())
        .select(
            "line",
            *METER_KEY,
            "supply_point_id",
            "column",
            "value",
            position=pl.col("column").str.tail(1).cast(pl.Int64),
            taken_on=pl.col(day),
            kind=pl.lit(kind.value),
        )
    )


def _check_values(rows: pl.DataFrame, *, side: str) -> list[pl.DataFrame]:
    day, _ = SIDES[side]
    given = [pl.col(column).is_not_null() for column in VALUES[side]]
    registers = pl.col("zoning").cast(pl.Int64)
    highest = pl.lit(10, dtype=pl.Int64).pow(pl.col("digits"))
    findings = [found(rows, pl.any_horizontal(given) & pl.col(day).is_null(), code="day_is_missing", column=day)]
    for position, column in enumerate(VALUES[side], 1):
        value = pl.col(column)
        beyond = value.is_not_null() & (registers < position)
        lacking = value.is_null() & (registers >= position) & pl.any_horizontal(given)
        facts = {"digits": pl.col("digits")}
        findings += [
            found(rows, beyond, code="no_such_register", column=column, facts={"zoning": pl.col("zoning")}),
            found(rows, lacking, code="value_is_missing", column=column, facts={"zoning": pl.col("zoning")}),
            found(
                rows,
                value.floor().cast(pl.Int64) >= highest,
                code="more_digits_than_the_dial",
                column=column,
                facts=facts,
            ),
        ]
    return findings
