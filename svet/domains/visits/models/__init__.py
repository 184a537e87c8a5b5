"""Tables of the hall: what is served where, tickets with their story, bookings."""

from svet.domains.visits.models.hall import (
    Closed,
    Device,
    Duty,
    ForecastError,
    HallTerms,
    Pace,
    Privilege,
    Series,
    Window,
)
from svet.domains.visits.models.tickets import Booking, Ticket, TicketStep, VisitRating

__all__ = [
    "Booking",
    "Closed",
    "Device",
    "Duty",
    "ForecastError",
    "HallTerms",
    "Pace",
    "Privilege",
    "Series",
    "Ticket",
    "TicketStep",
    "VisitRating",
    "Window",
]
