"""Where billing stands after the months charged so far: the carry-forward between months, in one pure function."""

from __future__ import annotations

import polars as pl

from svet.domains.billing.rules.frames import BILLED, VOLUMES
from svet.kernel.tables import DAYS, half_up, wide

HISTORY = {"month_on": pl.Date, **VOLUMES}
"""The volumes charged so far (latest version of each charge) with the first day of the month of their charge."""

_PLACE = ["account_id", "supply_point_id"]
_REGISTER = [*_PLACE, "register_id"]
_MEASURED = ["V01", "V02", "V03"]
_FINAL = ["V11", "V13"]
"""Estimates for a failed meter: no reading ever takes them back."""
_OF_REGISTERS = {"estimated_wh": ["V04", "V12"]}
_OF_PLACES = {"estimated_wh": ["V05", "V14"], "surcharge_wh": ["V16"]}
_AVERAGES = ["V04", "V11", "V12", "V18"]
_NORMS = ["V05", "V06", "V13", "V14"]


def billing_state(history: pl.DataFrame) -> pl.DataFrame:
    """Return the `BILLED` rows that follow from the volumes of all earlier charges (columns `HISTORY`).

    Per register: the reading its last volume ended at, and the averages not yet taken back. Per supply point,
    without a register: the norms not yet taken back. Months count since the last measured one. The columns
    `now_reading_id` and `now_value_wh` come out null: whether a reading was replaced since is the caller's
    knowledge.
    """
    return pl.concat([_registers(history), _places(history)])


def _registers(history: pl.DataFrame) -> pl.DataFrame:
    rows = history.filter(pl.col("register_id").is_not_null())
    ended = (
        rows.filter(pl.col("end_reading_id").is_not_null())
        .sort("month_on", pl.col("rule").is_in(_MEASURED), "until_on", "number")
        .group_by(_REGISTER, maintain_order=True)
        .last()
        .select(*_REGISTER, reading_id="end_reading_id", value_wh="end_wh", taken_on="until_on")
    )
    estimated = rows.filter(pl.col("rule").is_in(_AVERAGES)).select(_REGISTER).unique()
    based = rows.join(estimated, on=_REGISTER, how="semi").join(
        ended.select(*_REGISTER, "taken_on"), on=_REGISTER, how="left"
    )
    months = {
        "average_months": _months("V04"),
        "failed_months": _months("V11"),
        "refused_months": _months("V12"),
    }
    waiting = _estimates(based, _REGISTER, _OF_REGISTERS, months)
    return _as_billed(
        rows.select(_REGISTER).unique().join(ended, on=_REGISTER, how="left").join(waiting, on=_REGISTER, how="left")
    )


def _places(history: pl.DataFrame) -> pl.DataFrame:
    normed = history.filter(pl.col("rule").is_in(_NORMS)).select(_PLACE).unique()
    rows = history.join(normed, on=_PLACE, how="semi").with_columns(taken_on=pl.lit(None, dtype=pl.Date))
    months = {
        "average_months": _months("V05"),
        "failed_months": _months("V13"),
        "refused_months": _months("V14"),
        "norm_months": _months(*_NORMS),
    }
    return _as_billed(_estimates(rows, _PLACE, _OF_PLACES, months))


def _estimates(
    rows: pl.DataFrame, by: list[str], counted: dict[str, list[str]], months: dict[str, pl.Expr]
) -> pl.DataFrame:
    """Return what is charged by estimate since the last reading, and for how many months.

    Of an estimate that began before the reading at which the count stands, only the days from that reading on wait;
    what came before a failed meter's estimate waits no more.
    """
    measured_on = pl.col("month_on").filter(pl.col("rule").is_in(_MEASURED)).max().over(by)
    final_on = pl.col("until_on").filter(pl.col("rule").is_in(_FINAL)).max().over(by)
    waits = (pl.col("month_on") >= measured_on).fill_null(True) & (pl.col("from_on") >= final_on).fill_null(True)
    # What is averaged in the month in which the register was measured comes after a failure: it counts as the first.
    is_of_register = pl.lit("register_id" in by)
    later_days = (pl.col("until_on") - pl.max_horizontal("from_on", "taken_on")).dt.total_days()
    share = pl.when(pl.col("from_on") < pl.col("until_on")).then(
        half_up(wide("wh") * later_days.clip(0), pl.max_horizontal(DAYS, 1))
    )
    return (
        rows.with_columns(
            since=(pl.col("month_on") > measured_on).fill_null(True)
            | (is_of_register & (pl.col("month_on") == measured_on)),
            waiting=pl.when(waits).then(pl.coalesce(share, "wh")).otherwise(0),
        )
        .group_by(by)
        .agg(
            *(
                pl.col("waiting").filter(pl.col("rule").is_in(rules)).sum().alias(name)
                for name, rules in counted.items()
            ),
            **months,
            final_until_on=pl.col("until_on").filter(pl.col("rule").is_in(_FINAL)).max(),
            gap_until_on=pl.col("until_on").filter(pl.col("rule") == "V18").max(),
        )
    )


def _months(*rules: str) -> pl.Expr:
    return pl.col("month_on").filter(pl.col("since") & pl.col("rule").is_in(rules)).n_unique()


def _as_billed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows in the columns of `BILLED`; energy and months that a row lacks are none."""
    known = {name: pl.col(name) if name in rows.columns else pl.lit(None) for name in BILLED}
    counted = ("estimated_wh", "surcharge_wh", "average_months", "failed_months", "refused_months", "norm_months")
    return rows.select(
        (column.fill_null(0) if name in counted else column).cast(BILLED[name]).alias(name)
        for name, column in known.items()
    )
