"""The portal's file service: REST beside SOAP, files over 5 MB in parts, each with its MD5.

The published schemas say only that an attachment is named by a GUID and a GOST digest; the calls and headers here are
those that public client programs use (README.md tells which is which).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from uuid import UUID

import httpx

from svet.infra.files import MOST_BYTES
from svet.surfaces.gates.gis_zhkh.portal import FILES_PATH, Portal, Silent

PART_BYTES = 5 * 1024 * 1024


class FileRefusedByPortal(Exception):
    """The file service says no; `why` is its own name for the reason (`X-Upload-Error`) or the HTTP status."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def upload(portal: Portal, content: bytes, *, name: str) -> UUID:
    """Give a file to the portal and return the GUID it is known by there. Raises Silent, FileRefusedByPortal.

    Up to `PART_BYTES` in one call; more: a session is opened, each part sent, the session closed.
    """
    if len(content) <= PART_BYTES:
        answer = _ask(portal, "PUT", "/", content=content, headers=_told(content, name=name) | _md5(content))
        return _guid(answer)
    parts = [content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES)]
    opening = _told(content, name=name) | {"X-Upload-Part-Count": str(len(parts))}
    guid = _guid(_ask(portal, "POST", "/?upload", headers=opening))
    for number, part in enumerate(parts, start=1):
        _ask(portal, "PUT", f"/{guid}", content=part, headers={"X-Upload-Partnumber": str(number)} | _md5(part))
    _ask(portal, "POST", f"/{guid}?completed", headers={})
    return guid


def download(portal: Portal, guid: UUID) -> bytes:
    """Return the content of a file, read in parts. Raises Silent, FileRefusedByPortal ("file_is_too_large" …)."""
    length = _length(_ask(portal, "HEAD", f"/{guid}", headers={}))
    if length > MOST_BYTES:
        raise FileRefusedByPortal("file_is_too_large")
    content = b""
    while len(content) < length:
        last = min(len(content) + PART_BYTES, length) - 1
        ranged = {"Range": f"bytes={len(content)}-{last}"} if length > PART_BYTES else {}
        part = _ask(portal, "GET", f"/{guid}?getfile", headers=ranged).content
        if not part or len(content) + len(part) > length:
            raise Silent("wrong_length")
        content += part
    return content


def _ask(
    portal: Portal, method: str, path: str, *, headers: Mapping[str, str], content: bytes | None = None
) -> httpx.Response:
    named = {"X-Upload-OrgPPAGUID": str(portal.sender.organization), **headers}
    answer = portal.ask(method, f"{FILES_PATH}{path}", headers=named, content=content)
    if answer.status_code >= 500 and "X-Upload-Error" not in answer.headers:
        raise Silent(f"http_{answer.status_code}")
    if answer.status_code >= 400:
        raise FileRefusedByPortal(answer.headers.get("X-Upload-Error", f"http_{answer.status_code}")[:80])
    return answer


def _told(content: bytes, *, name: str) -> dict[str, str]:
    """Return what the service wants to know of a file; a header holds no Russian letters, so the name is encoded."""
    encoded = f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?=" if not name.isascii() else name
    return {"X-Upload-Filename": encoded, "X-Upload-Length": str(len(content))}


def _md5(content: bytes) -> dict[str, str]:
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    return {"Content-MD5": base64.b64encode(digest).decode()}


def _guid(answer: httpx.Response) -> UUID:
    try:
        return UUID(answer.headers.get("X-Upload-UploadID", ""))
    except ValueError as error:
        raise Silent("no_upload_id") from error


def _length(answer: httpx.Response) -> int:
    text = answer.headers.get("X-Upload-Length", "")
    if not text.isdecimal() or len(text) > 15:
        raise Silent("no_length")
    return int(text)
