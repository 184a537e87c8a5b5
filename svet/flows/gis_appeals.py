"""Appeals from the state portal ГИС ЖКХ: each becomes a case of the register, and what is done with it goes back.

The gate brings what the portal tells and carries out what is put into the exchange here; it decides nothing. Putting
the same thing twice is one request, so a reaction that comes twice does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from svet.domains.accounts import queries as accounts
from svet.domains.cases import actions as cases
from svet.domains.cases import queries as case_queries
from svet.domains.cases.actions import Details, Incoming, OutsideTerm, Paper
from svet.domains.cases.queries import PortalAppealView
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.clocks import ClockKind, last_moment
from svet.domains.cases.rules.portal import (
    LONGEST_ANSWER,
    LONGEST_COMMENT,
    AppliesAs,
    Candidate,
    PortalAppeal,
    PortalStatus,
    account_of,
    fingerprint,
    numbers_in,
)
from svet.domains.cases.rules.portal import Applicant as PortalApplicant
from svet.domains.cases.rules.register import EXTENSION, ApplicantKind, CaseChannel, Resolution
from svet.infra import exchange, files
from svet.infra.clock import MOSCOW
from svet.infra.exchange import RequestView
from svet.infra.file_kinds import FileRefused
from svet.infra.models import Fact

GATE = "gis_zhkh"
KINDS = {AppliesAs.PERSON: ApplicantKind.PERSON, AppliesAs.ORGANIZATION: ApplicantKind.COMPANY}
OPEN_THERE = (PortalStatus.SENT, PortalStatus.IN_WORK)

Fetch = Callable[[UUID], bytes]


class FileIsLate(Exception):
    """The portal's file service does not answer now."""


class FileIsRefused(Exception):
    """The portal's file service has no such file for us; the text is its reason."""


# What comes


def take(appeal: PortalAppeal, *, fetch: Fetch, at: datetime) -> str:
    """Take what the portal tells of an appeal; return "new", "changed" or "same".

    Raises FileIsLate when a file of a new appeal of today does not come: the next export brings the appeal again.
    """
    known = case_queries.portal_appeal(appeal.guid)
    if known is None or known.case_id is None:
        return _register(appeal, fetch=fetch, at=at)
    if known.fingerprint == fingerprint(appeal):
        return "same"
    with transaction.atomic():
        outcome = cases.note_portal_appeal(appeal, case_id=known.case_id, found_by=known.found_by, at=at)
        _follow(appeal, known, at=at)
    return outcome


def find_account(appeal: PortalAppeal, *, on: date) -> tuple[int | None, str]:
    """Return the account the appeal is about and by what it was found, (None, "") where people must look."""
    flats = accounts.flats_supplied(appeal.house, on=on) if appeal.house else {}
    written = [accounts.account_by_number(number) for number in numbers_in(appeal.text)[:10]]
    named = {account.id for account in written if account is not None}
    people = accounts.numbers_and_families([*flats, *named])

    def candidates(ids: set[int]) -> list[Candidate]:
        return [Candidate(one, *people[one], flats.get(one, "")) for one in sorted(ids) if one in people]

    return account_of(appeal, in_the_house=candidates(set(flats)), by_number=candidates(named))


def open_before(day: date) -> list[UUID]:
    """Return the appeals made before the day that the portal held for open when it told of them last."""
    return case_queries.open_portal_appeals(before=day)


def _register(appeal: PortalAppeal, *, fetch: Fetch, at: datetime) -> str:
    today = at.astimezone(MOSCOW).date()
    stored, absent = _files(appeal, fetch=fetch, at=at)
    account_id, found_by = find_account(appeal, on=today)
    came_at = at if appeal.created_on >= today else datetime.combine(appeal.created_on, time(), tzinfo=MOSCOW)
    letter = Incoming(
        channel=CaseChannel.GIS,
        text=appeal.text or appeal.topic or appeal.number,
        received_at=came_at,
        key=str(appeal.guid),
        title=appeal.topic,
        sender=appeal.applicant.email,
        file_ids=tuple(stored),
    )
    details = Details(
        others=tuple(_applicant(one) for one in appeal.neighbours),
        paper=Paper(incoming_number=appeal.number),
        outside=OutsideTerm(appeal.due_on, appeal.legal_basis) if appeal.due_on else None,
    )
    with transaction.atomic():
        applicant = _applicant(appeal.applicant, account_id=account_id, on=today)
        made = cases.register(letter, applicant=applicant, at=at, account_id=account_id, details=details)
        for name in absent:
            cases.note_from_portal(made.case_id, what="file_not_taken", text=name, at=at)
        outcome = cases.note_portal_appeal(appeal, case_id=made.case_id, found_by=found_by, at=at)
        if appeal.status is PortalStatus.WITHDRAWN:
            _close_withdrawn(made.case_id, appeal, at=at)
    return outcome


def _files(appeal: PortalAppeal, *, fetch: Fetch, at: datetime) -> tuple[list[int], list[str]]:
    """Return the files taken into our store, and the names of those that are not to be had or not to be kept."""
    stored, absent = [], []
    for file in appeal.files:
        try:
            stored.append(files.store(fetch(file.guid), name=file.name, by=None, at=at).id)
        except FileIsLate:
            # A day is waited for it; longer the appeal itself may not wait.
            if appeal.created_on >= at.astimezone(MOSCOW).date():
                raise
            absent.append(file.name)
        except (FileIsRefused, FileRefused):
            absent.append(file.name)
    return stored, absent


def _applicant(told: PortalApplicant, *, account_id: int | None = None, on: date | None = None) -> Applicant:
    account = accounts.account_by_id(account_id) if account_id is not None else None
    place = accounts.addresses([account.id], on=on) if account and on else {}
    return Applicant(
        kind=KINDS.get(told.kind, ApplicantKind.UNKNOWN),
        name=told.name,
        email=told.email,
        phone=told.phone[:40],
        postal_address=told.post_address,
        account_number=account.number if account else "",
        supply_address=place.get(account.id, "") if account else "",
    )


def _follow(appeal: PortalAppeal, known: PortalAppealView, *, at: datetime) -> None:
    """Do what follows in the register from a change on the portal."""
    case_id, told = int(known.case_id or 0), known.told
    if appeal.status is PortalStatus.WITHDRAWN and known.is_case_open:
        _close_withdrawn(case_id, appeal, at=at)
        return
    if appeal.text and appeal.text != told.get("text"):
        _join(case_id, appeal, mark="text", text=appeal.text, at=at)
    former = {(event["on"], event["what"], event["text"]) for event in told.get("events", [])}
    for event in appeal.events:
        if (event.on, event.what, event.text) in former:
            continue
        if event.what == "assessed" and event.text:
            _join(case_id, appeal, mark=f"assessed:{event.on}", text=event.text, at=at)
        elif known.is_case_open and event.what in {"answer", "redirected", "not_required"}:
            cases.note_from_portal(case_id, what=f"portal_{event.what}", text=event.text, at=at)
    if appeal.status in OPEN_THERE and not known.is_case_open and _was_answered_there(appeal.guid):
        _ask("executed", key=f"executed:{appeal.guid}", appeal=appeal.guid, case_id=case_id, at=at)


def _close_withdrawn(case_id: int, appeal: PortalAppeal, *, at: datetime) -> None:
    reason = appeal.withdrawn_because or PortalStatus.WITHDRAWN.value
    cases.close(case_id, by=None, at=at, resolution=Resolution.WITHDRAWN, reason=reason)


def _join(case_id: int, appeal: PortalAppeal, *, mark: str, text: str, at: datetime) -> None:
    key = f"{appeal.guid}:{mark}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    letter = Incoming(channel=CaseChannel.GIS, text=text, received_at=at, key=key, title=appeal.topic)
    cases.join(case_id, letter=letter, at=at)


def _was_answered_there(guid: UUID) -> bool:
    asked = exchange.requests_about(GATE, name="appeal", value=str(guid))
    return any(one.kind == "answer" and one.state == "done" for one in asked)


# What goes out: reactions to facts of the register


def tell_in_work(fact: Fact, at: datetime) -> None:
    """Name our answerer on the portal once somebody has the case, with the day until which it is answered."""
    case_id = int(fact.payload["case_id"])
    until = case_queries.clock_due_on(case_id, kind=ClockKind.ANSWER)
    planned = {"planned_on": until.isoformat()} if until else {}
    for appeal in case_queries.portal_appeals_of(case_id):
        _ask("assign", key=f"assign:{appeal.guid}", appeal=appeal.guid, case_id=case_id, at=at, **planned)


def send_answer(fact: Fact, at: datetime) -> None:
    """Send what was written to the applicant through the portal; an answer goes there whatever other way it went.

    A numbered answer, and whatever is too long for the portal, goes with its letter on letterhead; the gate draws it.
    """
    if fact.payload["channel"] != CaseChannel.GIS and not fact.payload["is_answer"]:
        return
    letter = case_queries.letter_to_send(int(fact.payload["letter_id"]))
    if letter.key.startswith(EXTENSION):
        return  # the portal has a message of its own for it
    is_numbered = case_queries.answer_of_letter(letter.letter_id) is not None
    paper = {"paper": letter.letter_id} if is_numbered or len(letter.text) > LONGEST_ANSWER else {}
    for appeal in case_queries.portal_appeals_of(letter.case_id):
        _ask(
            "answer",
            key=f"letter:{letter.letter_id}:{appeal.guid}",
            appeal=appeal.guid,
            case_id=letter.case_id,
            at=at,
            text=letter.text,
            files=list(letter.file_ids),
            **paper,
        )


def answers_on_portal(case_id: int) -> dict[int, RequestView]:
    """Return what became of the letters of a case on the portal, by the letter's id."""
    found: dict[int, RequestView] = {}
    for appeal in case_queries.portal_appeals_of(case_id):
        for one in exchange.requests_about(GATE, name="appeal", value=str(appeal.guid)):
            if one.kind == "answer" and one.key.startswith("letter:"):
                found.setdefault(int(one.key.split(":")[1]), one)
    return found


def tell_extended(fact: Fact, at: datetime) -> None:
    """Roll the term over on the portal to the register's new day, with the words that the applicant is told.

    Words that are too long for the portal go as their letter on letterhead.
    """
    if fact.payload["clock"] != ClockKind.ANSWER:
        return
    case_id = int(fact.payload["case_id"])
    until = last_moment(datetime.fromisoformat(fact.payload["due_at"])).astimezone(MOSCOW).date()
    letter = case_queries.letter_to_send(int(fact.payload["letter_id"]))
    paper = {"paper": letter.letter_id} if len(letter.text) > LONGEST_COMMENT else {}
    for appeal in case_queries.portal_appeals_of(case_id):
        _ask(
            "extend",
            key=f"extend:{fact.pk}:{appeal.guid}",
            appeal=appeal.guid,
            case_id=case_id,
            at=at,
            until=until.isoformat(),
            comment=letter.text,
            **paper,
        )


def redirect(guid: UUID, *, receiver: UUID, comment: str, request_key: str, at: datetime) -> None:
    """Send an appeal on to another organisation of the portal («не в компетенции»)."""
    _by_hand("redirect", guid, request_key=request_key, at=at, receiver=str(receiver), comment=comment)


def need_no_answer(guid: UUID, *, cause: str, request_key: str, at: datetime) -> None:
    """Tell the portal that the appeal needs no answer, and why."""
    _by_hand("not_required", guid, request_key=request_key, at=at, cause=cause)


def _by_hand(kind: str, guid: UUID, *, request_key: str, at: datetime, **payload: Any) -> None:
    known = case_queries.portal_appeal(guid)
    if known is not None and known.case_id is not None:
        _ask(kind, key=f"{kind}:{request_key}", appeal=guid, case_id=known.case_id, at=at, **payload)


def _ask(kind: str, *, key: str, appeal: UUID, case_id: int, at: datetime, **payload: Any) -> None:
    told = {"appeal": str(appeal), "case_id": case_id} | payload
    exchange.ask(GATE, kind=kind, key=key, payload=told, at=at)


# What became of it


@transaction.atomic
def carried_out(request: RequestView, *, result: Mapping[str, Any], at: datetime) -> None:
    """Note that the portal carried out what was asked of it, in the exchange and on the case."""
    exchange.finish(request.id, at=at, result=result)
    _note(request, "done", at=at)


@transaction.atomic
def refused(request: RequestView, *, problem: str, text: str, at: datetime) -> None:
    """Note that the portal refused what was asked of it, in the portal's own words."""
    exchange.refuse(request.id, at=at, problem=problem, text=text)
    _note(request, "refused", text=text or problem, at=at)


@transaction.atomic
def unclear(request: RequestView, *, problem: str, text: str = "", at: datetime) -> None:
    """Note that nobody knows whether the portal carried out what was asked of it."""
    exchange.leave_to_people(request.id, at=at, problem=problem, text=text)
    _note(request, "unclear", at=at)


def _note(request: RequestView, what: str, *, at: datetime, text: str = "") -> None:
    case_id = request.payload.get("case_id")
    if case_id is not None:
        cases.note_from_portal(int(case_id), what=what, text=text, action=request.kind, at=at)
