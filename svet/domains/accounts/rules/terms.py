"""Accounts: how they are numbered, roles of people on them, delivery of bills, the size of a household. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

import polars as pl

from svet.kernel.findings import Level
from svet.kernel.identifiers import account_check_digit
from svet.kernel.row_findings import found, repeated, together

NUMBER_PREFIX = "33"
"""The first two digits of the numbers that this company gives out itself; the last is the check digit."""


class BillDelivery(StrEnum):
    """How the customer wants the bill."""

    PAPER = "paper"
    EMAIL = "email"
    BOTH = "both"


class DisclosureState(StrEnum):
    """How far a disclosure is: everything held about a person, put together for him as a file."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


UNFINISHED = (DisclosureState.WAITING, DisclosureState.MAKING)
DISCLOSURE_DAYS = 7
"""For how many days a finished disclosure can be taken; then its file is destroyed."""


class GrantRole(StrEnum):
    """What a signed-in person may do on an account."""

    OWNER = "owner"
    PAYER = "payer"
    READER = "reader"


class AccountRight(StrEnum):
    """What a page of the account area asks for."""

    SEE = "see"
    GIVE_READINGS = "give_readings"
    PAY = "pay"
    DECIDE = "decide"
    """Contacts, notifications, consents, papers, and who else may come in."""


ROLE_RIGHTS: dict[GrantRole, frozenset[AccountRight]] = {
    GrantRole.OWNER: frozenset(AccountRight),
    GrantRole.PAYER: frozenset({AccountRight.SEE, AccountRight.GIVE_READINGS, AccountRight.PAY}),
    GrantRole.READER: frozenset({AccountRight.SEE}),
}

INVITATION_LASTS = timedelta(days=7)
MOST_INVITATIONS = 10
"""How many invitations may wait on one account, and how many may be sent for it in a day."""


def role_may(role: str, right: AccountRight) -> bool:
    """Say whether somebody with this role on an account has the right; no role has none.

    >>> role_may("payer", AccountRight.GIVE_READINGS), role_may("reader", AccountRight.PAY)
    (True, False)
    """
    return bool(role) and right in ROLE_RIGHTS[GrantRole(role)]


ACCOUNT_DEFAULTS: dict[str, object] = {"closed_on": None, "bill_delivery": BillDelivery.PAPER.value}
HOUSEHOLD_DEFAULTS: dict[str, object] = {"temporary": 0, "owners": 1, "privileged": False, "until_on": None}
"""What an account and a household of a file are when nothing is said."""


def account_number(serial: int) -> str:
    """Return the account number of a running number; raise ValueError when the numbers are used up.

    >>> account_number(1)
    '3300000019'
    """
    if not 0 < serial < 10_000_000:
        raise ValueError(f"no account number for {serial}")
    first_nine = f"{NUMBER_PREFIX}{serial:07d}"
    return first_nine + account_check_digit(first_nine)


def has_right_check_digit(number: pl.Expr) -> pl.Expr:
    """Say of each account number (ten digits, as text) whether its last digit is Luhn's."""
    digits = number.cast(pl.Int64, strict=False)
    total: pl.Expr = pl.lit(0, dtype=pl.Int64)
    for place in range(10):
        digit = digits // 10**place % 10
        if place % 2:
            doubled = digit * 2
            digit = doubled - pl.when(doubled > 9).then(9).otherwise(0)
        total = total + digit
    return (total % 10 == 0).fill_null(False)


def counts_as(*, registered: int, temporary: int, owners: int) -> int:
    """Return for how many people norms are counted: owners stand in where nobody is registered or stays.

    Rules 354 (RF Government, 06.05.2011), item 56(2).

    >>> counts_as(registered=0, temporary=0, owners=2), counts_as(registered=3, temporary=1, owners=1)
    (2, 4)
    """
    return registered + temporary or owners


def check_accounts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return findings about accounts of a file: the number's form, its check digit (noted), the days."""
    well_formed = pl.col("account_number").str.contains(r"^[0-9]{10}$")
    return together(
        [
            repeated(rows, key=["account_number"], column="account_number"),
            found(rows, ~well_formed, code="account_number_is_wrong", column="account_number"),
            found(
                rows,
                well_formed & ~has_right_check_digit(pl.col("account_number")),
                code="check_digit_looks_wrong",
                column="account_number",
                level=Level.NOTE,
            ),
            found(
                rows,
                pl.col("closed_on") < pl.col("opened_on"),
                code="closes_before_it_opens",
                column="closed_on",
                facts={"opened_on": pl.col("opened_on").cast(pl.String)},
            ),
        ]
    )


def check_validity(rows: pl.DataFrame, *, key: Sequence[str]) -> pl.DataFrame:
    """Return findings about rows with a validity: the period holds a day, the `key` is there once."""
    named = rows.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in key))
    return together(
        [
            found(rows, pl.col("until_on") <= pl.col("from_on"), code="period_is_empty", column="until_on"),
            repeated(named, key=key, column="from_on"),
        ]
    )
