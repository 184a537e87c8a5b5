"""What is priced apart from the energy used: the surcharge that a factor adds to the norm.

It takes the first step of the one-rate price and no part in any bound, so that base and surcharge stay two sums.
"""

from __future__ import annotations

import polars as pl

from svet.domains.tariffs.rules.price import BAND, PIECE, Priced, split_by_segment, unrated
from svet.kernel.tables import follows, half_up, wide


@follows(0)
def price_apart(energy: pl.DataFrame, segments: pl.DataFrame, tariffs: pl.DataFrame) -> Priced:
    """Return the lines (P10, columns as of `price` and `basis`) of surcharges (columns `BAND`, `wh`, `basis`).

    E10: 69 kWh × 4.12 = 284.28 beside 138 kWh × 4.12 = 568.56.
    """
    whole = energy.select(*BAND, "wh")
    borders = whole.clear().select(*BAND, until_on=pl.lit(None, dtype=pl.Date), reached_wh=pl.lit(None, dtype=pl.Int64))
    pieces = split_by_segment(whole, segments, borders)
    first_steps = tariffs.filter(pl.col("step") == 1).select("tariff_version_id", "zoning", "band", "step", "rate_urub")
    lines = (
        pieces.filter(pl.col("wh") != 0)
        .join(first_steps, on=["tariff_version_id", "zoning", "band"])
        .select(
            *PIECE,
            "until_on",
            "step",
            "tariff_version_id",
            "rate_urub",
            "wh",
            amount_kop=half_up(wide("wh") * pl.col("rate_urub"), 10_000_000),
            rule=pl.lit("P10"),
        )
        .join(energy.select(*BAND, "basis"), on=BAND)
    )
    return Priced(lines=lines, findings=unrated(pieces, lines))
