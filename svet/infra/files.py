"""The store of files in the database: scans, letters, photographs. `file_kinds.py` says what is taken for one.

A file is known by a key that cannot be guessed. Nobody may read it by that alone: the domain that owns the file opens
its own door first and reads by what its row points to.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from svet.infra.file_kinds import EXTENSIONS, FileRefused, media_type_of
from svet.infra.models import FileContent, StoredFile
from svet.kernel.errors import NotFound

_KEY = re.compile("[0-9a-f]{32}")
MOST_BYTES = 10 * 1024 * 1024
MOST_A_DAY = 300
"""So many files one person may give in a day: more is no work with papers."""


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What is known of a stored file; `size` in bytes."""

    id: int
    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    stored_at: datetime


def store(content: bytes, *, name: str, by: int | None, at: datetime) -> FileInfo:
    """Keep a file whose content is what it seems to be, and return what is known of it.

    Raises FileRefused with the reason as its code: "file_is_empty", "file_is_too_large", "too_many_files", or what
    `file_kinds.media_type_of` raises.
    """
    if not content:
        raise FileRefused("file_is_empty", file=clean_name(name))
    if len(content) > MOST_BYTES:
        raise FileRefused("file_is_too_large", file=clean_name(name), most_mb=MOST_BYTES // 1024 // 1024)
    if by is not None and _given_lately(by, at=at) >= MOST_A_DAY:
        raise FileRefused("too_many_files", most=MOST_A_DAY)
    media_type = media_type_of(content, name=clean_name(name))
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        FileContent.objects.bulk_create([FileContent(sha256=sha256, content=content)], ignore_conflicts=True)
        row = StoredFile.objects.create(
            key=uuid.uuid4().hex,
            content_id=sha256,
            name=clean_name(name, media_type=media_type),
            media_type=media_type,
            size=len(content),
            stored_at=at,
            stored_by=by,
        )
    return _info(row)


def given(keys: Sequence[str], *, by: int) -> list[FileInfo]:
    """Return the files with these keys that this person gave, in the order asked; other keys are passed over."""
    keys = [key for key in keys if _KEY.fullmatch(key)]
    found = {row.key: row for row in StoredFile.objects.filter(key__in=keys, stored_by=by)}
    return [_info(found[key]) for key in dict.fromkeys(keys) if key in found]


def described(ids: Sequence[int]) -> dict[int, FileInfo]:
    """Return what is known of the files with these ids, by id."""
    return {row.pk: _info(row) for row in StoredFile.objects.filter(pk__in=list(ids))}


def named(key: str) -> FileInfo:
    """Return what is known of the file with this key; raise NotFound."""
    row = StoredFile.objects.filter(key=key).first()
    if row is None:
        raise NotFound(file=key)
    return _info(row)


def read(file_id: int) -> bytes:
    """Return the content of a file; raise NotFound."""
    row = FileContent.objects.filter(pk__in=StoredFile.objects.filter(pk=file_id).values("content_id")).first()
    if row is None:
        raise NotFound(file=file_id)
    return bytes(row.content)


def clean_name(name: str, *, media_type: str = "") -> str:
    r"""Return a name without path and control characters, with the ending of what the file is.

    >>> clean_name("C:\\temp\\акт\n1.exe", media_type="application/pdf")
    'акт1.exe.pdf'
    """
    bare = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "", name)
    bare = re.split(r"[\\/]", bare)[-1].strip(" .") or "файл"
    endings = EXTENSIONS.get(media_type, ())
    if endings and not bare.lower().endswith(endings):
        bare = f"{bare[:145]}{endings[0]}"
    return bare[-150:]


def _given_lately(by: int, *, at: datetime) -> int:
    return StoredFile.objects.filter(stored_by=by, stored_at__gt=at - timedelta(days=1)).count()


def _info(row: StoredFile) -> FileInfo:
    return FileInfo(
        id=row.pk,
        key=row.key,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.content_id,
        stored_at=row.stored_at,
    )
