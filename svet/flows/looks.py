"""The log of looks with the accounts' numbers, and what in it is odd: access knows people, accounts know numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from svet.domains.access import queries as access
from svet.domains.access.queries import Look
from svet.domains.access.rules import Oddity, oddities
from svet.domains.accounts import queries as accounts
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import ExportView

ODD_WITHIN = timedelta(days=7)
EXPORTS = 10
"""So many of the latest exports stand on the page."""


@dataclass(frozen=True, slots=True)
class NumberedLook:
    """A look and the number of the account it was at."""

    look: Look
    number: str


@dataclass(frozen=True, slots=True)
class NamedOddity:
    """An oddity with the name of the member of staff and the number of the account, where it is about one."""

    oddity: Oddity
    user_name: str
    number: str


@dataclass(frozen=True, slots=True)
class NamedExport:
    """An export of the register of cases, a look at each of its accounts, with the name of who asked for it."""

    export: ExportView
    user_name: str


@dataclass(frozen=True, slots=True)
class LooksPage:
    """The latest looks, what was odd within the last days, and the latest exports of the register."""

    looks: tuple[NumberedLook, ...]
    odd: tuple[NamedOddity, ...]
    exports: tuple[NamedExport, ...]


def page(*, at: datetime, number: str = "", limit: int = 200) -> LooksPage:
    """Return the latest looks: all of the account with this number, else those one by one, what is odd, and exports."""
    shown = tuple(recent(number=number, limit=limit))
    return LooksPage(shown, (), ()) if number else LooksPage(shown, tuple(odd(at=at)), tuple(exports()))


def recent(*, number: str = "", limit: int = 200) -> list[NumberedLook]:
    """Return the latest looks, of one account when its number is given; nothing for a number that does not exist.

    Those of exports of the register are among the looks of one account alone: each would fill the list of all.
    """
    account = accounts.account_by_number(number) if number else None
    if number and account is None:
        return []
    found = access.looks(account_id=account.id if account else None, one_by_one=not number, limit=limit)
    known = accounts.numbers_and_families(one.account_id for one in found)
    return [NumberedLook(look=one, number=known[one.account_id][0]) for one in found]


def exports(*, limit: int = EXPORTS) -> list[NamedExport]:
    """Return the latest exports of the register in which there were accounts, one line each."""
    found = cases.exports_of_accounts(limit=limit)
    names = access.names_of(one.user_id for one in found)
    return [NamedExport(one, user_name=names.get(one.user_id, "")) for one in found]


def odd(*, at: datetime) -> list[NamedOddity]:
    """Return what is odd about the looks of the last ODD_WITHIN, the latest first."""
    rows = access.looked(since=at - ODD_WITHIN)
    known = accounts.numbers_and_families(row.account_id for row in rows)
    users = {row.user_id for row in rows}
    found = oddities(
        rows,
        staff=access.family_names(users),
        customers={account_id: family for account_id, (_, family) in known.items()},
    )
    names = access.names_of(one.user_id for one in found)
    return [
        NamedOddity(
            one,
            user_name="" if one.user_id is None else names.get(one.user_id, ""),
            number="" if one.account_id is None else known[one.account_id][0],
        )
        for one in found
    ]
