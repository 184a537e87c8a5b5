"""Identification before a card is opened (clause T3). Every try is kept, counted under the account's lock.

What was typed is kept as it was said; of the comparison only booleans are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.access.rules import LookPurpose, Right, inner_purposes, may
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountView
from svet.domains.cases.actions.serving import close, contact_for
from svet.domains.cases.models import Identification, ServiceContact
from svet.domains.cases.queries.identities import tries
from svet.domains.cases.rules.contacts import ContactChannel, Ending
from svet.domains.cases.rules.identity import DocumentKind, Known, Outcome, Said, Way, compare, may_try
from svet.domains.customers import queries as customers
from svet.infra import audit
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

PURPOSE_BY_CHANNEL = {
    ContactChannel.CALL: LookPurpose.CUSTOMER_CALL,
    ContactChannel.VISIT: LookPurpose.OFFICE_VISIT,
    ContactChannel.LETTER: LookPurpose.WRITTEN_APPEAL,
}


def identify_by_document(
    number: str,
    *,
    operator_id: int,
    document: DocumentKind,
    at: datetime,
    document_tail: str = "",
    power_of_attorney: str = "",
    said_name: str = "",
) -> int:
    """Record that the operator saw a document of the customer, or of his representative with the power of attorney.

    `document_tail` is at most the last four digits. Returns the identification's id; the card opens by it. Raises
    NotFound("account_not_found"), DomainError("document_tail_is_wrong").
    """
    if document_tail and not re.fullmatch(r"[0-9]{1,4}", document_tail):
        raise DomainError("document_tail_is_wrong")
    way = Way.REPRESENTATIVE if power_of_attorney.strip() else Way.DOCUMENT
    with transaction.atomic():
        account = _locked(number)
        contact = contact_for(operator_id, account_id=account.id, channel=ContactChannel.VISIT, at=at)
        return _keep(
            account,
            operator_id=operator_id,
            contact=contact,
            at=at,
            way=way,
            outcome=Outcome.CONFIRMED,
            document_kind=DocumentKind(document),
            document_tail=document_tail,
            power_of_attorney=power_of_attorney.strip()[:200],
            said_name=said_name.strip()[:300],
        )


def identify_by_words(number: str, *, operator_id: int, roles: Iterable[str], said: Said, at: datetime) -> int | None:
    """Compare what a caller said with what is stored; return the identification's id, None when it does not agree.

    Raises NotFound("account_not_found"), Conflict("too_many_tries") when only a supervisor may compare further.
    """
    with transaction.atomic():
        account = _locked(number)
        counted = tries(account.id, operator_id=operator_id, at=at)
        if not may_try(counted, is_supervisor=may(roles, Right.UNDO_OPERATIONS)):
            raise Conflict("too_many_tries")
        match = compare(said, _known(account, at))
        contact = contact_for(operator_id, account_id=account.id, channel=ContactChannel.CALL, at=at)
        kept = _keep(
            account,
            operator_id=operator_id,
            contact=contact,
            at=at,
            way=Way.SAID,
            outcome=Outcome.CONFIRMED if match.is_confirmed else Outcome.NOT_CONFIRMED,
            said_name=said.name[:300],
            said_number=said.number[:40],
            said_address=said.address[:300],
            name_agrees=match.name,
            number_agrees=match.number,
            address_agrees=match.address,
        )
    return kept if match.is_confirmed else None


def open_for_inner_work(number: str, *, operator_id: int, roles: Iterable[str], purpose: str, at: datetime) -> int:
    """Record that the account is opened without the customer, for work that the operator's roles do; return the id.

    Raises NotAllowed("not_your_work"), NotFound("account_not_found").
    """
    if purpose not in inner_purposes(roles):
        raise NotAllowed("not_your_work", purpose=purpose)
    with transaction.atomic():
        account = _locked(number)
        return _keep(
            account,
            operator_id=operator_id,
            contact=None,
            at=at,
            way=Way.INNER,
            outcome=Outcome.CONFIRMED,
            purpose=purpose,
        )


def refuse_to_open(number: str, *, operator_id: int, channel: ContactChannel, reason: str, at: datetime) -> int:
    """Record that the customer did not name himself or did not prove who he is; the contact ends, nothing opens.

    Raises NotFound("account_not_found"), DomainError("reason_is_needed").
    """
    if not reason.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        account = _locked(number)
        contact = contact_for(operator_id, account_id=account.id, channel=channel, at=at)
        kept = _keep(
            account,
            operator_id=operator_id,
            contact=contact,
            at=at,
            outcome=Outcome.REFUSED,
            reason=reason.strip()[:400],
        )
        close(contact, ending=Ending.REFUSED, at=at)
    return kept


def _locked(number: str) -> AccountView:
    account = accounts.account_by_number(number)
    if account is None:
        raise NotFound("account_not_found", number=number)
    lock_row("accounts_account", account.id)
    return account


def _known(account: AccountView, at: datetime) -> Known:
    customer = customers.customer(account.customer_id)
    parts: tuple[str, ...] = (customer.organisation_name,)
    if not customer.organisation_name:
        parts = (customer.family_name, customer.given_name, customer.patronymic)
    points = accounts.card(account.id, on=at.date()).supply_points
    return Known(name_parts=parts, number=account.number, addresses=tuple(point.address for point in points))


def _keep(
    account: AccountView, *, operator_id: int, contact: ServiceContact | None, at: datetime, purpose: str = "",
    outcome: Outcome, **values: Any,
) -> int:  # fmt: skip
    if contact is not None:
        purpose = PURPOSE_BY_CHANNEL[ContactChannel(contact.channel)]
        if outcome == Outcome.CONFIRMED and contact.account_id is None:
            contact.account_id = account.id
            contact.save()
    row = Identification.objects.create(
        at=at,
        operator_id=operator_id,
        account_id=account.id,
        contact=contact,
        purpose=purpose,
        outcome=outcome,
        **values,
    )
    audit.record(
        "cases.identify",
        target_kind="identification",
        target_id=row.pk,
        at=at,
        account_id=account.id,
        data={"way": row.way, "outcome": row.outcome, "purpose": row.purpose},
        reason=row.reason,
    )
    return row.pk
