"""Roles of staff and what each may do. Pure: no users, no requests."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is employed for."""

    OPERATOR = "operator"
    BILLING_ENGINEER = "billing_engineer"
    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a door asks for."""

    OPEN_ACCOUNTS = "open_accounts"
    REVIEW_READINGS = "review_readings"
    RUN_BILLING = "run_billing"
    CLOSE_MONTH = "close_month"
    ASSIGN_PAYMENTS = "assign_payments"
    READ_ACCESS_LOG = "read_access_log"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: frozenset({Right.OPEN_ACCOUNTS, Right.REVIEW_READINGS}),
    Role.BILLING_ENGINEER: frozenset(
        {Right.OPEN_ACCOUNTS, Right.REVIEW_READINGS, Right.RUN_BILLING, Right.CLOSE_MONTH}
    ),
    Role.CASHIER: frozenset({Right.OPEN_ACCOUNTS, Right.ASSIGN_PAYMENTS}),
    Role.SUPERVISOR: frozenset(
        {Right.OPEN_ACCOUNTS, Right.REVIEW_READINGS, Right.ASSIGN_PAYMENTS, Right.READ_ACCESS_LOG}
    ),
    Role.ADMINISTRATOR: frozenset(),
}


def may(roles: Iterable[str], right: Right) -> bool:
    """Say whether somebody with `roles` has `right`.

    >>> may(["operator"], Right.RUN_BILLING)
    False
    """
    return any(right in RIGHTS[Role(role)] for role in roles)
