"""Django's storage over the store of files in the database, for libraries that bring file fields of their own.

What is kept is checked like any other file (file_kinds.py); nothing here has an address: a door hands files out.
"""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from svet.infra import clock, files


class DatabaseStorage(Storage):
    """Keeps files in `infra.files` under their key and name; what is deleted here stays in the history of the store."""

    def exists(self, name: str) -> bool:
        """Say that no name is taken: each file gets a key of its own."""
        return False

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""
        return files.named(_key(name)).size

    def delete(self, name: str) -> None:
        """Leave the content: an older version of a page may point to it."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return the name as it was given; the key makes it unique."""
        return files.clean_name(name)

    def _open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        return ContentFile(files.read(files.named(_key(name)).id), name=name)

    def _save(self, name: str, content: Any) -> str:
        kept = files.store(content.read(), name=name, by=None, at=clock.now())
        return f"{kept.key}/{kept.name[-60:]}"


def _key(name: str) -> str:
    return name.split("/", 1)[0]
