"""Letters of a case are appended, in and out; who sends one out follows the fact `cases.letter_written`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from svet.domains.cases.actions.events import append, tell
from svet.domains.cases.actions.words import index_case
from svet.domains.cases.models import Case, Letter, LetterFile
from svet.domains.cases.queries.sending import applicant_of
from svet.domains.cases.rules.answering import ways
from svet.domains.cases.rules.likeness import fingerprint
from svet.domains.cases.rules.register import CaseChannel, Direction, EventKind
from svet.infra.locking import lock_names
from svet.kernel.errors import DomainError

LONGEST_TEXT = 100_000
MOST_FILES = 50


@dataclass(frozen=True, slots=True)
class Incoming:
    """A letter that came. `key` is the channel's own name for it (Message-ID, guid, a form's hidden key, a bill's
    question), by which the same letter twice is one; `sender` is the address it came from; files are in `infra.files`.
    """

    channel: CaseChannel
    text: str
    received_at: datetime
    key: str = ""
    title: str = ""
    sender: str = ""
    file_ids: tuple[int, ...] = ()
    user_id: int | None = None


def came_before(letter: Incoming) -> Letter | None:
    """Return the row of this very letter where it came before; others with the same key wait for this transaction."""
    if not letter.key:
        return None
    lock_names(f"cases.letter:{letter.channel}:{letter.key}")
    rows = Letter.objects.filter(channel=letter.channel, direction=Direction.IN, key=letter.key[:255])
    return rows.select_related("case").first()


def take(case: Case, letter: Incoming) -> Letter:
    """Append a letter that came; raise DomainError("letter_is_empty") for one that says and holds nothing."""
    text = clean(letter.text)
    if not text and not letter.file_ids and not letter.title.strip():
        raise DomainError("letter_is_empty")
    row = Letter.objects.create(
        case=case,
        direction=Direction.IN,
        channel=CaseChannel(letter.channel),
        key=letter.key[:255],
        at=letter.received_at,
        author_id=letter.user_id,
        address=letter.sender.strip()[:300],
        title=clean(letter.title)[:300],
        text=text,
        fingerprint=fingerprint(text),
    )
    _files(row, letter.file_ids)
    index_case(case.pk)
    return row


def write(
    case: Case,
    *,
    text: str,
    at: datetime,
    by: int | None,
    title: str = "",
    key: str = "",
    channel: CaseChannel | None = None,
    address: str = "",
    file_ids: Sequence[int] = (),
    is_answer: bool = False,
) -> Letter:
    """Append a letter to the applicant by the way given, or the best there is; record `cases.letter_written`.

    Raises DomainError("letter_is_empty").
    """
    said = clean(text)
    if not said:
        raise DomainError("letter_is_empty")
    if channel is None:
        channel, address = ways(CaseChannel(case.channel), applicant=applicant_of(case.pk))[0]
    row = Letter.objects.create(
        case=case,
        direction=Direction.OUT,
        channel=channel,
        key=key[:255],
        at=at,
        author_id=by,
        address=address[:300],
        title=clean(title)[:300],
        text=said,
        is_answer=is_answer,
    )
    _files(row, file_ids)
    index_case(case.pk)
    data = {"letter_id": row.pk, "channel": row.channel, "is_answer": is_answer}
    append(case, EventKind.WRITTEN, at=at, by=by, data=data)
    tell(case, "letter_written", at=at, data=data)
    return row


def clean(text: str) -> str:
    """Return a text without control characters that a database cannot keep, no longer than is read."""
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t").strip()[:LONGEST_TEXT]


def _files(row: Letter, file_ids: Sequence[int]) -> None:
    ids = list(dict.fromkeys(file_ids))[:MOST_FILES]
    LetterFile.objects.bulk_create(LetterFile(letter=row, file_id=one, place=place) for place, one in enumerate(ids, 1))
