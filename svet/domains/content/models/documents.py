"""Files that editors put on the site. What a file is, its content says; names and headers prove nothing."""

from __future__ import annotations

from typing import ClassVar

from wagtail.documents.models import AbstractDocument

from svet.infra.file_kinds import EXTENSIONS


class SiteFile(AbstractDocument):
    """A file to save from the site: PDF, JPEG or PNG, kept in the database like all files (decision 0004)."""

    admin_form_fields: ClassVar[tuple[str, ...]] = ("title", "file", "collection")
    file_extensions: ClassVar[tuple[str, ...]] = tuple(end for ends in EXTENSIONS.values() for end in ends)

    class Meta(AbstractDocument.Meta):
        db_table = "content_site_file"
        verbose_name = "файл"
        permissions = [("choose_sitefile", "Can choose a file")]
        verbose_name_plural = "файлы"

    def clean(self) -> None:
        """Check the extension of a file that is there; one that the form refused was told why already."""
        if self.file:
            super().clean()
