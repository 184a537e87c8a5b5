"""Where billing stands after the months charged so far: the carry-forward between months, in one pure function."""

from __future__ import annotations

from datetime import date

import polars as pl

from svet.domains.billing.rules.frames import BILLED, ESTIMATES, VOLUMES
from svet.kernel.tables import DAYS, half_up, wide

HISTORY = {"month_on": pl.Date, "estimated_months": pl.Int32, **VOLUMES}
"""The volumes charged so far (latest version of each charge) with the first day of the month of their charge, and how
many months it counted as estimated (null: not asked, for the rows begin with the first charge)."""

_DAYS = pl.max_horizontal(DAYS, 1)
_PLACE = ["account_id", "supply_point_id"]
_REGISTER = [*_PLACE, "register_id"]
_MEASURED = ["V01", "V02", "V03"]
_FINAL = ["V11", "V13"]
"""Estimates for a failed meter: no reading ever takes them back."""
_OF_REGISTERS = ["V04", "V12"]
_OF_PLACES = ["V05", "V14", "V16"]
_AVERAGES = ["V04", "V11", "V12", "V18"]
_NORMS = ["V05", "V06", "V13", "V14"]
_PLAIN_ESTIMATES = ["V04", "V05"]
_PLAIN = [*_MEASURED, *_PLAIN_ESTIMATES, "V07", "V08"]
_WITHOUT_METER = ["V06", "V15"]


def untold(recent: pl.DataFrame, stays: pl.DataFrame, places: pl.DataFrame, *, since_on: date) -> pl.DataFrame:
    """Return the accounts (`account_id`) of `places` of which the rows since `since_on` do not tell how billing stands.

    They (`recent`) tell it where every register that counted for the account (`stays`: account_id, register_id;
    removed ones too), and one at least, was measured in them up to a reading of theirs, and nothing else was charged
    but plain estimates of theirs: those since the last measured month wait, and nothing of an earlier month does. Of an
    account without a register they tell it where each place (account_id, supply_point_id) was charged as one without.
    """
    measured = recent.filter(pl.col("rule").is_in(_MEASURED) & (pl.col("until_on") >= since_on))
    of_earlier_days = pl.col("rule").is_in(_PLAIN_ESTIMATES) & (pl.col("from_on") < since_on).fill_null(True)
    doubtful = pl.concat(
        [
            stays.join(measured, on=["account_id", "register_id"], how="anti").select("account_id"),
            recent.filter(~pl.col("rule").is_in(_PLAIN) | of_earlier_days).select("account_id"),
        ]
    )
    told = measured.select("account_id").unique().join(doubtful, on="account_id", how="anti")
    told = pl.concat([told, _told_without_meter(recent, stays, places)])
    return places.select("account_id").unique().join(told, on="account_id", how="anti")


def _told_without_meter(recent: pl.DataFrame, stays: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts without a register, of whose every place nothing but the norm without one was charged."""
    is_without = pl.col("rule").is_in(_WITHOUT_METER)
    otherwise = pl.concat(
        [
            stays.select("account_id"),
            recent.filter(~is_without).select("account_id"),
            places.join(recent, on=_PLACE, how="anti").select("account_id"),
        ]
    )
    return recent.filter(is_without).select("account_id").unique().join(otherwise, on="account_id", how="anti")


def billing_state(history: pl.DataFrame) -> pl.DataFrame:
    """Return the `BILLED` rows that follow from the volumes of all earlier charges (columns `HISTORY`).

    Per register: the reading its last volume ended at. Months of estimates count since the last measured one, those
    by norm per supply point, without a register, with those that the first charge of a place without a meter had
    counted before it. The columns `now_reading_id` and `now_value_wh` come out null:
    whether a reading was replaced since is the caller's knowledge.
    """
    rows = history.filter(pl.col("register_id").is_not_null())
    registers = (
        rows.select(_REGISTER)
        .unique()
        .join(_ended(rows), on=_REGISTER, how="left")
        .join(_months_of_registers(rows), on=_REGISTER, how="left")
    )
    return pl.concat([_as_billed(registers), _as_billed(_months_of_places(history))])


def outstanding(history: pl.DataFrame) -> pl.DataFrame:
    """Return the `ESTIMATES` rows: what was charged by estimate since the last reading and waits for the next one.

    Of an estimate that began before the reading at which the count stands, only the days from that reading on wait;
    what came before a failed meter's estimate waits no more.
    """
    averaged = history.filter(pl.col("rule").is_in([*_OF_REGISTERS, *_FINAL])).select(_REGISTER).unique()
    rows = history.join(averaged, on=_REGISTER, how="semi").join(
        _ended(history).select(*_REGISTER, "taken_on"), on=_REGISTER, how="left"
    )
    normed = history.filter(pl.col("rule").is_in(_OF_PLACES)).select(_PLACE).unique()
    places = history.join(normed, on=_PLACE, how="semi").with_columns(taken_on=pl.lit(None, dtype=pl.Date))
    later_days = (pl.col("until_on") - pl.max_horizontal("from_on", "taken_on")).dt.total_days().clip(0)
    share = pl.when(pl.col("from_on") < pl.col("until_on")).then(half_up(wide("wh") * later_days, _DAYS))
    waiting = pl.concat(
        [
            rows.filter(_waits(_REGISTER) & pl.col("rule").is_in(_OF_REGISTERS)),
            places.filter(_waits(_PLACE) & pl.col("rule").is_in(_OF_PLACES)),
        ]
    )
    since_on = pl.when(pl.col("from_on").is_not_null()).then(pl.max_horizontal("from_on", "taken_on"))
    return waiting.with_columns(wh=pl.coalesce(share, "wh"), from_on=since_on).select(
        pl.col(name).cast(dtype) for name, dtype in ESTIMATES.items()
    )


def _ended(rows: pl.DataFrame) -> pl.DataFrame:
    """Return for each register the reading at which its last volume ended."""
    return (
        rows.filter(pl.col("end_reading_id").is_not_null())
        .sort("month_on", pl.col("rule").is_in(_MEASURED), "until_on", "number")
        .group_by(_REGISTER, maintain_order=True)
        .last()
        .select(*_REGISTER, reading_id="end_reading_id", value_wh="end_wh", taken_on="until_on")
    )


def _measured_on(by: list[str]) -> pl.Expr:
    """Return the month in which a register, or any of a place, was measured last."""
    return pl.col("month_on").filter(pl.col("rule").is_in(_MEASURED)).max().over(by)


def _waits(by: list[str]) -> pl.Expr:
    final_on = pl.col("until_on").filter(pl.col("rule").is_in(_FINAL)).max().over(by)
    since = (pl.col("month_on") >= _measured_on(by)).fill_null(True)
    return since & (pl.col("from_on") >= final_on).fill_null(True)


def _months_of_registers(rows: pl.DataFrame) -> pl.DataFrame:
    """Count the month in which a register was measured too: what is averaged in it comes after a failure."""
    averaged = rows.filter(pl.col("rule").is_in(_AVERAGES)).select(_REGISTER).unique()
    return _counted(
        rows.join(averaged, on=_REGISTER, how="semi").with_columns(
            since=(pl.col("month_on") >= _measured_on(_REGISTER)).fill_null(True)
        ),
        by=_REGISTER,
        average_months=_months("V04"),
        failed_months=_months("V11"),
        refused_months=_months("V12"),
    )


def _months_of_places(history: pl.DataFrame) -> pl.DataFrame:
    normed = history.filter(pl.col("rule").is_in(_NORMS)).select(_PLACE).unique()
    counted = _counted(
        history.join(normed, on=_PLACE, how="semi").with_columns(
            since=(pl.col("month_on") > _measured_on(_PLACE)).fill_null(True)
        ),
        by=_PLACE,
        average_months=_months("V05"),
        failed_months=_months("V13"),
        refused_months=_months("V14"),
        norm_months=_months(*_NORMS),
    )
    before = _counted_before(history)
    if before.is_empty():
        return counted
    both = pl.col("norm_months") + pl.col("before").fill_null(0)
    return counted.join(before, on=_PLACE, how="left").with_columns(norm_months=both).drop("before")


def _counted_before(history: pl.DataFrame) -> pl.DataFrame:
    """Return the months (`before`) counted before the rows of places that were charged by norm without a meter only."""
    of_meters = history.filter(~pl.col("rule").is_in(_WITHOUT_METER)).select(_PLACE).unique()
    first = pl.col("estimated_months").sort_by("month_on").first()
    rows = history.filter(pl.col("rule").is_in(_WITHOUT_METER)).join(of_meters, on=_PLACE, how="anti")
    return rows.group_by(_PLACE).agg(before=first - 1).filter(pl.col("before") > 0)


def _counted(rows: pl.DataFrame, *, by: list[str], **months: pl.Expr) -> pl.DataFrame:
    final_until_on = pl.col("until_on").filter(pl.col("rule").is_in(_FINAL)).max()
    gap_until_on = pl.col("until_on").filter(pl.col("rule") == "V18").max()
    return rows.group_by(by).agg(**months, final_until_on=final_until_on, gap_until_on=gap_until_on)


def _months(*rules: str) -> pl.Expr:
    return pl.col("month_on").filter(pl.col("since") & pl.col("rule").is_in(rules)).n_unique()


def _as_billed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows in the columns of `BILLED`; months that a row lacks are none."""
    known = {name: pl.col(name) if name in rows.columns else pl.lit(None) for name in BILLED}
    return rows.select(
        (column.fill_null(0) if name.endswith("_months") else column).cast(BILLED[name]).alias(name)
        for name, column in known.items()
    )
