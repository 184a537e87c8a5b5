"""An appeal by the site's form and its state by number and receipt code: no sign-in, so that whoever guesses waits.

A number that does not exist and a wrong code cost the same work and are answered alike.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from svet.domains.access import actions as access
from svet.domains.access.rules import AttemptKind
from svet.domains.cases import actions as cases
from svet.domains.cases import queries
from svet.domains.cases.actions import Details, Incoming, Registered
from svet.domains.cases.queries import SubjectView
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseKind, typed_number
from svet.infra.locking import lock_names
from svet.kernel.errors import DomainError


def subjects(on: date) -> list[SubjectView]:
    """Return what may be written about."""
    return queries.subjects(on)


def send(
    letter: Incoming,
    *,
    applicant: Applicant,
    kind: CaseKind,
    subject_code: str,
    details: Details,
    consent: str,
    asked_from: str,
    at: datetime,
) -> Registered:
    """Register an appeal of somebody who has not signed in, with the text he agreed to; the same form once.

    Raises DomainError("too_many_attempts") for an address that sends too many, and what `register` raises.
    """
    with transaction.atomic():
        lock_names(f"appeals-from:{asked_from}")
        if queries.case_of_letter(channel=letter.channel, key=letter.key) is None:
            access.check_sent(AttemptKind.APPEAL_SENT, asked_from=asked_from, at=at)
        made = cases.register(letter, applicant=applicant, at=at, kind=kind, subject_code=subject_code, details=details)
        if made.is_new:
            access.record_attempt(
                AttemptKind.APPEAL_SENT, target=made.number, asked_from=asked_from, succeeded=True, at=at
            )
            if consent:
                cases.keep_consent(made.case_id, text=consent, asked_from=asked_from, at=at)
    return made


def look_up(number: str, *, code: str, asked_from: str, at: datetime) -> int:
    """Return the id of the case to which number and code belong; every try is noted.

    Guessing is counted by network address, so that a stranger who knows a number shuts nobody out of his own case.
    Raises DomainError("too_many_attempts"), DomainError("no_such_receipt") alike for a wrong number and a wrong code.
    """
    kind, target = AttemptKind.CASE_STATUS, f"{typed_number(number) or '-'} {asked_from}"[:60]
    with transaction.atomic():
        lock_names(f"attempt-from:{asked_from}")
        access.check_attempts(kind, target=target, asked_from=asked_from, at=at)
        case_id = queries.case_of_receipt(number, code=code)
        access.record_attempt(kind, target=target, asked_from=asked_from, succeeded=case_id is not None, at=at)
    if case_id is None:
        raise DomainError("no_such_receipt")
    return case_id
