"""Where billing stands after the months charged so far: the carry-forward between months, in one pure function."""

from __future__ import annotations

import polars as pl

from svet.domains.billing.rules.frames import BILLED, VOLUMES

HISTORY = {"month_on": pl.Date, **VOLUMES}
"""The volumes charged so far (latest version of each charge) with the first day of the month of their charge."""

_PLACE = ["account_id", "supply_point_id"]
_REGISTER = [*_PLACE, "register_id"]
_MEASURED = ["V01", "V02", "V03"]


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
        .sort("month_on", pl.col("rule").is_in(_MEASURED), "number")
        .group_by(_REGISTER, maintain_order=True)
        .last()
        .select(*_REGISTER, reading_id="end_reading_id", value_wh="end_wh", taken_on="until_on")
    )
    return _as_billed(_estimates(rows, _REGISTER, ["V04", "V07"]).join(ended, on=_REGISTER, how="left"))


def _places(history: pl.DataFrame) -> pl.DataFrame:
    normed = history.filter(pl.col("rule").is_in(["V05", "V06", "V08"])).select(_PLACE).unique()
    rows = history.join(normed, on=_PLACE, how="semi")
    return _as_billed(_estimates(rows, _PLACE, ["V05", "V08"]))


def _estimates(rows: pl.DataFrame, by: list[str], counted: list[str]) -> pl.DataFrame:
    """Return what is charged by estimate and not taken back, and the months of estimates since the last reading."""
    measured_on = pl.col("month_on").filter(pl.col("rule").is_in(_MEASURED)).max()
    since = (pl.col("month_on") > measured_on.over(by)).fill_null(True)
    return (
        rows.with_columns(since=since)
        .group_by(by)
        .agg(
            estimated_wh=pl.col("wh").filter(pl.col("rule").is_in(counted)).sum(),
            average_months=_months("V04"),
            norm_months=_months("V05", "V06"),
        )
    )


def _months(*rules: str) -> pl.Expr:
    return pl.col("month_on").filter(pl.col("since") & pl.col("rule").is_in(rules)).n_unique()


def _as_billed(rows: pl.DataFrame) -> pl.DataFrame:
    own = [name for name in BILLED if name in rows.columns]
    return rows.select(
        pl.col(name).cast(dtype) if name in own else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in BILLED.items()
    )
