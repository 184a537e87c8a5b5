"""The rules of readings as expressions: where each finds something, at what level, with which facts.

Statements, sources and examples are in `reading_rules.py` under the same codes; columns come from `context.py`
and `use.py`. Facts are what the texts for people need, as JSON-safe values in kWh and ISO days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from svet.domains.metering.rules.policies import ReadingPolicies
from svet.domains.metering.rules.values import kwh_short
from svet.kernel.findings import Level


@dataclass(frozen=True)
class Check:
    """One rule over a frame: where `when` is true, there is a finding with `facts`."""

    code: str
    level: Level
    when: pl.Expr
    facts: tuple[pl.Expr | str, ...] = ()


_register = (pl.col("position").alias("position"), pl.col("band"))
_value = (*_register, pl.col("text").str.slice(0, 40).alias("value"))
_previous = (kwh_short(pl.col("previous_wh")).alias("previous"), pl.col("previous_on").cast(pl.String))
_usual = kwh_short(pl.col("usual_wh_day") * 30).alias("usual_month")
_use = kwh_short(pl.col("kwh_wh")).alias("kwh")
_taken = pl.col("taken_on").cast(pl.String)
_next = (kwh_short(pl.col("next_wh")).alias("next"), pl.col("next_on").cast(pl.String))
_counts_from = pl.col("counts_from").cast(pl.String)

METER_CHECKS = (
    Check(
        "R07",
        Level.REFUSE,
        pl.col("future"),
        (_taken, pl.col("given_on").cast(pl.String)),
    ),
    Check("R08", Level.REFUSE, ~pl.col("agreed"), (_taken,)),
    Check(
        "R09",
        Level.REFUSE,
        pl.col("agreed") & ~pl.col("named") & pl.col("meter_serial").is_not_null(),
        (pl.col("meter_serial").str.slice(0, 40).alias("serial"),),
    ),
    Check(
        "R10",
        Level.REFUSE,
        pl.col("agreed") & (pl.col("named") | pl.col("meter_serial").is_null()) & (pl.col("meters") == 0),
        (_taken, "serial", pl.col("installed_on").cast(pl.String), pl.col("removed_on").cast(pl.String)),
    ),
    Check("R11", Level.REFUSE, pl.col("meters") > 1, (pl.col("serials"),)),
)
STRAY_CHECKS = (
    Check("R06", Level.REFUSE, pl.lit(True), (pl.col("key"), pl.col("text").str.slice(0, 40).alias("value"))),
)
VALUE_CHECKS = (
    Check("R01", Level.REFUSE, pl.col("text").is_not_null() & ~pl.col("is_number"), _value),
    Check("R02", Level.REFUSE, pl.col("is_negative"), _value),
    Check("R03", Level.REFUSE, pl.col("whole").str.len_bytes() > pl.col("digits"), (*_value, pl.col("digits"))),
    Check(
        "R04",
        Level.NOTE,
        pl.col("fraction").str.len_bytes() > pl.col("fraction_digits"),
        (*_value, kwh_short(pl.col("value_wh")).alias("kept"), pl.col("fraction_digits")),
    ),
    Check("R05", Level.REFUSE, pl.col("text").is_null(), _register),
)


@lru_cache(maxsize=16)
def use_checks(policies: ReadingPolicies) -> tuple[Check, ...]:
    """Return the checks of a value against the register's history, under the policies of the day."""
    sound = pl.col("value_wh").is_not_null() & pl.col("fits_dial")
    between = sound & pl.col("next_on").is_not_null() & ~pl.col("repeated")
    too_high = pl.col("value_wh") > pl.col("next_wh")
    large = sound & (pl.col("kwh_wh") > pl.col("limit_wh"))
    shorter = pl.col("value_wh") // 10_000 * 1000
    one_digit = large & (shorter >= pl.col("previous_wh")) & (shorter - pl.col("previous_wh") <= pl.col("limit_wh"))
    missing_digit = ((pl.col("value_wh") + 1000) * 10 > pl.col("previous_wh")) & (
        pl.col("value_wh") * 10 - pl.col("previous_wh") <= pl.col("limit_wh")
    )
    possible_wh = pl.col("max_power_w") * 24 * (pl.col("days") + 1)
    used_wh = pl.col("kwh_wh") * pl.col("multiplier_e4") // 10_000
    days = pl.col("days")
    still = (pl.col("taken_on") - pl.col("still_since")).dt.total_days()
    return (
        Check(
            "R12",
            policies.lower,
            sound & (pl.col("step_wh") < 0) & ~pl.col("rolled_over"),
            (*_value, *_previous, missing_digit.fill_null(False).alias("missing_digit")),
        ),
        Check("R13", Level.NOTE, sound & pl.col("rolled_over"), (*_value, *_previous, _use)),
        Check("R14", Level.HOLD, large & ~one_digit, (*_value, *_previous, _use, _usual, days)),
        Check("R15", Level.HOLD, one_digit, (*_value, *_previous, _use, _usual, kwh_short(shorter).alias("perhaps"))),
        Check(
            "R16",
            Level.HOLD,
            sound & (used_wh > possible_wh),
            (*_value, *_previous, _use, kwh_short(possible_wh).alias("possible"), days),
        ),
        Check(
            "R17",
            Level.NOTE,
            sound & (pl.col("step_wh") == 0) & (still >= policies.zero_days),
            (*_value, pl.col("still_since").cast(pl.String), still.alias("days")),
        ),
        Check("R18", Level.NOTE, sound & pl.col("repeated"), (*_value, _taken)),
        Check("R19", Level.HOLD, between & too_high, (*_value, _taken, *_next, pl.lit(True).alias("too_high"))),
        Check("R19", Level.NOTE, between & ~too_high, (*_value, _taken, *_next, pl.lit(False).alias("too_high"))),
        Check(
            "R20",
            Level.NOTE,
            sound & pl.col("is_late"),
            (_taken, _counts_from, pl.lit(policies.cutoff_day).alias("until")),
        ),
        Check(
            "R21",
            policies.after_verification,
            sound & (pl.col("verification_due_on") < pl.col("taken_on")),
            ("serial", pl.col("verification_due_on").cast(pl.String)),
        ),
        Check("R22", Level.NOTE, sound & pl.col("is_billed"), (_taken, _counts_from)),
    )
