"""The mailbox by IMAP (settings SVET_MAIL_*): every message is taken once, by its number in the mailbox, in order.

Nothing is deleted or marked in the mailbox: what was taken, the ledger says. Messages are read with PEEK, one by one;
each is kept before the next one is asked for, so a kill loses nothing and repeats nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog
from django.conf import settings
from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from svet.domains.notifications import actions, queries
from svet.flows import mail_intake
from svet.flows.mail_intake import MailTerms
from svet.infra import clock
from svet.surfaces.gates.email.send import own_domain

log = structlog.get_logger("svet.gates.mail")

TIMEOUT_SECONDS = 60
MOST_AT_ONCE = 500


class MailboxSilent(Exception):
    """The mailbox cannot be read now; says nothing secret."""


def read_mailbox() -> int:
    """Take what is new in the mailbox and settle what waits; return how many letters were taken."""
    taken = 0
    if settings.MAIL_HOST:
        name = f"{settings.MAIL_USER}/{settings.MAIL_FOLDER}"
        try:
            with _opened() as mailbox:
                taken = _take_new(mailbox, name)
        except (OSError, ImapToolsError, MailboxSilent) as error:
            log.error("mailbox_cannot_be_read", error=type(error).__name__)
            actions.note_look(name, at=clock.now(), error=type(error).__name__)
    settle_waiting()
    return taken


def settle_waiting() -> int:
    """Settle every letter that waits; one that cannot be settled stops no other. Return how many were settled."""
    settled = 0
    for mail_id in queries.waiting_mail():
        try:
            mail_intake.settle(mail_id, terms=terms(), at=clock.now())
            settled += 1
        except Exception as error:  # it is kept; the next run tries again, and the page shows that it waits
            log.exception("mail_cannot_be_settled", mail_id=mail_id, error=type(error).__name__)
    return settled


def terms() -> MailTerms:
    """Return what the settings say of our own mail."""
    return MailTerms(
        own_addresses=tuple(settings.MAIL_OWN_ADDRESSES), domain=own_domain(), authority=settings.MAIL_AUTHSERV
    )


@contextmanager
def _opened() -> Iterator[BaseMailBox]:
    if settings.MAIL_TLS:
        mailbox: BaseMailBox = MailBox(settings.MAIL_HOST, settings.MAIL_PORT, timeout=TIMEOUT_SECONDS)
    else:
        mailbox = MailBoxUnencrypted(settings.MAIL_HOST, settings.MAIL_PORT, timeout=TIMEOUT_SECONDS)
    with mailbox.login(settings.MAIL_USER, settings.MAIL_PASSWORD, initial_folder=settings.MAIL_FOLDER):
        yield mailbox


def _take_new(mailbox: BaseMailBox, name: str) -> int:
    state = mailbox.folder.status(settings.MAIL_FOLDER, ["UIDVALIDITY"])
    uidvalidity = int(state["UIDVALIDITY"])
    there = sorted(int(uid) for uid in mailbox.uids("ALL"))
    known = queries.known_uids(name, uidvalidity=uidvalidity)
    new = [uid for uid in there if uid not in known]
    taken = 0
    for uid in new[:MOST_AT_ONCE]:
        try:
            taken += _take(mailbox, name, uidvalidity, uid)
        except MailboxSilent:  # it was removed meanwhile; if it is still there, the look says that it is missing
            log.warning("message_cannot_be_fetched", uid=uid)
    _note(name, uidvalidity, there, at=clock.now())
    return taken


def _take(mailbox: BaseMailBox, name: str, uidvalidity: int, uid: int) -> int:
    size = _size(mailbox, uid)
    is_whole = size <= settings.MAIL_MOST_BYTES
    raw = _fetched(mailbox, uid, what="BODY.PEEK[]" if is_whole else "BODY.PEEK[HEADER]")
    at = clock.now()
    actions.take_mail(raw, mailbox=name, uidvalidity=uidvalidity, uid=uid, at=at, size=size, is_whole=is_whole)
    return 1


def _note(name: str, uidvalidity: int, there: list[int], *, at: datetime) -> None:
    known = queries.known_uids(name, uidvalidity=uidvalidity)
    missing = sum(uid not in known for uid in there)
    actions.note_look(name, at=at, uidvalidity=uidvalidity, held=len(there), missing=missing)


def _size(mailbox: BaseMailBox, uid: int) -> int:
    _, answer = mailbox.client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    found = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(one for one in answer if isinstance(one, bytes)))
    if found is None:
        raise MailboxSilent
    return int(found[1])


def _fetched(mailbox: BaseMailBox, uid: int, *, what: str) -> bytes:
    _, answer = mailbox.client.uid("FETCH", str(uid), f"({what})")
    content = next((one[1] for one in answer if isinstance(one, tuple)), None)
    if not isinstance(content, bytes):
        raise MailboxSilent
    return content
