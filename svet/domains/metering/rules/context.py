"""What must be known to judge readings: frames with declared columns, and their assembly into rows.

One row per register of the meter that a submission hit. One submission and a file of a million go the same
way; nothing here judges (see `checks.py`), nothing reads a clock or a database.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from svet.domains.metering.rules import ReadingKind
from svet.domains.metering.rules.policies import ReadingPolicies
from svet.domains.metering.rules.values import parsed, watt_hours

SUBMISSIONS = {
    "submission": pl.Int64,
    "account_id": pl.Int64,
    "meter_serial": pl.String,  # null: the only meter there
    "taken_on": pl.Date,
    "given_on": pl.Date,  # the day on which the company, or its agent, had it
    "channel": pl.String,
    "kind": pl.String,
}
VALUES = {
    # `key` names a register: its position ("1"), its band ("night") or its id ("#17").
    "submission": pl.Int64,
    "key": pl.String,
    "text": pl.String,
}
PLACES = {
    # Each meter at each supply point of the account, with the validity of the agreement and the installation.
    "account_id": pl.Int64,
    "meter_id": pl.Int64,
    "serial": pl.String,
    "agreed_on": pl.Date,
    "ended_on": pl.Date,
    "installed_on": pl.Date,
    "removed_on": pl.Date,
    "digits": pl.Int64,
    "fraction_digits": pl.Int64,
    "multiplier_e4": pl.Int64,
    "verification_due_on": pl.Date,
    "max_power_w": pl.Int64,
}
REGISTERS = {"meter_id": pl.Int64, "register_id": pl.Int64, "position": pl.Int64, "band": pl.String}
HISTORY = {
    # Readings in force of these accounts, and no others.
    "account_id": pl.Int64,
    "register_id": pl.Int64,
    "reading_id": pl.Int64,
    "value_wh": pl.Int64,
    "taken_on": pl.Date,
    "kind": pl.String,
    "counts_from": pl.Date,
}
BILLED = {"account_id": pl.Int64, "billed_month": pl.Date}  # the last month billed

AT_THE_END = (ReadingKind.REMOVED.value, ReadingKind.FINAL.value)
NORMAL_DAYS, LOOK_BACK_DAYS = 28, 400


@dataclass(frozen=True)
class Known:
    """All that the checks need to know about the accounts of some submissions."""

    places: pl.DataFrame
    registers: pl.DataFrame
    history: pl.DataFrame
    billed: pl.DataFrame
    policies: ReadingPolicies


def serial_key(serial: pl.Expr) -> pl.Expr:
    """Return the form in which serial numbers are compared: without spaces, leading zeros and case."""
    return serial.str.replace_all(r"\s", "").str.to_uppercase().str.strip_chars_start("0")


def find_meters(submissions: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Return the submissions with what was found of a meter: flags, and its columns where exactly one fits."""
    day, at_end = pl.col("taken_on"), pl.col("kind").is_in(AT_THE_END)
    candidates = submissions.join(known.places, on="account_id", how="left").with_columns(
        agreed=_holds(day, pl.col("agreed_on"), pl.col("ended_on"), at_end),
        named=pl.col("meter_serial").is_null() | (serial_key(pl.col("meter_serial")) == serial_key(pl.col("serial"))),
        hung=_holds(day, pl.col("installed_on"), pl.col("removed_on"), at_end),
    )
    flags = ("agreed", "named", "hung")
    candidates = candidates.with_columns(pl.col(*flags).fill_null(False)).with_columns(fits=pl.all_horizontal(*flags))
    candidates = candidates.sort("submission", pl.col("fits").not_(), "meter_id", maintain_order=True)
    return (
        candidates.group_by("submission", maintain_order=True)
        .agg(
            pl.exclude("agreed", "named", "hung", "fits", "submission").first(),
            pl.col("agreed").any(),
            named=(pl.col("named") & pl.col("meter_id").is_not_null()).any(),
            meters=pl.col("meter_id").filter("fits").n_unique(),
            serials=pl.col("serial").filter("fits").unique(maintain_order=True).str.join(", "),
        )
        .with_columns(future=pl.col("taken_on") > pl.col("given_on"), register_id=pl.lit(None, dtype=pl.Int64))
    )


def assemble(found: pl.DataFrame, values: pl.DataFrame, known: Known) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return rows (submission × register of its one meter, with its value or null) and the values that fit none."""
    on_meter = found.filter(pl.col("meters") == 1).drop("register_id").join(known.registers, on="meter_id")
    keys = (pl.col("position").cast(pl.String), pl.col("band"), pl.format("#{}", "register_id"))
    keyed = pl.concat([on_meter.select("submission", "register_id", key=key) for key in keys], how="vertical")
    matched = values.join(keyed, on=["submission", "key"], how="left")
    strays = matched.filter(pl.col("register_id").is_null()).join(
        on_meter.select("submission").unique(), on="submission", how="semi"
    )
    given = matched.drop_nulls("register_id").unique(["submission", "register_id"], keep="last", maintain_order=True)
    rows = on_meter.join(given.drop("key"), on=["submission", "register_id"], how="left")
    rows = rows.with_columns(parsed(pl.col("text")).alias("number")).unnest("number")
    rows = rows.with_columns(
        value_wh=pl.when(pl.col("is_number") & ~pl.col("is_negative")).then(
            watt_hours(pl.col("whole"), pl.col("fraction"), fraction_digits=pl.col("fraction_digits"))
        )
    )
    rows = rows.join(known.billed, on="account_id", how="left")
    return with_history(rows, known).sort("submission", "position"), strays


def with_history(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Add what the register's readings in force say: the one replaced, the neighbours, the usual use."""
    past = rows.select("submission", "account_id", "register_id", "kind", "taken_on", "value_wh", "billed_month").join(
        known.history, on=["account_id", "register_id"], suffix="_then"
    )
    past = past.sort("taken_on_then", "reading_id")
    same_month = pl.col("taken_on").dt.truncate("1mo") == pl.col("taken_on_then").dt.truncate("1mo")
    open_still = pl.col("billed_month").is_null() | (pl.col("counts_from") > pl.col("billed_month"))
    same_day = pl.col("taken_on") == pl.col("taken_on_then")
    past = past.with_columns(
        corrected=(pl.col("kind") == pl.col("kind_then")) & same_month & (open_still | same_day),
        earlier=pl.col("taken_on_then") <= pl.col("taken_on"),
        repeated=same_day & (pl.col("value_wh") == pl.col("value_wh_then")),
    )
    before = pl.col("earlier") & ~pl.col("corrected")
    recent = before & (pl.col("taken_on_then").dt.offset_by(f"{LOOK_BACK_DAYS}d") > pl.col("taken_on"))
    after = ~pl.col("earlier") & ~pl.col("corrected")
    facts = past.group_by("submission", "register_id").agg(
        replaces_id=pl.col("reading_id").filter("corrected").last(),
        replaced_counts_from=pl.col("counts_from").filter("corrected").last(),
        replaced_is_open=open_still.filter("corrected").last(),
        previous_id=pl.col("reading_id").filter(before).last(),
        previous_wh=pl.col("value_wh_then").filter(before).last(),
        previous_on=pl.col("taken_on_then").filter(before).last(),
        next_wh=pl.col("value_wh_then").filter(after).first(),
        next_on=pl.col("taken_on_then").filter(after).first(),
        first_wh=pl.col("value_wh_then").filter(recent).first(),
        first_on=pl.col("taken_on_then").filter(recent).first(),
        still_since=pl.col("taken_on_then").filter(before & (pl.col("value_wh") == pl.col("value_wh_then"))).first(),
        repeated=pl.col("repeated").any(),
    )
    rows = rows.join(facts, on=["submission", "register_id"], how="left")
    return rows.with_columns(dial_wh=_dial_wh(), repeated=pl.col("repeated").fill_null(False)).with_columns(
        usual_wh_day=_usual_wh_day()
    )


def _holds(day: pl.Expr, start: pl.Expr, end: pl.Expr, with_end: pl.Expr) -> pl.Expr:
    """A half-open period holds the day; the last value of a meter is read on the very day it goes."""
    return (start <= day) & (end.is_null() | (day < end) | (with_end & (day == end)))


def _dial_wh() -> pl.Expr:
    return pl.lit(10, dtype=pl.Int64).pow(pl.col("digits")).cast(pl.Int64) * 1000


def _usual_wh_day() -> pl.Expr:
    """Average use of a day between the first and the last reading of the last 400 days; null below 28 days."""
    used = pl.col("previous_wh") - pl.col("first_wh")
    used = pl.when(used < 0).then(used + pl.col("dial_wh")).otherwise(used)
    days = (pl.col("previous_on") - pl.col("first_on")).dt.total_days()
    return pl.when(days >= NORMAL_DAYS).then(used // days)
