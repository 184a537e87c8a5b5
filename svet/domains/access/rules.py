"""Roles of staff, what each may do, and for what purposes personal data may be looked at. Pure."""

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


class LookPurpose(StrEnum):
    """Why a member of staff opens a customer's account (clause T3); the first question the desk asks."""

    CUSTOMER_CALL = "customer_call"
    OFFICE_VISIT = "office_visit"
    WRITTEN_APPEAL = "written_appeal"
    READING_CHECK = "reading_check"
    BILLING_CHECK = "billing_check"
    PAYMENT_SEARCH = "payment_search"


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


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """Return all that somebody with `roles` may do.

    >>> sorted(rights_of(["cashier"]))
    [<Right.ASSIGN_PAYMENTS: 'assign_payments'>, <Right.OPEN_ACCOUNTS: 'open_accounts'>]
    """
    return frozenset().union(*(RIGHTS[Role(role)] for role in roles))
