"""Revisions: charged months rated anew by what is known now, and what that would mean for people. Pure.

A difference is what a month becomes less what it was. Energy in watt-hours, money in kopecks, plus = the customer owes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import polars as pl

from svet.kernel.period import Month

KEY = ["account_id", "supply_point_id"]
STANDING = {
    # The charges of a month that stand: neither reversed nor reversals.
    "charge_id": pl.Int64,
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "wh": pl.Int64,
    "amount_kop": pl.Int64,
}
DIFFERENCES = {
    # One row per charge that becomes another. `original_id` is null where there was none.
    "account_id": pl.Int64,
    "supply_point_id": pl.Int64,
    "month": pl.Date,
    "original_id": pl.Int64,
    "was_wh": pl.Int64,
    "was_kop": pl.Int64,
    "becomes_wh": pl.Int64,
    "becomes_kop": pl.Int64,
}
BOUNDS = (10_00, 100_00, 1000_00)
"""Up to so many kopecks reaches each class of differences but the last, in both directions."""


class RevisionCause(StrEnum):
    """Why past months are charged anew."""

    TARIFF = "tariff"
    CATEGORY = "category"
    RESIDENTS = "residents"
    NORM = "norm"
    BENEFIT = "benefit"
    METER = "meter"
    HOUSE = "house"
    COURT = "court"
    OTHER = "other"


class RevisionState(StrEnum):
    """The life of a revision: counted, looked at, released by stages, taken back if need be."""

    COUNTING = "counting"
    COUNTED = "counted"
    RELEASING = "releasing"
    RELEASED = "released"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"
    CANCELLED = "cancelled"


class RevisedState(StrEnum):
    """What became of one account."""

    SAME = "same"
    COUNTED = "counted"
    HELD = "held"
    CHANGED = "changed"
    RELEASED = "released"
    TAKEN_BACK = "taken_back"
    RELIED_ON = "relied_on"


@dataclass(frozen=True, slots=True)
class Impact:
    """What a revision would do to all accounts together; money in kopecks, median and largest by size without sign."""

    accounts: int
    changed: int
    held: int
    up_kop: int
    down_kop: int
    median_kop: int
    largest_kop: int
    classes: tuple[tuple[int | None, int, int], ...]

    def as_totals(self) -> dict[str, Any]:
        """Return the form that a revision keeps."""
        return {
            "accounts": self.accounts,
            "changed": self.changed,
            "held": self.held,
            "up_kop": self.up_kop,
            "down_kop": self.down_kop,
            "median_kop": self.median_kop,
            "largest_kop": self.largest_kop,
            "classes": [list(one) for one in self.classes],
        }


def differences(standing: pl.DataFrame, rated: pl.DataFrame, *, month: Month) -> pl.DataFrame:
    """Return the charges (columns `DIFFERENCES`) of `standing` that `rated` (frames.CHARGES) makes others.

    A charge whose supply is not rated any more becomes nothing; one for a supply that was not charged comes new.
    """
    was = standing.select(*KEY, original_id="charge_id", was_wh="wh", was_kop="amount_kop")
    now = rated.select(*KEY, becomes_wh="wh", becomes_kop="amount_kop")
    both = was.join(now, on=KEY, how="full", coalesce=True).with_columns(
        pl.col("was_wh", "was_kop", "becomes_wh", "becomes_kop").fill_null(0), month=pl.lit(month.first_on)
    )
    differs = (pl.col("was_wh") != pl.col("becomes_wh")) | (pl.col("was_kop") != pl.col("becomes_kop"))
    return both.filter(differs).select(pl.col(name).cast(dtype) for name, dtype in DIFFERENCES.items()).sort(KEY)


def impact(changes: pl.Series, *, accounts: int, held: int) -> Impact:
    """Return what all differences of accounts that change (kopecks, one each) come to.

    >>> impact(pl.Series([-300, 500, 100], dtype=pl.Int64), accounts=5, held=1).median_kop
    300
    """
    sizes = changes.abs().sort()
    middle = 0 if sizes.is_empty() else int(sizes[(sizes.len() - 1) // 2])
    return Impact(
        accounts=accounts,
        changed=changes.len(),
        held=held,
        up_kop=int(changes.filter(changes > 0).sum()),
        down_kop=int(changes.filter(changes < 0).sum()),
        median_kop=middle,
        largest_kop=0 if sizes.is_empty() else int(sizes[-1]),
        classes=_classes(changes),
    )


def is_of_stage(account_id: int, *, percent: int) -> bool:
    """Say whether an account belongs to the first `percent` of a hundred: the same ones at each stage, spread over all.

    >>> sum(is_of_stage(n, percent=10) for n in range(1000))
    100
    """
    return account_id * 37 % 100 < percent


def _classes(changes: pl.Series) -> tuple[tuple[int | None, int, int], ...]:
    """Return by size how many pay less and how many more: (upper bound or None, less, more)."""
    sizes, below, rows = changes.abs(), 0, []
    for bound in (*BOUNDS, None):
        within = (sizes > below) if bound is None else (sizes > below) & (sizes <= bound)
        rows.append((bound, int((within & (changes < 0)).sum()), int((within & (changes > 0)).sum())))
        below = bound or below
    return tuple(rows)
