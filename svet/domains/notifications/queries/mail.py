"""Reads of letters that came: the ledger by state, one letter, letters by their Message-IDs, the looks at mailboxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from svet.domains.notifications.models import IncomingMail, MailboxLook
from svet.domains.notifications.rules.mail import MailState, Sort
from svet.kernel.errors import NotFound

IN_A_CASE = (MailState.NEW_CASE, MailState.JOINED)


@dataclass(frozen=True, slots=True)
class MailView:
    """A letter of the ledger; `size` in bytes, `text` whole with what it quotes."""

    id: int
    mailbox: str
    uidvalidity: int
    uid: int
    sha256: str
    size: int
    is_whole: bool
    received_at: datetime
    message_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    files: Sequence[Mapping[str, Any]]
    refused_files: Sequence[Mapping[str, Any]]
    state: str
    sort: str
    sign: str
    flags: Sequence[str]
    case_id: int | None
    case_number: str
    about_message_id: int | None
    settled_at: datetime | None
    settled_by: int | None
    note: str


@dataclass(frozen=True, slots=True)
class LookView:
    """The last look at a mailbox; `missing` messages have no row in the ledger."""

    mailbox: str
    looked_at: datetime
    held: int
    missing: int
    error: str


def mail(mail_id: int) -> MailView:
    """Return one letter; raise NotFound."""
    row = IncomingMail.objects.filter(pk=mail_id).first()
    if row is None:
        raise NotFound(table="notifications_incoming_mail", id=mail_id)
    return as_mail(row)


def waiting_mail(*, limit: int = 200) -> list[int]:
    """Return the letters that nobody has settled yet, the oldest first."""
    return list(IncomingMail.objects.filter(state=MailState.NEW).order_by("pk").values_list("pk", flat=True)[:limit])


def last_uid(mailbox: str, *, uidvalidity: int) -> int:
    """Return the highest UID of the mailbox that is in the ledger, 0 when none is."""
    rows = IncomingMail.objects.filter(mailbox=mailbox, uidvalidity=uidvalidity)
    return rows.aggregate(last=Max("uid"))["last"] or 0


def known_uids(mailbox: str, *, uidvalidity: int) -> set[int]:
    """Return all UIDs of the mailbox that are in the ledger."""
    return set(IncomingMail.objects.filter(mailbox=mailbox, uidvalidity=uidvalidity).values_list("uid", flat=True))


def mail_page(*, states: Sequence[str], limit: int = 50, offset: int = 0) -> tuple[list[MailView], int]:
    """Return letters of these states (all when none is named), newest first, and how many there are."""
    rows = IncomingMail.objects.all()
    if states:
        rows = rows.filter(state__in=states)
    return [as_mail(row) for row in rows.order_by("-received_at", "-pk")[offset : offset + limit]], rows.count()


def mail_counts() -> dict[str, int]:
    """Return how many letters of each state there are."""
    return dict(IncomingMail.objects.values_list("state").annotate(Count("pk")).order_by("state"))


def looks() -> list[LookView]:
    """Return the last look at each mailbox."""
    rows = MailboxLook.objects.order_by("mailbox")
    return [LookView(row.mailbox, row.looked_at, row.held, row.missing, row.error) for row in rows]


def same_content(sha256: str, *, before_id: int) -> MailView | None:
    """Return an earlier letter with exactly these bytes (the mailbox was numbered anew), None when there is none."""
    row = IncomingMail.objects.filter(sha256=sha256, pk__lt=before_id).order_by("pk").first()
    return None if row is None else as_mail(row)


def with_message_ids(ids: Sequence[str]) -> list[MailView]:
    """Return the letters with these Message-IDs, the latest first."""
    rows = IncomingMail.objects.filter(message_id__in=[one for one in ids if one])
    return [as_mail(row) for row in rows.order_by("-pk")[:50]]


def thread_of(case_id: int, *, sender: str) -> list[str]:
    """Return the Message-IDs of what this sender wrote about the case, the earliest first: an answer refers to them."""
    rows = IncomingMail.objects.filter(case_id=case_id, sender=sender.lower(), state__in=IN_A_CASE)
    return list(rows.exclude(message_id="").order_by("pk").values_list("message_id", flat=True)[:20])


def came_from_a_machine(case_id: int) -> bool:
    """Say whether the case was made of a letter that no person wrote: nothing is acknowledged to machines."""
    robots = [Sort.LOOP, Sort.BOUNCE, Sort.AUTO_REPLY, Sort.BULK, Sort.SPAM]
    return IncomingMail.objects.filter(case_id=case_id, state=MailState.NEW_CASE, sort__in=robots).exists()


def as_mail(row: IncomingMail) -> MailView:
    """Return the view of a row."""
    names = [name for name in MailView.__slots__ if name != "id"]
    return MailView(id=row.pk, **{name: getattr(row, name) for name in names})
