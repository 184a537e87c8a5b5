"""Remarks on bills of the time before the one register: read where they were made, with the case they went on as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from svet.domains.access import queries as access
from svet.domains.cases.rules.register import CaseChannel, remark_key
from svet.infra.planned import planned_rows
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark with its answer, empty where none was given; `case_number` is the case it went on as, or empty."""

    number: str
    month: Month
    bill_number: str
    text: str
    sent_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str
    case_number: str


_OF_ACCOUNT = """
SELECT r.number, r.month, r.bill_number, r.text, r.sent_at, r.answer, r.answered_at, r.answered_by_id,
    coalesce(c.number, '')
FROM cases_remark r
LEFT JOIN cases_letter l ON l.channel = %s AND l.direction = 'incoming' AND l.key = %s || r.number
LEFT JOIN cases_case c ON c.id = l.case_id
WHERE r.account_id = %s AND (%s::date IS NULL OR r.month = %s::date) ORDER BY r.sent_at DESC, r.id LIMIT %s
"""


def remarks_of(account_id: int, *, month: Month | None = None, limit: int = 100) -> list[RemarkRow]:
    """Return the account's remarks (on the bill of one month), the latest first."""
    of_month = month.first_on if month else None
    terms = [CaseChannel.BILL, remark_key(""), account_id, of_month, of_month, limit]
    rows = planned_rows(_OF_ACCOUNT, terms)
    names = access.names_of(by for *_, by, _case in rows)
    return [
        RemarkRow(number, Month.of(first_on), bill, text, sent_at, answer, answered_at, names.get(by or 0, ""), case)
        for number, first_on, bill, text, sent_at, answer, answered_at, by, case in rows
    ]
