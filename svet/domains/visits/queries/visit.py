"""A visit and its contacts: which ticket brought a contact, which contacts a ticket had, what its visitor said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from svet.domains.visits.models import Ticket, TicketStep, VisitRating, Window
from svet.domains.visits.rules import label


@dataclass(frozen=True, slots=True)
class VisitOfContact:
    """The ticket and the window by which a contact came about."""

    ticket_id: int
    label: str
    office_code: str
    window: int | None


@dataclass(frozen=True, slots=True)
class RatingView:
    """What a visitor said of his visit, and by which way."""

    score: int
    comment: str
    way: str
    at: datetime


def visits_of_contacts(contact_ids: Iterable[int]) -> dict[int, VisitOfContact]:
    """Return by contact the visit it was a part of; a contact without a ticket is left out."""
    ids = set(contact_ids)
    if not ids:
        return {}
    tickets = Ticket.objects.select_related("window").filter(contact_id__in=ids)
    steps = TicketStep.objects.select_related("ticket", "window").filter(contact_id__in=ids)
    parts = [(row.contact_id, row, row.window) for row in tickets]
    parts += [(row.contact_id, row.ticket, row.window) for row in steps]
    return {contact_id: _visit(one, at) for contact_id, one, at in parts if contact_id is not None}


def contacts_of_ticket(ticket_id: int) -> list[int]:
    """Return the contacts of a ticket, one for each time its visitor came to a window."""
    steps = TicketStep.objects.filter(ticket_id=ticket_id, contact__isnull=False).order_by("pk")
    last = Ticket.objects.filter(pk=ticket_id, contact__isnull=False).values_list("contact_id", flat=True)
    return list(dict.fromkeys([*steps.values_list("contact_id", flat=True), *last]))


def rating_of(ticket_id: int) -> RatingView | None:
    """Return what the visitor said of his visit, None when he said nothing."""
    row = VisitRating.objects.filter(ticket_id=ticket_id).first()
    return None if row is None else RatingView(row.score, row.comment, row.way, row.at)


def _visit(ticket: Ticket, window: Window | None) -> VisitOfContact:
    number = window.number if window else None
    return VisitOfContact(ticket.pk, label(ticket.letter, ticket.number), ticket.office_code, number)
