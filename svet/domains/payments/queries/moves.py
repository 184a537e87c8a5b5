"""How a payment went from account to account, and what an account lost that way: read from its assignments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.payments.models import Payment
from svet.domains.payments.queries.payments import PaymentRow, as_row, ever_of, with_holder
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One move. `from_account_id` and `from_number` are empty where the money had no owner before."""

    moved_at: datetime
    moved_by: int | None
    from_account_id: int | None
    from_number: str
    to_account_id: int
    to_number: str
    reason: str


def moves_of(payment_id: int) -> list[MoveRow]:
    """Return the moves of a payment, the first one first; raise NotFound when there is no such payment."""
    payment = Payment.objects.select_related("account").filter(pk=payment_id).first()
    if payment is None:
        raise NotFound("payment_not_found", payment_id=payment_id)
    held_by, moves = payment.account, []
    # Each assignment replaces the one before it, so ids follow the order of moves.
    for row in payment.assignments.select_related("account").order_by("id"):
        moves.append(
            MoveRow(
                moved_at=row.assigned_at,
                moved_by=row.assigned_by,
                from_account_id=held_by.pk if held_by else None,
                from_number=held_by.number if held_by else "",
                to_account_id=row.account_id,
                to_number=row.account.number,
                reason=row.reason,
            )
        )
        held_by = row.account
    return moves


def moved_away(account_id: int) -> list[PaymentRow]:
    """Return the payments that the account once held and another holds now, latest first."""
    return [row for row in ever_held(account_id) if row.account_id != account_id]


def ever_held(account_id: int, *, limit: int | None = None) -> list[PaymentRow]:
    """Return the payments that the account holds or once held (then `account_id` says who does now), latest first."""
    rows = with_holder(ever_of(account_id))
    return [as_row(row) for row in rows.order_by("-paid_at", "-id")[:limit]]
