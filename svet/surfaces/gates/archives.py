"""Files as outside systems send them: plain or zipped, bounded in size. Pure, takes anything without crashing."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from svet.domains.payments.rules.register import ARCHIVE, TOO_LARGE, refusal
from svet.kernel.findings import Finding

MAX_BYTES = 64 * 1024 * 1024
"""A file larger than this, packed or unpacked, is no registry."""
# What `zipfile` and what it unpacks with raise on bad bytes; an unknown way of packing is a `RuntimeError`.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)


def unpack(data: bytes) -> bytes | Finding:
    """Return the bytes of the one file in a zip archive, `data` itself when it is none, or why it cannot be read."""
    if len(data) > MAX_BYTES:
        return refusal(TOO_LARGE, limit=MAX_BYTES)
    if not data.startswith(b"PK\x03\x04"):
        return data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1:
                return refusal(ARCHIVE, why="files", files=len(members))
            if members[0].flag_bits & 1:
                return refusal(ARCHIVE, why="password")
            with archive.open(members[0]) as unpacked:
                # The size in the directory may lie: never more than the bound is read.
                content = unpacked.read(MAX_BYTES + 1)
    except _BROKEN:
        return refusal(ARCHIVE, why="broken")
    return refusal(TOO_LARGE, limit=MAX_BYTES) if len(content) > MAX_BYTES else content
