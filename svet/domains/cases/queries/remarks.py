"""Reads of remarks on bills: those of an account, those that wait for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from svet.domains.access import queries as access
from svet.domains.cases.models import Remark
from svet.infra.planned import planned_rows
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


_REMARKS = """
SELECT r.id, r.number, a.number, r.month, r.bill_number, r.text, r.sent_at, r.answer, r.answered_at, r.answered_by_id
FROM cases_remark r JOIN accounts_account a ON a.id = r.account_id
"""
_OF_ACCOUNT = f"""
{_REMARKS} WHERE r.account_id = %s AND (%s::date IS NULL OR r.month = %s::date) ORDER BY r.sent_at DESC, r.id LIMIT %s
"""
_ONE = f"{_REMARKS} WHERE r.id = %s AND r.account_id = %s"
_WAITING = f"{_REMARKS} WHERE r.answered_at IS NULL ORDER BY r.sent_at, r.id LIMIT %s"


def remarks_of(account_id: int, *, month: Month | None = None, limit: int = 100) -> list[RemarkRow]:
    """Return the account's remarks (on the bill of one month), the latest first."""
    of_month = month.first_on if month else None
    return _rows(_OF_ACCOUNT, [account_id, of_month, of_month, limit])


def remark(remark_id: int, *, account_id: int) -> RemarkRow:
    """Return a remark of the account; raise NotFound."""
    found = next(iter(_rows(_ONE, [remark_id, account_id])), None)
    if found is None:
        raise NotFound(remark=remark_id)
    return found


def waiting_remarks(*, limit: int = 200) -> list[RemarkRow]:
    """Return the remarks without an answer, the oldest first."""
    return _rows(_WAITING, [limit])


def waiting_remarks_count() -> int:
    """Return how many remarks have no answer."""
    return Remark.objects.filter(answered_at__isnull=True).count()


def _rows(statement: str, terms: Sequence[object]) -> list[RemarkRow]:
    rows = planned_rows(statement, terms)
    names = access.names_of(answered_by for *_, answered_by in rows)
    return [
        RemarkRow(
            remark_id,
            number,
            account,
            Month.of(month),
            bill,
            text,
            sent_at,
            answer,
            settled_at,
            names.get(by or 0, ""),
        )
        for remark_id, number, account, month, bill, text, sent_at, answer, settled_at, by in rows
    ]
