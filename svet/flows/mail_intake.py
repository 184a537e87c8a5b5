"""The mailbox of clause E1: each letter ends in one state: a new case, a case it joins, a bounce, a machine's answer,
or a person's list. One transaction settles a letter with its case and files, so a killed worker leaves it as it was.

A letter joins a case by the headers of its thread, then by the number in its subject, and only where it came from the
address that the case knows: a forged header makes a new case with a flag, and the text alone never joins anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from svet.domains.accounts import queries as accounts
from svet.domains.cases import actions as register
from svet.domains.cases import queries as cases
from svet.domains.cases.actions import Incoming, Registered
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseChannel, number_in, typed_number
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import ContactKind
from svet.domains.notifications import actions as messages
from svet.domains.notifications import queries as ledger
from svet.domains.notifications.actions import MailOutcome
from svet.domains.notifications.queries import MailView
from svet.domains.notifications.rules.mail import (
    Attachment,
    Bounce,
    Flag,
    Mail,
    MailState,
    Sort,
    Sorted,
    claims_falsely,
    our_ids,
    own_words,
    read_mail,
    sort_mail,
)
from svet.infra import files, inbox
from svet.infra.clock import MOSCOW
from svet.infra.file_kinds import FileRefused
from svet.kernel.errors import NotFound

GATE = "mail"
MOST_FILES = 50
"""So many files of a letter are kept beside it; all of them are in its bytes."""


@dataclass(frozen=True, slots=True)
class MailTerms:
    """What the installation knows of its own mail: its addresses, the end of its Message-IDs, its server's name."""

    own_addresses: tuple[str, ...]
    domain: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class _Thread:
    """To which case a letter belongs, None for a new one, and what is odd about it."""

    case_id: int | None
    flags: tuple[Flag, ...]


def settle(mail_id: int, *, terms: MailTerms, at: datetime) -> None:
    """Settle a letter that is new; one that is settled stays. Raises NotFound, Conflict("busy")."""
    with transaction.atomic():
        held = messages.hold_mail(mail_id)
        if held.state != MailState.NEW:
            return
        earlier = ledger.same_content(held.sha256, before_id=held.id) if held.is_whole else None
        mail = read_mail(inbox.raw(GATE, external_id=f"{held.mailbox}:{held.uidvalidity}:{held.uid}"))
        messages.describe_mail(held.id, mail)
        if earlier is not None:
            told = Sorted(Sort(earlier.sort)) if earlier.sort else None
            outcome = MailOutcome(MailState.REPEAT, told, case_id=earlier.case_id, case_number=earlier.case_number)
        else:
            outcome = _outcome(held, mail, terms=terms, at=at)
        messages.settle_mail(held.id, outcome, at=at)


def make_case(mail_id: int, *, by: int, at: datetime) -> Registered:
    """Register a case of a letter that was left to people; raise Conflict when another person was quicker."""
    with transaction.atomic():
        held = messages.hold_mail(mail_id)
        mail, known = _read_again(held)
        is_forged = Flag.FALSE_SENDER in held.flags
        done = register.register(
            _incoming(held, mail, known), applicant=_applicant(mail, is_forged=is_forged, at=at), at=at, by=by
        )
        outcome = MailOutcome(MailState.NEW_CASE, case_id=done.case_id, case_number=done.number, **_as_json(known))
        messages.settle_by_hand(mail_id, outcome, by=by, at=at)
    return done


def join_case(mail_id: int, *, number: str, by: int, at: datetime) -> Registered:
    """Join a letter that was left to people to the case with this number.

    Raises NotFound for no such case and for one that must not reach this person, Conflict when another was quicker.
    """
    case_id = cases.open_for(by, typed_number(number) or "")
    with transaction.atomic():
        held = messages.hold_mail(mail_id)
        mail, known = _read_again(held)
        done = register.join(case_id, letter=_incoming(held, mail, known), at=at, by=by)
        outcome = MailOutcome(MailState.JOINED, case_id=done.case_id, case_number=done.number, **_as_json(known))
        messages.settle_by_hand(mail_id, outcome, by=by, at=at)
    return done


def _outcome(held: MailView, mail: Mail, *, terms: MailTerms, at: datetime) -> MailOutcome:
    if not held.is_whole:
        return MailOutcome(MailState.UNUSABLE, Sorted(Sort.TOO_LARGE))
    told = sort_mail(mail, own_addresses=terms.own_addresses, domain=terms.domain)
    if told.sort is Sort.BOUNCE and told.bounce is not None:
        return _bounced(told, told.bounce, terms=terms, at=at)
    if told.sort in {Sort.AUTO_REPLY, Sort.LOOP}:
        return MailOutcome(MailState.AUTO_REPLY, told)
    if told.sort is not Sort.ORDINARY:
        return MailOutcome(MailState.UNUSABLE, told)
    thread = _thread(held, mail, terms=terms, at=at)
    if (same := _came_again(held, mail)) is not None:
        return MailOutcome(MailState.REPEAT, told, case_id=same.case_id, case_number=same.case_number)
    known = _keep_files(mail.attachments, at=at)
    flags = [*thread.flags, *([Flag.FILES_REFUSED] if known[1] else [])]
    letter = _incoming(held, mail, known)
    if not letter.text and not letter.title and not letter.file_ids:
        return MailOutcome(MailState.UNUSABLE, Sorted(Sort.EMPTY), flags=flags, **_as_json(known))
    if thread.case_id is not None:
        done = register.join(thread.case_id, letter=letter, at=at)
        state = MailState.JOINED
    else:
        is_forged = Flag.FALSE_SENDER in thread.flags
        done = register.register(letter, applicant=_applicant(mail, is_forged=is_forged, at=at), at=at)
        state = MailState.NEW_CASE
    return MailOutcome(state, told, flags, done.case_id, done.number, **_as_json(known))


def _bounced(told: Sorted, bounce: Bounce, *, terms: MailTerms, at: datetime) -> MailOutcome:
    """Note on our own message that it did not arrive, where the report names the address to which it went.

    A report that names our letters only by Message-IDs that we did not make is left to people.
    """
    proven = ledger.proven_ids(bounce.our_ids, domain=terms.domain)
    if bounce.our_ids and not proven:
        return MailOutcome(MailState.UNUSABLE, told, [Flag.FALSE_REPORT], note=bounce.why)
    try:
        ours = ledger.message(proven[0].number) if proven else None
    except NotFound:
        ours = None
    if ours is None or ours.address.lower() != bounce.recipient:
        return MailOutcome(MailState.BOUNCE, told, note=bounce.why)
    if bounce.is_final:
        messages.mark_failed(ours.id, error=f"bounce_{bounce.why}"[:60], at=at, for_good=True)
    case_id = ours.facts.get("case_id")
    number = str(ours.facts.get("case", "")) if case_id else ""
    return MailOutcome(MailState.BOUNCE, told, (), case_id, number, ours.id, note=bounce.why)


def _thread(held: MailView, mail: Mail, *, terms: MailTerms, at: datetime) -> _Thread:
    """Find the case by the headers, then by the subject; say where either names a case of somebody else."""
    named = _cases_of_headers(mail, terms=terms)
    own = [case_id for case_id, address in named if address == mail.sender]
    number = number_in(mail.subject)
    of_subject = cases.case_of_number(number, at=at) if number else None
    is_own = of_subject is not None and cases.sending(of_subject).applicant.email.lower() == mail.sender
    flags = []
    if named and not own:
        flags.append(Flag.FOREIGN_THREAD)
    if of_subject is not None and not is_own and of_subject not in own:
        flags.append(Flag.FOREIGN_NUMBER)
    if any(one.id != held.id for one in ledger.with_message_ids([mail.message_id])):
        flags.append(Flag.SAME_ID)
    if claims_falsely(mail, authority=terms.authority):
        return _Thread(None, (*flags, Flag.FALSE_SENDER))
    return _Thread(own[0] if own else of_subject if is_own else None, tuple(flags))


def _cases_of_headers(mail: Mail, *, terms: MailTerms) -> list[tuple[int, str]]:
    """Return the cases that the thread's Message-IDs name, the latest first, each with the address that it knows."""
    found: list[tuple[int, str]] = []
    # Letters sent before there were tags have none: of them only the known address is looked at.
    untagged = [one for one in our_ids(mail.answers_to, domain=terms.domain) if not one.tag]
    proven = ledger.proven_ids(mail.answers_to, domain=terms.domain)
    for named in (*reversed(proven), *reversed(untagged)):
        try:
            ours = ledger.message(named.number)
        except NotFound:
            continue
        if isinstance(ours.facts.get("case_id"), int):
            found.append((ours.facts["case_id"], ours.address.lower()))
    theirs = ledger.with_message_ids(mail.answers_to)
    found += [(one.case_id, one.sender) for one in theirs if one.case_id is not None]
    return found


def _came_again(held: MailView, mail: Mail) -> MailView | None:
    """Return the letter that came before by another way (its own Message-ID, sender, subject and text)."""
    for one in ledger.with_message_ids([mail.message_id]):
        if one.id < held.id and (one.sender, one.subject, one.text) == (mail.sender, mail.subject, mail.text):
            return one
    return None


Known = tuple[list[files.FileInfo], list[dict[str, Any]]]


def _keep_files(attachments: Sequence[Attachment], *, at: datetime) -> Known:
    """Keep the attachments whose content is of a kind that we keep; say of the others why not."""
    kept: list[files.FileInfo] = []
    refused: list[dict[str, Any]] = []
    for one in attachments:
        name = files.clean_name(one.name)
        if len(kept) >= MOST_FILES:
            refused.append({"name": name, "size": len(one.content), "why": "too_many_files"})
            continue
        try:
            kept.append(files.store(one.content, name=one.name, by=None, at=at))
        except FileRefused as error:
            refused.append({"name": name, "size": len(one.content), "why": error.code})
    return kept, refused[:200]


def _read_again(held: MailView) -> tuple[Mail, Known]:
    """Return a letter of the ledger as it came, with its attachments kept now where they were not."""
    mail = read_mail(inbox.raw(GATE, external_id=f"{held.mailbox}:{held.uidvalidity}:{held.uid}"))
    return mail, _keep_files(mail.attachments, at=held.received_at)


def _as_json(known: Known) -> dict[str, Any]:
    kept = [{"id": one.id, "name": one.name, "size": one.size} for one in known[0]]
    return {"files": kept, "refused_files": known[1]}


def _incoming(held: MailView, mail: Mail, known: Known) -> Incoming:
    own, _ = own_words(mail.text)
    is_only_one = bool(mail.message_id) and all(one.id == held.id for one in ledger.with_message_ids([mail.message_id]))
    return Incoming(
        channel=CaseChannel.EMAIL,
        text=own or ("" if mail.subject or known[0] else f"[{mail.sender or '—'}]"),
        received_at=held.received_at,
        key=mail.message_id[:255] if is_only_one else f"mail:{held.id}",
        title=mail.subject,
        sender=mail.sender,
        file_ids=tuple(one.id for one in known[0]),
    )


def _applicant(mail: Mail, *, is_forged: bool, at: datetime) -> Applicant:
    """Return who writes, as he says it; the customer only where his address is the contact of one alone.

    Who forged the address is nobody's customer: his letter must not stand among the appeals of whom he names.
    """
    on = at.astimezone(MOSCOW).date()
    is_known = bool(mail.sender) and not is_forged
    found = customers.customers_with(mail.sender, kind=ContactKind.EMAIL, on=on) if is_known else []
    numbers = set(re.findall(r"(?<![\d.])\d{10}(?![\d.])", own_words(mail.text)[0]))
    named = [number for number in sorted(numbers)[:20] if accounts.account_by_number(number) is not None]
    return Applicant(
        name=mail.sender_name if re.search(r"[^\W\d_]{2}", mail.sender_name) else "",
        email=mail.sender,
        account_number=named[0] if len(named) == 1 else "",
        customer_id=found[0] if len(found) == 1 else None,
    )
