"""Stored files as answers to a browser: to be saved, never shown inside our pages, never run."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from svet.infra import files
from svet.infra.files import FileInfo

SANDBOX = "sandbox; default-src 'none'"


def attached_file(info: FileInfo) -> HttpResponse:
    """Return the stored file to keep. Whoever calls this has opened the door of the file's owner."""
    response = HttpResponse(files.read(info.id), content_type=info.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(info.name)}"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
