"""Accounts: numbers, roles of people on them, delivery of bills, households; how a search is understood. Pure."""

from svet.domains.accounts.rules.searching import (
    Search,
    masked,
    near_words,
    plain_words,
    typed_in_latin,
    understood,
)
from svet.domains.accounts.rules.terms import (
    ACCOUNT_DEFAULTS,
    HOUSEHOLD_DEFAULTS,
    NUMBER_PREFIX,
    BillDelivery,
    GrantRole,
    account_number,
    check_accounts,
    check_validity,
    counts_as,
    has_right_check_digit,
)

__all__ = [
    "ACCOUNT_DEFAULTS",
    "HOUSEHOLD_DEFAULTS",
    "NUMBER_PREFIX",
    "BillDelivery",
    "GrantRole",
    "Search",
    "account_number",
    "check_accounts",
    "check_validity",
    "counts_as",
    "has_right_check_digit",
    "masked",
    "near_words",
    "plain_words",
    "typed_in_latin",
    "understood",
]
