"""What kind of letter one is, by its headers, and whose thread it belongs to. Pure.

The order matters: our own letter that came back, a report of delivery, an answer of a machine, a mailing, then people.
A header is the sender's word, not a proof: `flows/mail_intake.py` joins by it only with the sender's own address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from svet.domains.notifications.rules.mail.reading import Mail

MOST_HOPS = 40


class Sort(StrEnum):
    """What a letter is."""

    LOOP = "loop"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    SPAM = "spam"
    BULK = "bulk"
    NO_SENDER = "no_sender"
    EMPTY = "empty"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    ORDINARY = "ordinary"


class MailState(StrEnum):
    """What became of a letter: exactly one of these, and `NEW` until then."""

    NEW = "new"
    NEW_CASE = "new_case"
    JOINED = "joined"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    REPEAT = "repeat"
    UNUSABLE = "unusable"
    SET_ASIDE = "set_aside"


class Flag(StrEnum):
    """What a person should know of a letter."""

    FOREIGN_THREAD = "foreign_thread"
    FOREIGN_NUMBER = "foreign_number"
    FALSE_SENDER = "false_sender"
    SAME_ID = "same_id"
    FILES_REFUSED = "files_refused"
    FALSE_REPORT = "false_report"


@dataclass(frozen=True, slots=True)
class OurId:
    """A Message-ID of our shape: the message's number and the tag, "" where there is none. The shape proves nothing."""

    number: int
    tag: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a letter did not arrive: Message-IDs of our shape that it names, to whom, whether for good, why."""

    our_ids: tuple[str, ...]
    recipient: str
    is_final: bool
    why: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a letter is and by which sign; of a bounce also what did not arrive."""

    sort: Sort
    sign: str = ""
    bounce: Bounce | None = None


_AUTO_SUBJECT = re.compile(
    r"^(?:re: ?)?(?:автоответ|автоматический ответ|auto(?:matic)?[ -]?reply|autoreply|out of (?:the )?office"
    r"|вне офиса|нет на месте|i am out of)",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.IGNORECASE)


def sort_mail(mail: Mail, *, own_addresses: Iterable[str], domain: str) -> Sorted:
    """Return what the letter is; `domain` ends the Message-IDs of our letters.

    >>> sort_mail(Mail(sender="a@b.ru", text="?", headers={"auto-submitted": ("auto-replied",)}), own_addresses=[],
    ...           domain="svet.ru").sort.value
    'auto_reply'
    """
    if mail.is_broken:
        return Sorted(Sort.BROKEN)
    report = mail.report
    if our_ids([mail.message_id], domain=domain) or mail.sender in {one.lower() for one in own_addresses}:
        return Sorted(Sort.LOOP, "our_own_letter")
    if mail.header("x-loop") or len(mail.headers.get("received", ())) > MOST_HOPS:
        return Sorted(Sort.LOOP, "x-loop" if mail.header("x-loop") else "received")
    content_type = mail.header("content-type")
    is_report = content_type.startswith("multipart/report") and "disposition-notification" not in content_type
    if is_report or report.get("action") or mail.header("x-failed-recipients") or _DAEMON.match(mail.sender):
        return Sorted(Sort.BOUNCE, "report" if report.get("action") else "daemon", _bounce(mail, domain=domain))
    if sign := _auto_sign(mail, content_type=content_type):
        return Sorted(Sort.AUTO_REPLY, sign)
    if mail.header("x-spam-flag").startswith("yes") or mail.header("x-spam-status").startswith("yes"):
        return Sorted(Sort.SPAM, "x-spam")
    if mail.header("precedence") in {"bulk", "junk", "list"} or mail.header("list-id"):
        return Sorted(Sort.BULK, "list-id" if mail.header("list-id") else "precedence")
    if not mail.sender:
        return Sorted(Sort.NO_SENDER)
    if not mail.text and not mail.attachments and not mail.subject:
        return Sorted(Sort.EMPTY)
    return Sorted(Sort.ORDINARY)


def our_ids(ids: Iterable[str], *, domain: str) -> list[OurId]:
    """Return those of the Message-IDs that have the shape of ours; letters sent before there were tags have none.

    >>> our_ids(["svet-12@svet.ru", "svet-13@evil.ru", "x"], domain="svet.ru")
    [OurId(number=12, tag='')]
    """
    form = re.compile(rf"svet-([0-9]{{1,15}})(?:-([0-9a-f]{{32}}))?@{re.escape(domain)}", re.IGNORECASE | re.ASCII)
    found = [form.fullmatch(one.strip("<> ")) for one in ids]
    return [OurId(int(one[1]), (one[2] or "").lower()) for one in found if one]


def claims_falsely(mail: Mail, *, authority: str) -> bool:
    """Say whether our own mail server found that the sender is not who he says (DMARC failed, RFC 8601).

    Only the header with our server's name counts: anybody may write another.
    """
    ours = [one for one in mail.headers.get("authentication-results", ()) if authority and _says(one, authority)]
    return any(re.search(r"\bdmarc\s*=\s*fail", one, re.IGNORECASE) for one in ours[:1])


def _says(header: str, authority: str) -> bool:
    return header.strip().lower().split(";")[0].split(" ")[0] == authority.lower()


def _auto_sign(mail: Mail, *, content_type: str) -> str:
    """Return by which header a machine answered (RFC 3834 and what others do), "" where none says so."""
    submitted = mail.header("auto-submitted")
    if submitted and not submitted.startswith("no"):
        return "auto-submitted"
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-mail-autoreply"):
        if mail.header(name) and mail.header(name) != "no":
            return name
    if mail.header("precedence") in {"auto_reply", "auto-reply"} or "disposition-notification" in content_type:
        return "precedence" if mail.header("precedence") else "disposition-notification"
    if mail.header("return-path") == "<>":
        return "return-path"
    return "subject" if _AUTO_SUBJECT.match(mail.subject) else ""


def _bounce(mail: Mail, *, domain: str) -> Bounce:
    named = [mail.report.get("original", ""), *mail.answers_to, *re.findall(r"<(svet-[0-9a-f-]+@[^<>\s]+)>", mail.text)]
    ours = dict.fromkeys(one.strip("<> ") for one in named if our_ids([one], domain=domain))
    recipient = mail.report.get("recipient") or mail.header("x-failed-recipients").split(",")[0].strip()
    status, action = mail.report.get("status", ""), mail.report.get("action", "")
    is_final = action == "failed" or (not action and not status.startswith("4"))
    return Bounce(tuple(ours), recipient, is_final, status or action or "daemon")
