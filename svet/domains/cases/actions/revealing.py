"""Sealed data of an applicant are opened for one person, with a reason; each look is recorded."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.access import actions as access
from svet.domains.access.rules import LookPurpose
from svet.domains.cases.actions.completing import opened
from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.actions.standing import check_not_barred
from svet.domains.cases.models import CaseApplicant
from svet.domains.cases.rules.applicants import Secrets
from svet.domains.cases.rules.register import EventKind
from svet.kernel.errors import DomainError


def reveal(case_id: int, *, reason: str, by: int, at: datetime, page: str = "") -> Secrets:
    """Return the sealed data of who is answered in a case; the look is written before anything is shown.

    Raises NotFound, DomainError("reason_is_needed"), NotAllowed("case_is_about_him").
    """
    if not reason.strip():
        raise DomainError("reason_is_needed")
    with transaction.atomic():
        case = locked(case_id)
        check_not_barred(case, by)
        append(case, EventKind.REVEALED, at=at, by=by, data={"reason": reason.strip()[:300]})
        if case.account_id is not None:
            purpose = LookPurpose.WRITTEN_APPEAL
            access.record_look(by, account_id=case.account_id, purpose=purpose, at=at, page=page)
        tell(case, "secrets_revealed", at=at, reason=reason.strip())
        row = CaseApplicant.objects.filter(case=case, place=1).first()
    return opened(row.secrets) if row else Secrets()
