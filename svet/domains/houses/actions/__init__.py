"""What changes in houses: what they are, their readings, their settled months."""

from svet.domains.houses.actions.keeping import (
    hang_meter,
    put_premises,
    register_house,
    set_terms,
    take_meter_down,
    take_premises_out,
)
from svet.domains.houses.actions.reading import HouseReadingRefused, record_other_use, record_reading, take_back_reading
from svet.domains.houses.actions.settling import Unsettled, settle_house

__all__ = [
    "HouseReadingRefused",
    "Unsettled",
    "hang_meter",
    "put_premises",
    "record_other_use",
    "record_reading",
    "register_house",
    "set_terms",
    "settle_house",
    "take_back_reading",
    "take_meter_down",
    "take_premises_out",
]
