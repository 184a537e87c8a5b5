"""What an applicant may see: his case by number and receipt code, his own cases, where a later letter belongs.

Nothing of colleagues' notes, names of handlers or suggestions is here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.db.models import OuterRef, Subquery

from svet.domains.accounts import queries as accounts
from svet.domains.cases.models import Case, CaseAnswer, CaseClock, Letter
from svet.domains.cases.queries.reference import subject_names
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.clocks import ClockKind, ClockState, last_moment
from svet.domains.cases.rules.register import (
    ApplicantKind,
    CaseChannel,
    typed_number,
    typed_receipt_code,
)
from svet.domains.customers import queries as customers
from svet.infra import boxes, files
from svet.infra.clock import MOSCOW
from svet.infra.files import FileInfo
from svet.kernel.errors import NotFound

JOINS_WITHIN = timedelta(days=365)
"""How long a letter that names a case's number still belongs to it."""


@dataclass(frozen=True, slots=True)
class LetterStatus:
    """A letter of the case as its applicant sees it; `number` is that of an answer on letterhead, else empty."""

    letter_id: int
    direction: str
    channel: str
    at: datetime
    title: str
    text: str
    is_answer: bool
    files: tuple[FileInfo, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """Where a case stands, for its applicant. `due_at` is the end of the term of the answer, None when none runs."""

    case_id: int
    number: str
    state: str
    kind: str
    subject_name: str
    channel: str
    registered_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    resolution: str
    missing: tuple[str, ...]
    letters: tuple[LetterStatus, ...] = ()

    @property
    def answer_on(self) -> date | None:
        """The last day for the answer."""
        return None if self.due_at is None else last_moment(self.due_at).astimezone(MOSCOW).date()


def status(number: str, *, code: str) -> CaseStatus | None:
    """Return where a case stands by its number and receipt code as typed; None when they do not belong together."""
    found = _of_receipt(number, code)
    return None if found is None else _whole(found)


def case_of_receipt(number: str, *, code: str) -> int | None:
    """Return the case to which number and receipt code as typed belong, by the same work whether there is one."""
    found = _of_receipt(number, code)
    return None if found is None else found.pk


def _of_receipt(number: str, code: str) -> Case | None:
    found = Case.objects.filter(number=typed_number(number) or "").first()
    kept = boxes.opened(found.receipt if found else _decoy())
    fits = secrets.compare_digest(kept, typed_receipt_code(code))
    return found if fits else None


def cases_of_user(user_id: int, *, before_id: int | None = None, limit: int = 20) -> list[CaseStatus]:
    """Return the cases that a signed-in person wrote himself, the latest first, without their letters."""
    rows = Case.objects.filter(applicants__user_id=user_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return statuses_of(rows.order_by("-pk").distinct()[:limit])


def case_of_user(number: str, *, user_id: int) -> CaseStatus | None:
    """Return a case that a signed-in person wrote himself, with its letters; None for another's."""
    found = Case.objects.filter(number=typed_number(number) or "", applicants__user_id=user_id).first()
    return None if found is None else _whole(found)


def receipt_code(case_id: int) -> str:
    """Return the code that opens the state of a case to its applicant (twelve digits): only for letters to him."""
    return boxes.opened(Case.objects.values_list("receipt", flat=True).get(pk=case_id))


def case_of_number(number: str, *, at: datetime) -> int | None:
    """Return the case that a typed number names, while letters still belong to it."""
    found = Case.objects.filter(number=typed_number(number) or "", registered_at__gt=at - JOINS_WITHIN)
    return found.values_list("pk", flat=True).first()


def case_of_letter(*, channel: CaseChannel, key: str) -> int | None:
    """Return the case to which a letter with this key of its channel (a Message-ID) came or went."""
    found = Letter.objects.filter(channel=channel, key=key[:255]) if key else Letter.objects.none()
    return found.values_list("case_id", flat=True).first()


def applicant_of_account(account_id: int, *, user_id: int | None, at: datetime) -> Applicant:
    """Return who applies when the owner of an account writes: as much as is known of him, nothing to be typed."""
    card = accounts.card(account_id, on=at.date())
    customer = customers.customer(card.account.customer_id)
    known: dict[str, str] = {}
    for contact in card.contacts:
        known.setdefault(contact.kind, contact.value)
    places = accounts.addresses([account_id], on=at.date())
    return Applicant(
        kind=ApplicantKind(customer.kind),
        name=customer.name,
        email=known.get("email", ""),
        phone=known.get("phone", ""),
        postal_address=known.get("post", "") or places.get(account_id, ""),
        account_number=card.account.number,
        supply_address=places.get(account_id, ""),
        customer_id=customer.id,
        user_id=user_id,
    )


def applicant_of_number(number: str, *, at: datetime) -> Applicant | None:
    """Return who applies when the holder of an account comes to the desk, None for no account's number."""
    found = accounts.account_by_number(number)
    return None if found is None else applicant_of_account(found.id, user_id=None, at=at)


def matter_of_case(case_id: int) -> int:
    """Return the matter that a case hangs on; raise NotFound."""
    found = Case.objects.filter(pk=case_id).values_list("matter_id", flat=True).first()
    if found is None:
        raise NotFound(case=case_id)
    return found


@cache
def _decoy() -> str:
    """Return a sealed code that nobody has, so that a number that does not exist is worked on like any other."""
    return boxes.sealed(secrets.token_hex(6))


def statuses_of(rows: Iterable[Case], *, with_letters: bool = False) -> list[CaseStatus]:
    """Return rows as their applicants see them."""
    rows, names = list(rows), subject_names()
    runs = CaseClock.objects.filter(
        case_id__in=[row.pk for row in rows], kind=ClockKind.ANSWER, state=ClockState.RUNNING
    )
    ends = dict(runs.values_list("case_id", "due_at"))
    return [
        status_of(row, names, due_at=ends.get(row.pk), letters=letters_of_case(row.pk) if with_letters else ())
        for row in rows
    ]


def _whole(row: Case) -> CaseStatus:
    return statuses_of([row], with_letters=True)[0]


def status_of(
    row: Case, names: dict[str, str], *, due_at: datetime | None, letters: tuple[LetterStatus, ...] = ()
) -> CaseStatus:
    """Return a row as its applicant sees it; `names` are those of the subjects, `due_at` ends the answer's term.

    The row's own `due_at` is the nearest of all that the company owes, its inner checks too: nobody's affair outside.
    """
    return CaseStatus(
        case_id=row.pk,
        number=row.number,
        state=row.state,
        kind=row.kind,
        subject_name=names.get(row.subject, row.subject),
        channel=row.channel,
        registered_at=row.registered_at,
        due_at=due_at,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        resolution=row.resolution,
        missing=tuple(row.missing),
        letters=letters,
    )


def letters_of_case(case_id: int) -> tuple[LetterStatus, ...]:
    """Return the letters of a case, in and out, with their files, the earliest first."""
    number = Subquery(CaseAnswer.objects.filter(letter=OuterRef("pk")).values("number")[:1])
    found = Letter.objects.filter(case_id=case_id).annotate(number=number)
    rows = list(found.order_by("at", "pk").prefetch_related("files"))
    known = files.described([one.file_id for row in rows for one in row.files.all()])
    return tuple(
        LetterStatus(
            letter_id=row.pk,
            direction=row.direction,
            channel=row.channel,
            at=row.at,
            title=row.title,
            text=row.text,
            is_answer=row.is_answer,
            files=tuple(known[one.file_id] for one in sorted(row.files.all(), key=lambda one: one.place)),
            number=row.number or "",
        )
        for row in rows
    )
