"""Reads of accounts: the customer's door, cards, searches, and the frames of exports."""

from svet.domains.accounts.queries.cards import (
    AccountCard,
    AccountView,
    AgreementView,
    HouseholdView,
    account_by_id,
    account_by_number,
    addresses,
    agreements_of,
    card,
    households_of,
    ids_by_number,
    numbers_and_families,
    supplied_at,
    supplied_periods,
    supplied_until,
    taken_from,
)
from svet.domains.accounts.queries.disclosures import DisclosureView, disclosure, disclosures_of
from svet.domains.accounts.queries.doors import accounts_of, open_for, owner_of, owners_of_customer
from svet.domains.accounts.queries.exports import export_accounts, export_agreements, export_households
from svet.domains.accounts.queries.finding import Findings, Found, found_rows, search
from svet.domains.accounts.queries.people import (
    InvitationView,
    PersonOnAccount,
    invitations_of,
    people_of,
    waiting_invitation,
)

__all__ = [
    "AccountCard",
    "AccountView",
    "AgreementView",
    "DisclosureView",
    "Findings",
    "Found",
    "HouseholdView",
    "InvitationView",
    "PersonOnAccount",
    "account_by_id",
    "account_by_number",
    "accounts_of",
    "addresses",
    "agreements_of",
    "card",
    "disclosure",
    "disclosures_of",
    "export_accounts",
    "export_agreements",
    "export_households",
    "found_rows",
    "households_of",
    "ids_by_number",
    "invitations_of",
    "numbers_and_families",
    "open_for",
    "owner_of",
    "owners_of_customer",
    "people_of",
    "search",
    "supplied_at",
    "supplied_periods",
    "supplied_until",
    "taken_from",
    "waiting_invitation",
]
