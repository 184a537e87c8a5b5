"""Reads of supply points, their addresses and categories, and the frames of exports."""

from svet.domains.supply.queries.events import (
    SupplyEventView,
    event_of_request,
    interrupted_then,
    points_of_event,
    supply_event,
    supply_events,
)
from svet.domains.supply.queries.exports import export_categories, export_supply_points
from svet.domains.supply.queries.points import (
    NetworkOperatorView,
    SupplyPointView,
    addresses,
    find_points,
    flats_of_house,
    ids_by_code,
    network_operator_ids,
    network_operators,
    network_operators_at,
    supply_point,
    supply_point_by_code,
    supply_points,
)

__all__ = [
    "NetworkOperatorView",
    "SupplyEventView",
    "SupplyPointView",
    "addresses",
    "event_of_request",
    "export_categories",
    "export_supply_points",
    "find_points",
    "flats_of_house",
    "ids_by_code",
    "interrupted_then",
    "network_operator_ids",
    "network_operators",
    "network_operators_at",
    "points_of_event",
    "supply_event",
    "supply_events",
    "supply_point",
    "supply_point_by_code",
    "supply_points",
]
