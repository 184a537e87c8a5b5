"""A ticket of the queue on a strip of 80 mm with the code that leads a phone to it (clause O4)."""

from __future__ import annotations

from datetime import datetime

from svet.flows.hall import TicketPage
from svet.surfaces.paper import drawn_codes, engine
from svet.surfaces.paper.heads import cleaned
from svet.surfaces.web.templatetags.svet import clock_time, moment

TEMPLATE = "ticket.typ"
FROM_CODE = "qr"
"""What the address in a printed code ends with, so that a rating tells by which way it came."""


def render(page: TicketPage, *, address: str, at: datetime) -> bytes:
    """Return the ticket as a PDF; raise TypesettingFailed."""
    ticket = page.ticket
    lines = [ticket.title]
    if ticket.privilege:
        lines.append("Вне очереди")
    if ticket.booked_for:
        lines.append(f"По записи на {clock_time(ticket.booked_for)}")
    if ticket.expected_at:
        lines.append(f"Вызовем примерно в {clock_time(ticket.expected_at)}")
    texts = {
        "title": f"Талон {ticket.label}",
        "number": ticket.label,
        "office": page.office.name,
        "issued": moment(ticket.issued_at),
        "lines": lines,
    }
    return engine.pdf(TEMPLATE, {**cleaned(texts), "qr": drawn_codes.qr_png(address)}, made_at=at)
