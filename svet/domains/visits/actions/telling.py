"""What every action on a ticket leaves: its event (the board's version grows by it), an audit record, a fact."""

from __future__ import annotations

from datetime import datetime

from svet.domains.visits.models import Ticket, TicketStep
from svet.domains.visits.rules import Happened, Reason
from svet.infra import audit
from svet.infra.locking import lock_names
from svet.kernel.errors import NotFound


def lock_hall(office_code: str) -> None:
    """Keep every other change in this office's hall waiting until the transaction ends."""
    lock_names(f"visits:{office_code}")


def locked_ticket(ticket_id: int, *, office_code: str) -> Ticket:
    """Lock the hall and return a ticket of it; raise NotFound("no_such_ticket")."""
    lock_hall(office_code)
    row = Ticket.objects.select_related("series").filter(pk=ticket_id, office_code=office_code).first()
    if row is None:
        raise NotFound("no_such_ticket")
    return row


def tell(
    row: Ticket,
    happened: Happened,
    *,
    at: datetime,
    by: int | None = None,
    reason: Reason | None = None,
    passed_over: int = 0,
    note: str = "",
    contact_id: int | None = None,
) -> None:
    """Save the ticket and keep what happened to it, inside the transaction that locked its hall."""
    row.save()
    TicketStep.objects.create(
        ticket=row,
        office_code=row.office_code,
        at=at,
        happened=happened,
        window_id=row.window_id,
        by_id=by,
        reason=reason or "",
        passed_over=passed_over,
        note=note[:200],
        contact_id=contact_id,
    )
    audit.record(
        f"visits.ticket_{happened.value}",
        target_kind="ticket",
        target_id=row.pk,
        at=at,
        data={
            "ticket_id": row.pk,
            "office": row.office_code,
            "number": f"{row.letter}{row.number}",
            "window": row.window_id,
        },
        reason=note,
        fact=f"visits.ticket_{happened.value}",
    )
