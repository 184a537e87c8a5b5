"""The log of looks with the accounts' numbers: access knows people, accounts know numbers."""

from __future__ import annotations

from dataclasses import dataclass

from svet.domains.access import queries as access
from svet.domains.access.queries import Look
from svet.domains.accounts import queries as accounts


@dataclass(frozen=True, slots=True)
class NumberedLook:
    """A look and the number of the account it was at."""

    look: Look
    number: str


def recent(*, number: str = "", limit: int = 200) -> list[NumberedLook]:
    """Return the latest looks, of one account when its number is given; nothing for a number that does not exist."""
    account = accounts.account_by_number(number) if number else None
    if number and account is None:
        return []
    found = access.looks(account_id=account.id if account else None, limit=limit)
    numbers = {
        account_id: accounts.account_by_id(account_id).number for account_id in {one.account_id for one in found}
    }
    return [NumberedLook(look=one, number=numbers[one.account_id]) for one in found]
