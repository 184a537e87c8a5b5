"""Files that pages of the site give out."""

from __future__ import annotations

from svet.domains.content.models import SiteFile
from svet.infra import files
from svet.infra.files import FileInfo
from svet.kernel.errors import NotFound


def published_file(document_id: int, *, name: str) -> FileInfo:
    """Return what is known of a file that editors put on the site, by its id and its very name; raise NotFound."""
    row = SiteFile.objects.filter(pk=document_id).first()
    if row is None or row.filename != name:
        raise NotFound("no_such_file")
    return files.named(row.file.name.split("/", 1)[0])
