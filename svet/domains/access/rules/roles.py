"""Roles of staff, what each may do, and for what purposes personal data may be looked at. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is employed for."""

    OPERATOR = "operator"
    CASHIER = "cashier"
    BILLING_ENGINEER = "billing_engineer"
    SUPERVISOR = "supervisor"
    HEAD = "head"
    AUDITOR = "auditor"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a door asks for."""

    # customers
    OPEN_ACCOUNTS = "open_accounts"
    TAKE_READINGS = "take_readings"
    CHANGE_CUSTOMERS = "change_customers"
    CHANGE_SUPPLY = "change_supply"
    TELL_OUTAGES = "tell_outages"
    PRINT_DOCUMENTS = "print_documents"
    ANSWER_CASES = "answer_cases"
    KEEP_TEMPLATES = "keep_templates"

    # readings and billing
    REVIEW_READINGS = "review_readings"
    RUN_BILLING = "run_billing"
    CLOSE_MONTH = "close_month"
    PUBLISH_TARIFFS = "publish_tariffs"

    # money
    TAKE_MONEY = "take_money"
    ASSIGN_PAYMENTS = "assign_payments"
    MOVE_PAYMENTS = "move_payments"

    # the site and the knowledge base
    EDIT_CONTENT = "edit_content"
    APPROVE_CONTENT = "approve_content"
    SWITCH_CHANNELS = "switch_channels"

    # oversight
    UNDO_OPERATIONS = "undo_operations"
    READ_ACCESS_LOG = "read_access_log"
    READ_JOURNAL = "read_journal"
    SEE_SERVICE_FIGURES = "see_service_figures"
    MANAGE_HALL = "manage_hall"
    MANAGE_STAFF = "manage_staff"
    KEEP_REFERENCE = "keep_reference"


class LookPurpose(StrEnum):
    """Why a member of staff opens a customer's account (clause T3); the first question the desk asks."""

    CUSTOMER_CALL = "customer_call"
    OFFICE_VISIT = "office_visit"
    WRITTEN_APPEAL = "written_appeal"
    READING_CHECK = "reading_check"
    BILLING_CHECK = "billing_check"
    PAYMENT_SEARCH = "payment_search"
    TAKING_PAYMENT = "taking_payment"
    INSPECTION = "inspection"
    REGISTER_EXPORT = "register_export"


_AT_THE_DESK = frozenset(
    {Right.OPEN_ACCOUNTS, Right.TAKE_READINGS, Right.CHANGE_CUSTOMERS, Right.PRINT_DOCUMENTS, Right.ANSWER_CASES}
)
_OVERSIGHT = frozenset({Right.READ_ACCESS_LOG, Right.READ_JOURNAL, Right.SEE_SERVICE_FIGURES})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: _AT_THE_DESK | {Right.REVIEW_READINGS, Right.CHANGE_SUPPLY, Right.TELL_OUTAGES},
    Role.CASHIER: frozenset(
        {Right.OPEN_ACCOUNTS, Right.PRINT_DOCUMENTS, Right.TAKE_MONEY, Right.ASSIGN_PAYMENTS, Right.MOVE_PAYMENTS}
    ),
    Role.BILLING_ENGINEER: frozenset(
        {
            Right.OPEN_ACCOUNTS,
            Right.TAKE_READINGS,
            Right.REVIEW_READINGS,
            Right.CHANGE_SUPPLY,
            Right.TELL_OUTAGES,
            Right.PRINT_DOCUMENTS,
            Right.RUN_BILLING,
            Right.CLOSE_MONTH,
            Right.PUBLISH_TARIFFS,
            Right.KEEP_REFERENCE,
        }
    ),
    Role.SUPERVISOR: _AT_THE_DESK
    | _OVERSIGHT
    | {
        Right.REVIEW_READINGS,
        Right.CHANGE_SUPPLY,
        Right.TELL_OUTAGES,
        Right.ASSIGN_PAYMENTS,
        Right.MOVE_PAYMENTS,
        Right.UNDO_OPERATIONS,
        Right.MANAGE_HALL,
        Right.KEEP_TEMPLATES,
        Right.APPROVE_CONTENT,
        Right.SWITCH_CHANNELS,
    },
    Role.HEAD: _OVERSIGHT
    | {
        Right.MANAGE_HALL,
        Right.OPEN_ACCOUNTS,
        Right.PRINT_DOCUMENTS,
        Right.APPROVE_CONTENT,
        Right.SWITCH_CHANNELS,
    },
    Role.AUDITOR: _OVERSIGHT | {Right.OPEN_ACCOUNTS},
    Role.EDITOR: frozenset({Right.EDIT_CONTENT}),
    Role.ADMINISTRATOR: frozenset({Right.MANAGE_STAFF, Right.KEEP_REFERENCE, Right.EDIT_CONTENT}),
}
"""Neither an administrator, who manages logins, nor an editor of the site opens a customer's data by being one."""


def may(roles: Iterable[str], right: Right) -> bool:
    """Say whether somebody with `roles` has `right`.

    >>> may(["operator"], Right.RUN_BILLING)
    False
    """
    return any(right in RIGHTS[Role(role)] for role in roles)


def rights_of(roles: Iterable[str]) -> frozenset[Right]:
    """Return all that somebody with `roles` may do.

    >>> rights_of(["cashier"]) >= {Right.TAKE_MONEY, Right.MOVE_PAYMENTS}
    True
    """
    return frozenset().union(*(RIGHTS[Role(role)] for role in roles))


def rank(roles: Iterable[str]) -> int:
    """Return who leads whom within a unit: the head (2) everybody, a supervisor (1) those who are neither (0).

    >>> rank(["operator", "supervisor"]), rank(["head"]), rank(["cashier"])
    (1, 2, 0)
    """
    held = set(roles)
    return 2 if Role.HEAD in held else 1 if Role.SUPERVISOR in held else 0


INNER_WORK: dict[LookPurpose, Right] = {
    LookPurpose.WRITTEN_APPEAL: Right.ANSWER_CASES,
    LookPurpose.READING_CHECK: Right.REVIEW_READINGS,
    LookPurpose.BILLING_CHECK: Right.RUN_BILLING,
    LookPurpose.PAYMENT_SEARCH: Right.ASSIGN_PAYMENTS,
    LookPurpose.INSPECTION: Right.READ_ACCESS_LOG,
}
"""Work with an account without the customer, and the right of those whose work it is."""


def inner_purposes(roles: Iterable[str]) -> tuple[LookPurpose, ...]:
    """Return for what somebody with `roles` may open an account without the customer.

    >>> inner_purposes(["cashier"])
    (<LookPurpose.PAYMENT_SEARCH: 'payment_search'>,)
    """
    rights = rights_of(roles)
    return tuple(purpose for purpose, right in INNER_WORK.items() if right in rights)
