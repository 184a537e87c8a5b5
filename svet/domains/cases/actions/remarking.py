"""Remarks on bills: sent once, answered once; the customer is told by the reaction to the fact."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.cases.models import Remark
from svet.infra import audit, numbering, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month

MOST_WITHOUT_ANSWER = 5
"""So many remarks of an account may wait: who has more to say writes it into one, or calls."""


def remark_on_bill(
    account_id: int,
    *,
    user_id: int,
    month: Month,
    bill_number: str,
    text: str,
    request_key: str,
    at: datetime,
) -> str:
    """Keep what the person finds wrong in the bill and return the remark's number; the same request is one remark.

    Raises DomainError("remark_is_empty"), Conflict("too_many_remarks").
    """
    said = text.strip()[:2000]
    if not said:
        raise DomainError("remark_is_empty")
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        same = Remark.objects.filter(author_id=user_id, request_key=request_key).first()
        if same is not None:
            return same.number
        if Remark.objects.filter(account_id=account_id, answered_at=None).count() >= MOST_WITHOUT_ANSWER:
            raise Conflict("too_many_remarks")
        year = at.astimezone(MOSCOW).year
        row = Remark.objects.create(
            number=f"З-{year % 100:02d}-{numbering.take(f'cases.remark.{year}'):06d}",
            account_id=account_id,
            author_id=user_id,
            request_key=request_key,
            month=month.first_on,
            bill_number=bill_number,
            text=said,
            sent_at=at,
        )
        _record("sent", row, at=at)
    return row.number


def answer_remark(remark_id: int, *, account_id: int, by: int, answer: str, at: datetime) -> None:
    """Answer a remark of the account, once.

    Raises NotFound for another account's, DomainError("answer_is_empty"), Conflict("remark_is_answered").
    """
    said = answer.strip()[:2000]
    if not said:
        raise DomainError("answer_is_empty")
    with transaction.atomic():
        row = Remark.objects.select_for_update().filter(pk=remark_id, account_id=account_id).first()
        if row is None:
            raise NotFound(remark=remark_id)
        if row.answered_at is not None:
            raise Conflict("remark_is_answered")
        row.answer, row.answered_at, row.answered_by_id = said, at, by
        row.save(update_fields=["answer", "answered_at", "answered_by"])
        _record("answered", row, at=at)


def _record(what: str, row: Remark, *, at: datetime) -> None:
    data = {"number": row.number, "month": Month.of(row.month).text, "bill": row.bill_number}
    verb = f"cases.remark_{what}"
    audit.record(verb, target_kind="remark", target_id=row.pk, at=at, account_id=row.account_id, data=data)
    outbox.record(verb, at=at, account_id=row.account_id, payload=data)
