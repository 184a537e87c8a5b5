"""Remarks on bills of the time before the one register: whoever still waits for an answer gets it by a case."""

from __future__ import annotations

from datetime import datetime

from svet.domains.cases.actions.letters import Incoming
from svet.domains.cases.actions.registering import Bill, Details, register
from svet.domains.cases.models import Letter, Remark
from svet.domains.cases.queries.status import applicant_of_account
from svet.domains.cases.rules.register import ABOUT_BILLS, CaseChannel, CaseKind, remark_key
from svet.kernel.period import Month


def take_remarks_into_register(*, at: datetime) -> int:
    """Register every remark without an answer as an appeal of its author about that bill; return how many were new.

    Safe to repeat: a remark is one letter by its key, whatever became of its case.
    """
    waiting = Remark.objects.filter(answered_at=None).order_by("sent_at", "pk")
    known = set(
        Letter.objects.filter(
            channel=CaseChannel.BILL, key__in=[remark_key(one.number) for one in waiting]
        ).values_list("key", flat=True)
    )
    new = [one for one in waiting if remark_key(one.number) not in known]
    for one in new:
        register(
            Incoming(
                channel=CaseChannel.BILL,
                text=one.text,
                received_at=one.sent_at,
                key=remark_key(one.number),
                user_id=one.author_id,
            ),
            applicant=applicant_of_account(one.account_id, user_id=one.author_id, at=at),
            at=at,
            kind=CaseKind.QUESTION,
            subject_code=ABOUT_BILLS,
            account_id=one.account_id,
            details=Details(bill=Bill(Month.of(one.month), one.bill_number)),
        )
    return len(new)
