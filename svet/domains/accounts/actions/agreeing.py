"""Agreements: which account is supplied at which supply point, from when until when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from svet.domains.accounts.models import Account, Agreement
from svet.domains.supply import queries as supply
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Period


def make_agreement(
    account_id: int,
    *,
    supply_point_id: int,
    from_on: date,
    at: datetime,
    until_on: date | None = None,
    number: str = "",
) -> int:
    """Supply the account at the supply point from `from_on` until (not including) `until_on`; return the id.

    Raises NotFound for the account or the supply point, DomainError("period_is_empty"), Conflict("account_is_closed"),
    DomainError("agreement_before_the_account"), Conflict("supply_point_is_taken") when somebody is supplied there
    on one of these days.
    """
    period = _period(from_on, until_on)
    supply_point = supply.supply_point(supply_point_id, on=from_on)
    try:
        with transaction.atomic():
            lock_row("accounts_account", account_id)
            account = Account.objects.get(pk=account_id)
            if account.closed_on is not None and (until_on is None or until_on > account.closed_on):
                raise Conflict("account_is_closed", number=account.number, closed_on=account.closed_on)
            if from_on < account.opened_on:
                raise DomainError("agreement_before_the_account", opened_on=account.opened_on)
            agreement = Agreement.objects.create(
                account_id=account_id, supply_point_id=supply_point_id, number=number, valid=to_range(period)
            )
            _record("made", agreement, at=at)
    except IntegrityError as error:
        raise Conflict("supply_point_is_taken", supply_point=supply_point.code, from_on=from_on) from error
    return agreement.pk


def end_agreement(agreement_id: int, *, until_on: date, at: datetime) -> None:
    """End an agreement: `until_on` is the first day without it.

    Raises NotFound("agreement_not_found"), DomainError("period_is_empty"), Conflict("agreement_has_ended") when it
    ended earlier already.
    """
    with transaction.atomic():
        found = Agreement.objects.filter(pk=agreement_id).first()
        if found is None:
            raise NotFound("agreement_not_found", agreement_id=agreement_id)
        lock_row("accounts_account", found.account_id)
        agreement = Agreement.objects.get(pk=agreement_id)
        period = to_period(agreement.valid)
        if period.end is not None and period.end <= until_on:
            raise Conflict("agreement_has_ended", until_on=period.end)
        agreement.valid = to_range(_period(period.start, until_on))
        agreement.save(update_fields=["valid"])
        _record("ended", agreement, at=at)


def _period(from_on: date, until_on: date | None) -> Period:
    try:
        return Period(from_on, until_on)
    except ValueError as error:
        raise DomainError("period_is_empty", from_on=from_on, until_on=until_on) from error


def _record(what: str, agreement: Agreement, *, at: datetime) -> None:
    period = to_period(agreement.valid)
    data = {"supply_point_id": agreement.supply_point_id, "from_on": period.start, "until_on": period.end}
    verb, account_id = f"accounts.agreement_{what}", agreement.account_id
    audit.record(verb, target_kind="agreement", target_id=agreement.pk, at=at, account_id=account_id, data=data)
    outbox.record(verb, at=at, account_id=account_id, payload=data)
