"""The customer's door: the only way from a signed-in person to an account. The staff's door records the look and so
is an action (`accounts.actions.open_for_staff`).
"""

from __future__ import annotations

from datetime import date

from svet.domains.accounts.models import AccountGrant
from svet.domains.accounts.queries.cards import AccountView, as_told, as_view
from svet.domains.accounts.rules import GrantRole
from svet.infra.planned import planned_cursor
from svet.kernel.errors import NotFound
from svet.kernel.identifiers import ACCOUNT_NUMBER

_GRANTED = """
SELECT a.id, a.number, a.customer_id, c.kind, c.organisation_name, c.family_name, c.given_name, c.patronymic,
       a.opened_on, a.closed_on, a.bill_delivery, g.role
  FROM accounts_grant g
  JOIN accounts_account a ON a.id = g.account_id
  JOIN customers_customer c ON c.id = a.customer_id
 WHERE g.user_id = %s AND a.number = %s AND g.valid @> %s::date
 ORDER BY g.id
 LIMIT 1
"""
"""Not by the models: every page of the account area asks it."""


def open_for(user_id: int, number: str, *, on: date) -> AccountView:
    """Return the account if the person has a grant on it that day.

    Raises NotFound("account_not_found") with the same facts whether the number is malformed, unknown or
    somebody else's: who asks cannot learn which.
    """
    if ACCOUNT_NUMBER.fullmatch(number) and number.isascii():
        with planned_cursor() as cursor:
            cursor.execute(_GRANTED, [user_id, number, on])
            found = cursor.fetchone()
        if found is not None:
            return as_told(*found)
    raise NotFound("account_not_found", number=number)


def owner_of(number: str, *, on: date) -> int | None:
    """Return the person who owns the account that day (of several the first to do so), None when nobody does."""
    owners = AccountGrant.objects.filter(account__number=number, role=GrantRole.OWNER, valid__contains=on)
    return owners.order_by("valid", "pk").values_list("user_id", flat=True).first()


def owners_of_customer(customer_id: int) -> list[int]:
    """Return everybody who owned one of the customer's accounts at some time."""
    owners = AccountGrant.objects.filter(account__customer_id=customer_id, role=GrantRole.OWNER)
    return list(owners.values_list("user_id", flat=True).distinct())


def accounts_of(user_id: int, on: date) -> list[AccountView]:
    """Return the accounts on which the person has a grant that day, by number."""
    grants = AccountGrant.objects.filter(user_id=user_id, valid__contains=on)
    ordered = grants.select_related("account__customer").order_by("account__number")
    return [as_view(grant.account, role=grant.role) for grant in ordered]
