"""What changes in accounts: opening and closing, agreements, households, who may see them, loading from files."""

from svet.domains.accounts.actions.agreeing import end_agreement, make_agreement
from svet.domains.accounts.actions.disclosing import (
    MAKER,
    expire_disclosures,
    fail_disclosure,
    finish_disclosure,
    note_progress,
    request_disclosure,
    restart_disclosures,
    take_disclosure,
)
from svet.domains.accounts.actions.granting import grant_access, open_for_staff, revoke_access, revoke_if_granted
from svet.domains.accounts.actions.indexing import index_accounts, index_all, index_customers
from svet.domains.accounts.actions.inviting import (
    accept_invitation,
    invite,
    remove_person,
    withdraw_invitation,
)
from svet.domains.accounts.actions.loading import load_accounts, load_agreements, load_households
from svet.domains.accounts.actions.opening import change_bill_delivery, close_account, open_account
from svet.domains.accounts.actions.reopening import reopen_account, reopen_agreements
from svet.domains.accounts.actions.residents import change_household
from svet.domains.accounts.actions.withdrawing import withdraw_opening

__all__ = [
    "MAKER",
    "accept_invitation",
    "change_bill_delivery",
    "change_household",
    "close_account",
    "end_agreement",
    "expire_disclosures",
    "fail_disclosure",
    "finish_disclosure",
    "grant_access",
    "index_accounts",
    "index_all",
    "index_customers",
    "invite",
    "load_accounts",
    "load_agreements",
    "load_households",
    "make_agreement",
    "note_progress",
    "open_account",
    "open_for_staff",
    "remove_person",
    "reopen_account",
    "reopen_agreements",
    "request_disclosure",
    "restart_disclosures",
    "revoke_access",
    "revoke_if_granted",
    "take_disclosure",
    "withdraw_invitation",
    "withdraw_opening",
]
