"""Accounts: states, roles of people on them, delivery of bills. Pure."""

from __future__ import annotations

from enum import StrEnum


class BillDelivery(StrEnum):
    """How the customer wants the bill."""

    PAPER = "paper"
    EMAIL = "email"
    BOTH = "both"


class GrantRole(StrEnum):
    """What a signed-in person may do on an account."""

    OWNER = "owner"
    PAYER = "payer"
    READER = "reader"
