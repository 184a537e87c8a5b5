"""Who may see an account: grants of customers' people, and the staff's door, which records each look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from svet.domains.access import actions as access
from svet.domains.access import queries as people
from svet.domains.access.rules import Right, may
from svet.domains.accounts.models import AccountGrant
from svet.domains.accounts.queries import AccountView, account_by_number
from svet.domains.accounts.rules import GrantRole
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound
from svet.kernel.period import Period


def open_for_staff(
    user_id: int,
    roles: Iterable[str],
    number: str,
    *,
    purpose: str,
    at: datetime,
    page: str = "",
    contact_id: int | None = None,
) -> AccountView:
    """Return the account for a member of staff, and record the look with its purpose (clause T3).

    Raises NotAllowed("not_allowed") without Right.OPEN_ACCOUNTS, DomainError("purpose_is_needed"),
    NotFound("account_not_found").
    """
    if not may(roles, Right.OPEN_ACCOUNTS):
        raise NotAllowed(right=Right.OPEN_ACCOUNTS.value)
    account = account_by_number(number)
    if account is None:
        raise NotFound("account_not_found", number=number)
    access.record_look(user_id, account_id=account.id, purpose=purpose, at=at, page=page, contact_id=contact_id)
    return account


def grant_access(
    account_id: int, *, user_id: int, role: GrantRole, from_on: date, at: datetime, until_on: date | None = None
) -> int:
    """Give a person a role on the account from `from_on` until (not including) `until_on`; return the grant's id.

    Raises NotFound for the account or the person, DomainError("period_is_empty"), Conflict("access_is_granted") when he
    has a role on one of these days already.
    """
    if until_on is not None and until_on <= from_on:
        raise DomainError("period_is_empty", from_on=from_on, until_on=until_on)
    people.person(user_id)
    try:
        with transaction.atomic():
            lock_row("accounts_account", account_id)
            grant = AccountGrant.objects.create(
                account_id=account_id, user_id=user_id, role=GrantRole(role), valid=to_range(Period(from_on, until_on))
            )
            _record("granted", grant, at=at)
    except IntegrityError as error:
        raise Conflict("access_is_granted", user_id=user_id) from error
    return grant.pk


def revoke_access(account_id: int, *, user_id: int, until_on: date, at: datetime) -> None:
    """End a person's role on the account: `until_on` is the first day without it; a grant not yet begun goes away.

    Raises NotFound("access_is_not_granted") when there is nothing to end.
    """
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        grants = AccountGrant.objects.filter(account_id=account_id, user_id=user_id)
        ended = 0
        for grant in grants.order_by("valid"):
            period = to_period(grant.valid)
            if period.end is not None and period.end <= until_on:
                continue
            ended += 1
            _record("revoked", grant, at=at)
            if period.start >= until_on:
                grant.delete()
            else:
                grant.valid = to_range(Period(period.start, until_on))
                grant.save(update_fields=["valid"])
        if not ended:
            raise NotFound("access_is_not_granted", user_id=user_id)


def revoke_if_granted(account_id: int, *, user_id: int, at: datetime) -> None:
    """End a person's role on the account from today on, if he has one, so that he can get another."""
    try:
        revoke_access(account_id, user_id=user_id, until_on=at.date(), at=at)
    except NotFound:
        return


def _record(what: str, grant: AccountGrant, *, at: datetime) -> None:
    verb, account_id = f"accounts.access_{what}", grant.account_id
    data = {"user_id": grant.user_id, "role": grant.role}
    audit.record(verb, target_kind="grant", target_id=grant.pk, at=at, account_id=account_id, data=data)
    outbox.record(verb, at=at, account_id=account_id, payload=data)
