"""Reads of houses: what a settlement needs, shares for rating, and the pages of engineers."""

from svet.domains.houses.queries.inputs import (
    HouseInputs,
    PlacedDwelling,
    accounts_of,
    common_needs_frame,
    house_inputs,
    houses_of_account,
    points_of_house,
    standing_month,
    to_settle,
)
from svet.domains.houses.queries.pages import (
    HouseDwelling,
    HouseLine,
    HouseMeterView,
    HousePage,
    HouseReadingView,
    SettledMonth,
    all_houses,
    house_lines,
    house_page,
)

__all__ = [
    "HouseDwelling",
    "HouseInputs",
    "HouseLine",
    "HouseMeterView",
    "HousePage",
    "HouseReadingView",
    "PlacedDwelling",
    "SettledMonth",
    "accounts_of",
    "all_houses",
    "common_needs_frame",
    "house_inputs",
    "house_lines",
    "house_page",
    "houses_of_account",
    "points_of_house",
    "standing_month",
    "to_settle",
]
