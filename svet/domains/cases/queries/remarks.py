"""Reads of remarks on bills: those of an account, those that wait for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svet.domains.access import queries as access
from svet.domains.cases.models import Remark
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark with its answer, empty until it is given."""

    remark_id: int
    number: str
    account_number: str
    month: Month
    bill_number: str
    text: str
    sent_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str


def remarks_of(account_id: int, *, month: Month | None = None, limit: int = 100) -> list[RemarkRow]:
    """Return the account's remarks (on the bill of one month), the latest first."""
    of_month: dict[str, Any] = {} if month is None else {"month": month.first_on}
    return _rows(account_id=account_id, limit=limit, **of_month)


def remark(remark_id: int, *, account_id: int) -> RemarkRow:
    """Return a remark of the account; raise NotFound."""
    found = next(iter(_rows(pk=remark_id, account_id=account_id)), None)
    if found is None:
        raise NotFound(remark=remark_id)
    return found


def waiting_remarks(*, limit: int = 200) -> list[RemarkRow]:
    """Return the remarks without an answer, the oldest first."""
    return _rows(answered_at__isnull=True, order="sent_at", limit=limit)


def waiting_remarks_count() -> int:
    """Return how many remarks have no answer."""
    return Remark.objects.filter(answered_at__isnull=True).count()


def _rows(*, limit: int = 1, order: str = "-sent_at", **terms: object) -> list[RemarkRow]:
    rows = list(Remark.objects.filter(**terms).select_related("account").order_by(order, "pk")[:limit])
    names = access.names_of(row.answered_by_id for row in rows)
    return [
        RemarkRow(
            remark_id=row.pk,
            number=row.number,
            account_number=row.account.number,
            month=Month.of(row.month),
            bill_number=row.bill_number,
            text=row.text,
            sent_at=row.sent_at,
            answer=row.answer,
            answered_at=row.answered_at,
            answered_by=names.get(row.answered_by_id or 0, ""),
        )
        for row in rows
    ]
