"""Files given with a form: stored at once, so that an error elsewhere in the form does not lose them.

A browser cannot keep a chosen file over an error. The form keeps the keys of what was stored and shows the names;
a key counts only for the person who gave the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from svet.infra import files
from svet.infra.file_kinds import FileRefused
from svet.infra.files import FileInfo
from svet.surfaces.web import messages

ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"


class ManyFiles(forms.ClearableFileInput):
    """The choice of several files."""

    allow_multiple_selected = True


class ScansField(forms.Field):
    """Files chosen now; what was stored before is `GivenScans`' affair."""

    widget = ManyFiles

    def clean(self, value: Any) -> None:
        """Return nothing: what was chosen is stored before the form is looked at."""
        return


def scans_field(label: str, hint: str) -> ScansField:
    """Return the field that takes scans."""
    return ScansField(
        label=label, help_text=hint, required=False, widget=ManyFiles(attrs={"multiple": True, "accept": ACCEPTED})
    )


class GivenScans:
    """The files of one form in one request: those stored before and still wanted, those chosen now."""

    def __init__(self, request: HttpRequest, *, by: int, at: datetime, most: int) -> None:
        wanted = [key for key in request.POST.getlist("scan") if key not in request.POST.getlist("drop_scan")]
        self.files: list[FileInfo] = files.given(wanted[: most * 2], by=by)
        self.errors: list[str] = []
        for file in request.FILES.getlist("scans"):
            if len(self.files) >= most:
                self.errors.append(f"Прикладывают до {most} файлов: лишние не загружены.")
                break
            self._store(file, by=by, at=at)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the files, in the order given."""
        return tuple(one.id for one in self.files)

    def blame(self, form: forms.Form, *, field: str = "scans") -> None:
        """Put what is wrong with the files at their field of the form."""
        for error in self.errors:
            form.add_error(field, error)

    def _store(self, file: UploadedFile[Any], *, by: int, at: datetime) -> None:
        name = file.name or ""
        try:
            if (file.size or 0) > files.MOST_BYTES:
                raise FileRefused("file_is_too_large", file=files.clean_name(name), most_mb=files.MOST_BYTES >> 20)
            stored = files.store(file.read(), name=name, by=by, at=at)
        except FileRefused as error:
            self.errors.append(messages.of_error(error))
            return
        if stored.sha256 not in {one.sha256 for one in self.files}:
            self.files.append(stored)


def scans_of(infos: Iterable[FileInfo]) -> list[dict[str, Any]]:
    """Return what a template shows of files: name and size in words."""
    return [{"id": one.id, "key": one.key, "name": one.name, "size": size_in_words(one.size)} for one in infos]


def size_in_words(size: int) -> str:
    """Return a size in bytes as people write it.

    >>> size_in_words(230_500), size_in_words(3_400_000), size_in_words(10)
    ('225 КБ', '3,2 МБ', '1 КБ')
    """
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} МБ".replace(".", ",")
    return f"{max(1, round(size / 1024))} КБ"
