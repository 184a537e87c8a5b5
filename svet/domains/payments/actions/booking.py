"""How payments reach the ledger, and how long an action waits for another. Shared by the actions of this package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.models import Payment
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month


@contextmanager
def impatient_transaction(*, seconds: int = 5) -> Iterator[None]:
    """Open a transaction that waits for others so long at most; raise Conflict("payment_in_progress") then."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{seconds}s"])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Conflict("payment_in_progress") from error
        raise


def locked_payment(payment_id: int) -> Payment:
    """Return the payment, locked against others who would move it; raise NotFound."""
    found = Payment.objects.select_for_update(of=("self",), no_key=True).filter(pk=payment_id).first()
    if found is None:
        raise NotFound("payment_not_found", payment_id=payment_id)
    return found


def day_of(moment: datetime) -> date:
    """Return the day in Moscow."""
    return moment.astimezone(MOSCOW).date()


def book(
    *,
    account_id: int,
    kind: EntryKind,
    amount: Decimal,
    concerns: date | None,
    posted_on: date,
    source_kind: str,
    source_id: int,
    line: int = 1,
    recorded_at: datetime,
) -> None:
    """Post one movement into the month of `posted_on`, or into the first open month when that one is closed."""
    month = ledger_queries.open_month(Month.of(posted_on))
    for _ in range(2):
        try:
            ledger.post(
                account_id=account_id,
                kind=kind,
                amount=amount,
                month=month,
                concerns=Month.of(concerns) if concerns else None,
                posted_on=posted_on,
                source_kind=source_kind,
                source_id=source_id,
                line=line,
                recorded_at=recorded_at,
                service=Service.ENERGY,
            )
        except ledger.MonthIsClosed:
            # The month was being closed at this moment: the next one takes the money.
            month = ledger_queries.first_open_month()
        else:
            return
    raise Conflict("payment_in_progress")
