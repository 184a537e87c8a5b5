"""What changes in supply: places, their categories, network operators, loading from files."""

from svet.domains.supply.actions.interruptions import (
    InterruptionRefused,
    record_event,
    record_interruption,
    undo_event,
    undo_interruption,
)
from svet.domains.supply.actions.loading import load_categories, load_supply_points
from svet.domains.supply.actions.ongoing import begin_ongoing, end_ongoing, tell_ongoing, widen_ongoing
from svet.domains.supply.actions.registering import (
    PremisesData,
    register_network_operator,
    register_supply_point,
    set_category,
)

__all__ = [
    "InterruptionRefused",
    "PremisesData",
    "begin_ongoing",
    "end_ongoing",
    "load_categories",
    "load_supply_points",
    "record_event",
    "record_interruption",
    "register_network_operator",
    "register_supply_point",
    "set_category",
    "tell_ongoing",
    "undo_event",
    "undo_interruption",
    "widen_ongoing",
]
