"""Reads of accounts: the customer's door, cards, searches, and the frames of exports."""

from svet.domains.accounts.queries.cards import (
    AccountCard,
    AccountView,
    AgreementView,
    HouseholdView,
    account_by_id,
    account_by_number,
    addresses,
    card,
    ids_by_number,
    supplied_periods,
)
from svet.domains.accounts.queries.doors import accounts_of, open_for, owner_of, owners_of_customer
from svet.domains.accounts.queries.exports import export_accounts, export_agreements, export_households
from svet.domains.accounts.queries.finding import Found, search

__all__ = [
    "AccountCard",
    "AccountView",
    "AgreementView",
    "Found",
    "HouseholdView",
    "account_by_id",
    "account_by_number",
    "accounts_of",
    "addresses",
    "card",
    "export_accounts",
    "export_agreements",
    "export_households",
    "ids_by_number",
    "open_for",
    "owner_of",
    "owners_of_customer",
    "search",
    "supplied_periods",
]
