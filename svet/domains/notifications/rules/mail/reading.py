"""A letter out of the bytes of a message: sender, subject, text, attachments. Whatever the bytes are, one comes out.

Charsets are believed only when they fit; HTML becomes plain text; nested letters give their text; nothing is unpacked.
A letter is read in a time that grows as its size: headers are read up to a bound, and what is built of more parts than
any person sends is `is_broken`, left to people with its bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import getaddresses

from svet.domains.notifications.rules.mail.markup import text_of_html

MOST_PARTS, MOST_TEXT, DEEPEST = 1_000, 200_000, 3
MOST_OF_HEADERS, MOST_OF_HEADER = 1_000_000, 20_000
"""Bytes of all headers of a letter, signs of one header: the parsers of parameters and addresses are quadratic."""
MOST_BOUNDS, MOST_WORK = 50_000, 100_000_000
"""Lines that may begin or end a part; lines times multiparts, as each line is held against each multipart around it."""
_NO_TEXT = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape"})
"""Codecs of names and programs, no charsets of letters; two of them take quadratic time."""
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_ADDRESS = re.compile(r"[^@\s<>()\[\],;:\"\\]{1,64}@[^@\s<>()\[\],;:\"\\]{1,190}")
_ID = re.compile(r"<([^<>\s]{3,250})>")
_RUSSIAN = re.compile("[оеаинтсрвл]")


class _Bounded(Compat32):
    """Headers as they were written, each up to a bound."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:MOST_OF_HEADER]


_POLICY = _Bounded()
_WRECKED = (RecursionError, MessageError, ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a letter: its name as written and its bytes as they were put into the letter, not unpacked."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What a message says. `sender` is an address in small letters, "" where there is none; ids have no brackets."""

    message_id: str = ""
    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    text: str = ""
    answers_to: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    report: dict[str, str] = field(default_factory=dict)
    is_broken: bool = False

    def header(self, name: str) -> str:
        """Return the first header of this name in small letters, "" where there is none."""
        return next(iter(self.headers.get(name.lower(), ())), "").strip().lower()


def read_mail(raw: bytes) -> Mail:
    r"""Return what the bytes of a message say; of one that cannot be read and `is_broken`, what its headers say.

    >>> read_mail(b"From: =?utf-8?b?0JDQvdC90LA=?= <Anna@Example.org>\r\nSubject: hi\r\n\r\ntext").sender_name
    'Анна'
    """
    try:
        if not _is_made_to_tire(raw):
            return _read(message_from_bytes(raw, policy=_POLICY))
    except _WRECKED:
        pass
    try:
        head = BytesHeaderParser(policy=_POLICY).parsebytes(raw[:MOST_OF_HEADERS].partition(b"\r\n\r\n")[0])
        return replace(_of_headers(head), is_broken=True)
    except _WRECKED:
        return Mail(is_broken=True)


def _is_made_to_tire(raw: bytes) -> bool:
    """Say whether a letter is built to keep whoever reads it busy for hours: no program for people writes such ones."""
    head = re.match(rb"(?s).{0,%d}?\r?\n\r?\n" % MOST_OF_HEADERS, raw)
    if head is None and len(raw) > MOST_OF_HEADERS:
        return True
    return raw.count(b"\n--") > MOST_BOUNDS or raw.count(b"\n") * raw.count(b"oundary") > MOST_WORK


def words_of(value: object) -> str:
    """Return a header in readable letters, on one line, without signs that turn or hide text."""
    text = str(value or "")[:5_000]
    try:
        pieces = [
            _decoded(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in decode_header(text)
        ]
        text = "".join(pieces)
    except (HeaderParseError, ValueError, LookupError):
        pass
    if any("\udc80" <= sign <= "\udcff" for sign in text):
        text = _decoded(text.encode("utf-8", "surrogateescape"), None)
    return " ".join(_UNSEEN.sub("", text).split())


def _read(message: Message) -> Mail:
    texts, attachments, report = _parts(message, depth=0)
    text = "\n\n".join(texts).strip()[:MOST_TEXT]
    return replace(_of_headers(message), text=text, attachments=tuple(attachments), report=report)


def _of_headers(message: Message) -> Mail:
    headers: dict[str, tuple[str, ...]] = {}
    for name, value in list(message.raw_items())[:400]:
        headers[name.lower()] = (*headers.get(name.lower(), ()), words_of(value)[:2_000])
    senders = [one for one in getaddresses([_header(message, "From")]) if one]
    name, address = senders[0] if senders else ("", "")
    found = _ADDRESS.search(address) or _ADDRESS.search(" ".join(headers.get("from", ())))
    answered = " ".join(_header(message, one) for one in ("In-Reply-To", "References"))
    own_id = _ID.search(_header(message, "Message-ID"))
    return Mail(
        message_id=own_id[1] if own_id else "",
        sender=found[0].lower()[:254] if found else "",
        sender_name=words_of(name)[:200],
        subject=words_of(_header(message, "Subject"))[:300],
        answers_to=tuple(dict.fromkeys(_ID.findall(answered[:20_000])))[-50:],
        headers=headers,
    )


def _header(message: Message, name: str) -> str:
    """Return the first header of this name as it was written, its bytes kept; `Message.get` would spoil them."""
    wanted = name.lower()
    return next((str(value) for one, value in message.raw_items() if one.lower() == wanted), "")


def _parts(message: Message, *, depth: int) -> tuple[list[str], list[Attachment], dict[str, str]]:
    texts: list[str] = []
    attachments: list[Attachment] = []
    report: dict[str, str] = {}
    for count, part in enumerate(_leaves(message)):
        if count >= MOST_PARTS:
            break
        kind = part.get_content_type()
        if kind == "message/rfc822" or (kind == "message/rfc822-headers" and not report.get("original")):
            nested = _nested(part)
            report.setdefault("original", _header(nested, "Message-ID") if nested else "")
            if nested is not None and depth < DEEPEST:
                more, files, _ = _parts(nested, depth=depth + 1)
                texts.append("\n".join(["", f"— {words_of(_header(nested, 'Subject'))}", *more]))
                attachments.extend(files)
        elif kind == "text/rfc822-headers":
            report["original"] = _header(message_from_bytes(_bytes(part), policy=_POLICY), "Message-ID")
        elif kind == "message/delivery-status":
            report.update(_status(part))
        elif _is_file(part):
            attachments.append(Attachment(_file_name(part), _bytes(part)))
        elif kind == "text/plain":
            texts.append(_text(part))
        elif kind == "text/html" and not any(one.strip() for one in texts):
            texts.append(text_of_html(_text(part)))
    return texts, attachments, report


def _leaves(message: Message) -> Iterator[Message]:
    """Return the parts that hold something, in order; of alternatives the plain one, else the last that is text."""
    if message.get_content_maintype() == "message" or not message.is_multipart():
        yield message
        return
    parts = [one for one in message.get_payload() if isinstance(one, Message)]
    if message.get_content_subtype() == "alternative":
        plain = [one for one in parts if one.get_content_type() == "text/plain" and _text(one).strip()]
        parts = plain[:1] or parts[-1:]
    for part in parts:
        yield from _leaves(part)


def _is_file(part: Message) -> bool:
    is_named = bool(part.get_filename()) or part.get_content_disposition() == "attachment"
    return is_named or part.get_content_maintype() != "text" or part.get_content_subtype() not in {"plain", "html"}


def _file_name(part: Message) -> str:
    try:
        return words_of(part.get_filename() or f"{part.get_content_type().replace('/', '.')}")[:150]
    except (ValueError, LookupError, TypeError):
        return ""


def _nested(part: Message) -> Message | None:
    payload = part.get_payload()
    first = payload[0] if isinstance(payload, list) and payload else None
    return first if isinstance(first, Message) else None


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _text(part: Message) -> str:
    content = _bytes(part)[: MOST_TEXT * 4]
    text = _decoded(content, part.get_content_charset())
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(content: bytes, charset: str | None) -> str:
    """Return bytes as text by the charset named where it fits, else by the one that makes the most Russian of them."""
    for tried in (charset, "utf-8"):
        try:
            if tried and tried.lower() not in {"us-ascii", "ascii", "unknown-8bit"} and _is_for_text(tried):
                return content.decode(tried)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    if content.isascii():
        return content.decode("ascii")
    guesses = [content.decode(one, "replace") for one in ("cp1251", "koi8-r", "cp866")]
    return max(guesses, key=lambda text: len(_RUSSIAN.findall(text)))


def _is_for_text(charset: str) -> bool:
    return codecs.lookup(charset).name.replace("-", "_") not in _NO_TEXT


def _status(part: Message) -> dict[str, str]:
    """Return what a report of delivery says of its recipient that failed, or of its first."""
    payload = part.get_payload()
    blocks = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
    told = [one for one in blocks if one.get("Final-Recipient") or one.get("Original-Recipient")]
    failed = [one for one in told if str(one.get("Action", "")).strip().lower() == "failed"]
    for one in (failed or told)[:1]:
        found = _ADDRESS.search(words_of(one.get("Final-Recipient") or one.get("Original-Recipient")))
        return {
            "recipient": found[0].lower() if found else "",
            "action": words_of(one.get("Action")).lower()[:20],
            "status": words_of(one.get("Status"))[:20],
            "why": words_of(one.get("Diagnostic-Code"))[:200],
        }
    return {}
