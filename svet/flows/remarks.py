"""Remarks on bills: made about a bill that the account has, read beside it."""

from __future__ import annotations

from datetime import datetime

from svet.domains.billing import queries as billing
from svet.domains.cases import actions as cases
from svet.kernel.errors import NotFound
from svet.kernel.period import Month


def remark_on_bill(account_id: int, *, user_id: int, month: Month, text: str, request_key: str, at: datetime) -> str:
    """Keep the remark on the account's bill of the month and return its number.

    Raises NotFound where there is no such bill, and what `cases.actions.remark_on_bill` raises.
    """
    found = billing.bill_of_month(account_id, month=month)
    if found is None:
        raise NotFound(month=month.text)
    return cases.remark_on_bill(
        account_id,
        user_id=user_id,
        month=month,
        bill_number=found.number,
        text=text,
        request_key=request_key,
        at=at,
    )
