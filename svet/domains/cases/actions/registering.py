"""An appeal enters the register: one action for every channel, the same letter twice is one case (clauses A2, A3).

Nothing is refused for what it lacks: what is missing is written on the case and asked for.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from svet.domains.cases.actions import clocks, letters
from svet.domains.cases.actions.completing import fill, missing_of, with_account
from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.actions.letters import Incoming
from svet.domains.cases.actions.matters import begin_matter
from svet.domains.cases.models import Case, CaseAbout, CaseApplicant, CaseOffice, Letter
from svet.domains.cases.queries.reference import OTHER, subject
from svet.domains.cases.rules.applicants import Applicant, Quality, Secrets
from svet.domains.cases.rules.clocks import Awaited, ClockKind
from svet.domains.cases.rules.register import CaseChannel, CaseKind, CaseState, EventKind, case_number
from svet.infra import boxes, numbering
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_names
from svet.kernel.errors import DomainError
from svet.kernel.period import Month

E = EventKind
RECEIPT_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a letter. `receipt_code` opens the state of the case together with its number."""

    case_id: int
    number: str
    receipt_code: str
    letter_id: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of a letter by post: the office's own incoming number, the day stamped on the envelope."""

    incoming_number: str = ""
    envelope_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """The bill that a question is about (clause B3)."""

    month: Month
    number: str


@dataclass(frozen=True, slots=True)
class OutsideTerm:
    """The last day for the answer that another system computed, and by which act it says so (ГИС ЖКХ)."""

    due_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Details:
    """What only some appeals have: co-applicants, whom it is about, secrets, paper, bill, matter."""

    others: tuple[Applicant, ...] = ()
    about_users: tuple[int, ...] = ()
    about_units: tuple[int, ...] = ()
    secrets: Secrets | None = None
    quality: Quality | None = None
    paper: Paper | None = None
    bill: Bill | None = None
    outside: OutsideTerm | None = None
    matter_id: int | None = None


PLAIN = Details()


def register(
    letter: Incoming,
    *,
    applicant: Applicant,
    at: datetime,
    by: int | None = None,
    kind: CaseKind = CaseKind.QUESTION,
    subject_code: str = "",
    account_id: int | None = None,
    office_code: str = "",
    details: Details = PLAIN,
) -> Registered:
    """Register an appeal and return its number; the same letter again (channel and key) returns the case it became.

    1. Find the account: the one given, or that of the number the applicant names.
    2. Number the case, gapless by year and office; keep the letter, applicants and whom it is about.
    3. Start the clocks, begin a matter (or join the one given), note what is missing.
    `by` is the member of staff, None for gates and customers. Raises DomainError("letter_is_empty"),
    ("no_such_subject"), ("received_later_than_registered").
    """
    if letter.received_at > at:
        raise DomainError("received_later_than_registered")
    with transaction.atomic():
        same = letters.came_before(letter)
        if same is not None:
            return _registered(same.case, same, is_new=False)
        view = subject(subject_code or OTHER, on=at.astimezone(MOSCOW).date())
        applicant, account_id = with_account(applicant, account_id)
        case = _create(letter, at=at, by=by, office_code=office_code, account_id=account_id, details=details)
        case.kind, case.subject = CaseKind(kind), view.code
        case.save(force_insert=True)
        _applicants(case, [applicant, *details.others], details.secrets or Secrets())
        row = letters.take(case, letter)
        append(case, E.RECEIVED, at=letter.received_at, by=by, data={"channel": case.channel, "letter_id": row.pk})
        told = {"kind": case.kind, "subject": view.code, "missing": missing_of(case, view)}
        append(case, E.REGISTERED, at=at, by=by, data=told)
        name_about(case, users=details.about_users, units=details.about_units, at=at, by=by)
        clocks.start_first(case, applicant_kind=applicant.kind, outside=_outside(details))
        begin_matter(case, field=view.field, matter_id=details.matter_id, at=at, by=by)
        tell(case, "case_registered", at=at, data={"channel": case.channel, "subject": view.code})
    return _registered(case, row, is_new=True)


def join(case_id: int, *, letter: Incoming, at: datetime, by: int | None = None) -> Registered:
    """Add a later letter to a case; the same letter again changes nothing. After the answer it must be read in time.

    A letter to a merged case goes to the one it was merged into. Raises NotFound, DomainError("letter_is_empty").
    """
    with transaction.atomic():
        same = letters.came_before(letter)
        if same is not None:
            return _registered(same.case, same, is_new=False)
        case = locked(case_id)
        while case.merged_into_id is not None:
            case = locked(case.merged_into_id)
        row = letters.take(case, letter)
        append(case, E.JOINED, at=at, by=by, data={"letter_id": row.pk, "channel": row.channel})
        clocks.resume_awaiting(case, Awaited.APPLICANT, at=at, by=by)
        if case.state in {CaseState.ANSWERED, CaseState.CLOSED}:
            clocks.start(case, ClockKind.LATER_LETTER, at=at, by=by)
        tell(case, "letter_joined", at=at, data={"letter_id": row.pk, "channel": row.channel})
    return _registered(case, row, is_new=True)


def name_about(case: Case, *, users: Sequence[int], units: Sequence[int], at: datetime, by: int | None) -> None:
    """Write on a locked case whom it is about; who is named is not named twice."""
    known = set(CaseAbout.objects.filter(case=case).values_list("user_id", "unit_id"))
    wanted: list[tuple[int | None, int | None]] = [*((one, None) for one in users), *((None, one) for one in units)]
    new = [pair for pair in dict.fromkeys(wanted) if pair not in known]
    CaseAbout.objects.bulk_create(CaseAbout(case=case, user_id=user, unit_id=unit, at=at) for user, unit in new)
    if new:
        data = {"users": [user for user, _ in new if user], "units": [unit for _, unit in new if unit]}
        append(case, E.ABOUT_NAMED, at=at, by=by, data=data)


def _create(
    letter: Incoming, *, at: datetime, by: int | None, office_code: str, account_id: int | None, details: Details
) -> Case:
    """Return a case with its number taken, not yet written."""
    year, place = at.astimezone(MOSCOW).year, _place(office_code)
    quality, paper, bill = details.quality or Quality(), details.paper or Paper(), details.bill
    return Case(
        number=case_number(year=year, place=place, count=numbering.take(f"cases.case.{year}.{place}")),
        channel=CaseChannel(letter.channel),
        office_code=office_code,
        account_id=account_id,
        receipt=boxes.sealed(f"{random.randbelow(10**RECEIPT_DIGITS):0{RECEIPT_DIGITS}d}"),
        received_at=letter.received_at,
        registered_at=at,
        registered_by_id=by,
        title=letters.clean(letter.title)[:300],
        incoming_number=paper.incoming_number.strip()[:60],
        envelope_on=paper.envelope_on,
        bill_month=bill.month.first_on if bill else None,
        bill_number=bill.number if bill else "",
        violated_at=quality.violated_at.strip()[:200],
        demands=quality.demands.strip()[:1000],
        state=CaseState.REGISTERED,
    )


def _outside(details: Details) -> tuple[date, str] | None:
    return (details.outside.due_on, details.outside.source) if details.outside else None


def _place(office_code: str) -> int:
    """Return the place of an office in the register, giving it the next one with its first case."""
    if not office_code:
        return 0
    found = CaseOffice.objects.filter(code=office_code).first()
    if found is None:
        lock_names("cases.offices")
        place = (CaseOffice.objects.order_by("-place").values_list("place", flat=True).first() or 0) + 1
        found, _ = CaseOffice.objects.get_or_create(code=office_code, defaults={"place": place})
    return found.place


def _applicants(case: Case, applicants: Sequence[Applicant], secrets: Secrets) -> None:
    for place, applicant in enumerate(applicants, 1):
        row = CaseApplicant(case=case, place=place)
        fill(row, applicant, secrets if place == 1 else Secrets())
        row.save()


def _registered(case: Case, row: Letter, *, is_new: bool) -> Registered:
    return Registered(case.pk, case.number, boxes.opened(case.receipt), row.pk, is_new)
