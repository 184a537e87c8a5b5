"""What an applicant must tell (clause A3): asked for with a deadline, written down when he tells it."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.accounts import queries as accounts
from svet.domains.cases.actions import clocks, letters
from svet.domains.cases.actions.events import append, check_open, locked, tell
from svet.domains.cases.actions.words import index_case
from svet.domains.cases.models import Case, CaseApplicant
from svet.domains.cases.queries.reference import SubjectView, subject
from svet.domains.cases.queries.sending import as_applicant
from svet.domains.cases.rules.applicants import Applicant, Quality, Secrets, missing
from svet.domains.cases.rules.applications import SUBJECT as APPLICATION
from svet.domains.cases.rules.clocks import Awaited, ClockKind
from svet.domains.cases.rules.register import ApplicantKind, EventKind
from svet.infra import boxes
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError

E = EventKind


def complete(
    case_id: int,
    *,
    applicant: Applicant,
    at: datetime,
    by: int | None,
    secrets: Secrets | None = None,
    quality: Quality | None = None,
) -> tuple[str, ...]:
    """Write down what the applicant told later and return what is still missing; empty secrets leave those there.

    When nothing is missing the clock of the data stops. Raises NotFound.
    """
    with transaction.atomic():
        case = locked(case_id)
        row, _ = CaseApplicant.objects.get_or_create(case=case, place=1, defaults={"kind": applicant.kind})
        before = asdict(as_applicant(row))
        applicant, account_id = with_account(applicant, None)
        told = {name: text for name, text in asdict(secrets or Secrets()).items() if text}
        fill(row, applicant, replace(opened(row.secrets), **told))
        row.save()
        said = quality or Quality()
        case.account_id = account_id or case.account_id
        case.violated_at, case.demands = said.violated_at or case.violated_at, said.demands or case.demands
        case.save(update_fields=["account", "violated_at", "demands"])
        absent = missing_of(case, subject(case.subject, on=case.registered_at.astimezone(MOSCOW).date()))
        changed = sorted(name for name, value in asdict(as_applicant(row)).items() if before[name] != value)
        append(case, E.COMPLETED, at=at, by=by, data={"missing": absent, "changed": changed, "sealed": sorted(told)})
        if not absent:
            clocks.stop(case, [ClockKind.DATA], at=at, by=by, why="data_given")
            clocks.resume_awaiting(case, Awaited.APPLICANT, at=at, by=by)
        index_case(case.pk)
        tell(case, "data_given", at=at, data={"missing": absent, "changed": changed})
    return tuple(absent)


def ask_for_missing(case_id: int, *, text: str, by: int, at: datetime) -> int:
    """Write to the applicant what is missing and start the clock of the data; return the letter's id.

    Raises Conflict("case_stands_otherwise"), ("data_is_asked_for"), DomainError("nothing_is_missing"),
    ("letter_is_empty").
    """
    with transaction.atomic():
        case = locked(case_id)
        check_open(case)
        if not case.missing:
            raise DomainError("nothing_is_missing")
        if clocks.start(case, ClockKind.DATA, at=at, by=by) is None:
            raise Conflict("data_is_asked_for")
        letter = letters.write(case, text=text, at=at, by=by)
        append(case, E.ASKED, at=at, by=by, data={"missing": case.missing, "letter_id": letter.pk})
        tell(case, "data_asked_for", at=at, data={"missing": case.missing})
    return letter.pk


def missing_of(case: Case, view: SubjectView) -> list[str]:
    """Return what a case of this subject does not say and must."""
    row = CaseApplicant.objects.filter(case=case, place=1).first()
    found = missing(
        as_applicant(row) if row else Applicant(),
        needs_more=view.needs_more,
        is_placed=case.account_id is not None,
        is_newcomer=view.code == APPLICATION,
        secrets=opened(row.secrets) if row else None,
        quality=Quality(case.violated_at, case.demands),
    )
    return [one.value for one in found]


def with_account(applicant: Applicant, account_id: int | None) -> tuple[Applicant, int | None]:
    """Return the applicant with the number of the account given, and the account of the number he names."""
    if account_id is not None:
        number = applicant.account_number or accounts.account_by_id(account_id).number
        return replace(applicant, account_number=number), account_id
    digits = "".join(sign for sign in applicant.account_number if sign.isdecimal())
    found = accounts.account_by_number(digits) if len(digits) == 10 else None
    return applicant, found.id if found else None


def fill(row: CaseApplicant, applicant: Applicant, secrets: Secrets) -> None:
    """Write on a row who applies; secrets are sealed."""
    limits = {"name": 300, "email": 254, "phone": 40, "postal_address": 300, "account_number": 40,
              "contract_number": 60, "supply_address": 300}  # fmt: skip
    for name, most in limits.items():
        setattr(row, name, letters.clean(getattr(applicant, name))[:most])
    row.kind = ApplicantKind(applicant.kind)
    row.customer_id, row.user_id = applicant.customer_id, applicant.user_id
    told: dict[str, Any] = {name: text.strip()[:200] for name, text in asdict(secrets).items()}
    row.secrets = boxes.sealed(json.dumps(told)) if any(told.values()) else ""


def opened(sealed: str) -> Secrets:
    """Return what was sealed of an applicant."""
    return Secrets(**json.loads(boxes.opened(sealed))) if sealed else Secrets()
