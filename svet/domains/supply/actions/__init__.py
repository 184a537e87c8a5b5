"""What changes in supply: places, their categories, network operators, loading from files."""

from svet.domains.supply.actions.loading import load_categories, load_supply_points
from svet.domains.supply.actions.registering import (
    PremisesData,
    register_network_operator,
    register_supply_point,
    set_category,
)

__all__ = [
    "PremisesData",
    "load_categories",
    "load_supply_points",
    "register_network_operator",
    "register_supply_point",
    "set_category",
]
