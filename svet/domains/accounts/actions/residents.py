"""Residents of an account over time."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from svet.domains.accounts.models import Household
from svet.infra import audit, outbox
from svet.infra.fields import to_period, to_range
from svet.infra.locking import lock_row
from svet.kernel.errors import DomainError
from svet.kernel.period import Period

MOST_PEOPLE = 200


def change_household(
    account_id: int,
    *,
    from_on: date,
    registered: int,
    at: datetime,
    temporary: int = 0,
    owners: int = 1,
    privileged: bool = False,
) -> int:
    """Let these people live there from `from_on`, until the next change that is known; return the household's id.

    1. Lock the account; what was known from the same day is replaced.
    2. End the household in force on `from_on` that day; the new one lasts as long as it would have.
    3. Audit and record the fact (a past month is recalculated from it).

    Raises NotFound for the account, DomainError("household_is_wrong") for numbers below 0 or beyond belief.
    """
    counts = {"registered": registered, "temporary": temporary, "owners": owners}
    if not all(0 <= count <= MOST_PEOPLE for count in counts.values()):
        raise DomainError("household_is_wrong", **counts)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        households = Household.objects.filter(account_id=account_id)
        current = households.filter(valid__contains=from_on).first()
        later = households.filter(valid__startswith__gt=from_on).order_by("valid").first()
        until_on = later.valid.lower if later else None
        values = {**counts, "privileged": privileged}
        if current is not None:
            before = to_period(current.valid)
            until_on = before.end
            if before.start < from_on:
                current.valid = to_range(Period(before.start, from_on))
                current.save(update_fields=["valid"])
        if current is not None and before.start == from_on:
            households.filter(pk=current.pk).update(**values)
            household_id = current.pk
        else:
            valid = to_range(Period(from_on, until_on))
            household_id = Household.objects.create(account_id=account_id, valid=valid, **values).pk
        data = {**values, "from_on": from_on, "until_on": until_on}
        verb = "accounts.household_changed"
        audit.record(verb, target_kind="household", target_id=household_id, at=at, account_id=account_id, data=data)
        outbox.record(verb, at=at, account_id=account_id, payload=data)
    return household_id
