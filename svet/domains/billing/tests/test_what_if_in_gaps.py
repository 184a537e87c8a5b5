"""What was used between two meters is priced by those days under every plan."""

from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from svet.domains.billing.rules import frames
from svet.domains.billing.rules.what_if import USED, gaps_under_plan, price_again, under_plan
from svet.domains.tariffs.rules.policies import Policies
from svet.domains.tariffs.rules.price import OWN_DAYS
from svet.kernel.energy import Zoning
from svet.kernel.period import Month

SEPTEMBER = Month("2025-09")
RATES = {"1": ["all"], "2": ["day", "night"], "3": ["peak", "half_peak", "night"]}
OWN = {"account_id": 1, "supply_point_id": 2}
GAP = {**OWN, "month_on": SEPTEMBER.first_on, "zoning": "1", "band": "all"}


def tariffs():
    """Return a price of 4.00 to the 15th and of 5.00 after it, in every zone."""
    rows = [
        {
            "tariff_version_id": version, "territory": "t", "category": "urban_gas", "structure": "flat",
            "from_on": from_on, "until_on": until_on, "zoning": zoning, "band": band, "step": 1, "up_to_wh": None,
            "rate_urub": rate,
        }
        for version, (from_on, until_on, rate) in enumerate(
            [(date(2020, 1, 1), date(2025, 9, 16), 4_000_000), (date(2025, 9, 16), None, 5_000_000)], 1
        )
        for zoning, bands in RATES.items()
        for band in bands
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=frames.TARIFFS)


def would(used_wh, gap, *, zoning):
    span = {"from_on": SEPTEMBER.first_on, "until_on": SEPTEMBER.next.first_on}
    row = {**OWN, "month_on": SEPTEMBER.first_on, **span, "band": "all", "wh": used_wh, "amount_kop": 0}
    used = pl.DataFrame([row], schema=USED)
    gaps = pl.DataFrame([{**GAP, **gap}] if gap else [], schema=OWN_DAYS)
    words = {"zoning": zoning, "night_percent": 30}
    place = {"supply_point_id": 2, "territory": "t", "category": "urban_gas"}
    always = {"from_on": date(2020, 1, 1), "until_on": None}
    people = {"account_id": 1, "registered": 1, "temporary": 0, "owners": 1, "privileged": False}
    told = price_again(
        used,
        under_plan(used, **words),
        gaps_under_plan(gaps, **words),
        categories=pl.DataFrame([place | always], schema=frames.CATEGORIES),
        households=pl.DataFrame([people | always], schema=frames.HOUSEHOLDS),
        tariffs=tariffs(),
        social_norms=pl.DataFrame(schema=frames.SOCIAL_NORMS),
        policies=Policies(),
    )
    return told["would_kop"].item()


def test_a_gap_before_the_new_price_costs_the_old_one():
    """370 kWh by the days of the month, 100 kWh of the 6th to the 16th: 185 and 100 at 4.00, 185 at 5.00."""
    gap = {"from_on": date(2025, 9, 6), "until_on": date(2025, 9, 16), "wh": 100_000}

    assert would(470_000, gap, zoning=Zoning.ONE) == 28_500 * 4 + 18_500 * 5
    assert would(470_000, None, zoning=Zoning.ONE) == 23_500 * 4 + 23_500 * 5


@given(zoning=st.sampled_from(Zoning), start=st.integers(1, 29), days=st.integers(1, 20), wh=st.integers(0, 300_000))
def test_every_plan_with_one_price_costs_what_the_days_cost(zoning, start, days, wh):
    from_on = date(2025, 9, start)
    until_on = min(date.fromordinal(from_on.toordinal() + days), SEPTEMBER.next.first_on)
    told = would(300_000 + wh, {"from_on": from_on, "until_on": until_on, "wh": wh}, zoning=zoning)

    late = max((until_on - max(from_on, date(2025, 9, 16))).days, 0) / (until_on - from_on).days
    assert abs(told - (15_000 * 9 + wh / 10 * (4 * (1 - late) + 5 * late))) <= 6
