"""Taking back the opening of an account that was opened by mistake, before anything came of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.accounts.models import Account, Agreement
from svet.infra import audit, outbox
from svet.infra.fields import to_period
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError


def withdraw_opening(account_id: int, *, at: datetime, reason: str) -> int:
    """Let the account supply nothing, as if nobody had come: return how many agreements went.

    The agreements go (each former state stays in the history), the account is closed on the day it was opened and
    keeps its number. Whether anything was charged or paid is for the caller to know. Raises NotFound,
    Conflict("account_is_closed"), DomainError("undo_needs_a_reason").
    """
    if not reason.strip():
        raise DomainError("undo_needs_a_reason")
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        account = Account.objects.get(pk=account_id)
        if account.closed_on is not None:
            raise Conflict("account_is_closed", number=account.number, closed_on=account.closed_on)
        agreements = list(Agreement.objects.filter(account_id=account_id))
        gone = [(one.supply_point_id, to_period(one.valid)) for one in agreements]
        Agreement.objects.filter(account_id=account_id).delete()
        account.closed_on = account.opened_on
        account.save(update_fields=["closed_on"])
        data = {
            "closed_on": account.closed_on,
            "agreements": [{"supply_point_id": point, "from_on": period.start} for point, period in gone],
        }
        verb = "accounts.opening_withdrawn"
        audit.record(
            verb, target_kind="account", target_id=account_id, at=at, account_id=account_id, data=data, reason=reason
        )
        outbox.record(verb, at=at, account_id=account_id, payload=data)
    return len(gone)
