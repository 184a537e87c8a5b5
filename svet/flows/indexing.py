"""What is searched by follows what changes: one account, all accounts of a customer, everything after a load."""

from __future__ import annotations

from datetime import datetime

from svet.domains.accounts import actions as accounts
from svet.infra import outbox
from svet.infra.clock import MOSCOW
from svet.infra.models import Fact

LOADS = (
    "customers.customers_loaded",
    "customers.contacts_loaded",
    "supply.supply_points_loaded",
    "accounts.accounts_loaded",
    "accounts.agreements_loaded",
)


def index_loaded(fact: Fact, at: datetime) -> None:
    """Index all accounts after a load; of several loads one after another only the last does it."""
    if not outbox.is_followed(fact, by=LOADS):
        accounts.index_all(on=at.astimezone(MOSCOW).date())


def index_account(fact: Fact, at: datetime) -> None:
    """Index the account of the fact."""
    if fact.account_id is not None:
        accounts.index_accounts([fact.account_id], on=at.astimezone(MOSCOW).date())


def index_customer(fact: Fact, at: datetime) -> None:
    """Index the accounts of the customer of the fact."""
    accounts.index_customers([fact.payload["customer_id"]], on=at.astimezone(MOSCOW).date())
