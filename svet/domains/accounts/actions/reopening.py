"""Taking an ending back: an account that was closed goes on, and so does an agreement that was ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svet.domains.accounts.models import Account, Agreement
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.period import Period


def reopen_account(account_id: int, *, at: datetime, reason: str) -> date:
    """Open a closed account again; return the day on which it was closed.

    Raises NotFound, Conflict("account_is_open"), DomainError("undo_needs_a_reason").
    """
    _ask_why(reason)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        account = Account.objects.get(pk=account_id)
        closed_on = account.closed_on
        if closed_on is None:
            raise Conflict("account_is_open", number=account.number)
        account.closed_on = None
        account.save(update_fields=["closed_on"])
        _record("account_reopened", "account", account.pk, account_id, {"closed_on": closed_on}, at=at, reason=reason)
    return closed_on


def reopen_agreements(account_id: int, *, ended_on: date, at: datetime, reason: str) -> int:
    """Let the account's agreements that ended on `ended_on` go on without an end; return how many there were.

    Raises Conflict("supply_point_is_taken") when somebody else is supplied there since,
    DomainError("undo_needs_a_reason").
    """
    _ask_why(reason)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        ended = list(Agreement.objects.filter(account_id=account_id, valid__endswith=ended_on).order_by("pk"))
        for agreement in ended:
            _reopen(agreement, ended_on=ended_on)
            data = {"supply_point_id": agreement.supply_point_id, "ended_on": ended_on}
            _record("agreement_reopened", "agreement", agreement.pk, account_id, data, at=at, reason=reason)
    return len(ended)


def _reopen(agreement: Agreement, *, ended_on: date) -> None:
    agreement.valid = to_range(Period(to_period(agreement.valid).start))
    try:
        with transaction.atomic():
            agreement.save(update_fields=["valid"])
    except IntegrityError as error:
        code = agreement.supply_point.code
        raise Conflict("supply_point_is_taken", supply_point=code, from_on=ended_on) from error


def _ask_why(reason: str) -> None:
    if not reason.strip():
        raise DomainError("undo_needs_a_reason")


def _record(
    what: str, kind: str, target_id: int, account_id: int, data: dict[str, object], *, at: datetime, reason: str
) -> None:
    verb = f"accounts.{what}"
    audit.record(verb, target_kind=kind, target_id=target_id, at=at, account_id=account_id, data=data, reason=reason)
    outbox.record(verb, at=at, account_id=account_id, payload=data)
