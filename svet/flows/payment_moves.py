"""One payment on an account's card: where it was and is, who moved it and why, what a move would leave to pay."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from svet.domains.access import queries as access
from svet.domains.ledger import queries as ledger
from svet.domains.payments import queries as payments
from svet.domains.payments.queries import MoveRow, PaymentRow
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Move:
    """A move and the name of who made it, empty where the system did."""

    row: MoveRow
    who: str


@dataclass(frozen=True, slots=True)
class PaymentOnAccount:
    """A payment seen from an account that holds it or once held it; plus in the balances means the customer owes."""

    payment: PaymentRow
    moves: tuple[Move, ...]
    is_here: bool
    balance: Decimal

    @property
    def balance_without(self) -> Decimal:
        """What the balance of the account comes to when the payment leaves it."""
        return self.balance + self.payment.amount

    @property
    def may_move(self) -> bool:
        """Whether the payment can be moved from this account."""
        return self.is_here and not self.payment.is_reversed

    @property
    def came_from(self) -> str:
        """The number of the account from which the payment came here last, empty when it was always here."""
        return self.moves[-1].row.from_number if self.may_move and self.moves else ""


def payment_on_account(payment_id: int, *, account_id: int) -> PaymentOnAccount:
    """Return the payment; raise NotFound("payment_not_found") also when this account never held it."""
    payment, rows = payments.payment(payment_id), payments.moves_of(payment_id)
    held_by = {payment.account_id} | {one for row in rows for one in (row.from_account_id, row.to_account_id)}
    if account_id not in held_by:
        raise NotFound("payment_not_found", payment_id=payment_id)
    names = access.names_of(row.moved_by for row in rows)
    return PaymentOnAccount(
        payment=payment,
        moves=tuple(Move(row, names.get(row.moved_by or 0, "")) for row in rows),
        is_here=payment.account_id == account_id,
        balance=ledger.balance(account_id),
    )
