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
    ChoiceOfHouse,
    HouseDwelling,
    HouseLine,
    HouseMeterView,
    HousePage,
    HouseReadingView,
    SettledMonth,
    all_houses,
    choices_of_houses,
    house_lines,
    house_page,
)

__all__ = [
    "ChoiceOfHouse",
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
    "choices_of_houses",
    "common_needs_frame",
    "house_inputs",
    "house_lines",
    "house_page",
    "houses_of_account",
    "points_of_house",
    "standing_month",
    "to_settle",
]
