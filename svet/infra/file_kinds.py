"""What kinds of files are taken, found in their content: PDF, JPEG, PNG. A name or a header of the sender is no proof.

Pictures are opened and decoded within a bound of pixels; of a PDF it is asked that it has a beginning, an end and
nothing that acts by itself. The check is light on purpose: files are only ever handed out to be saved.
"""

from __future__ import annotations

import io
import re

from PIL import Image, ImageStat, UnidentifiedImageError

from svet.kernel.errors import DomainError

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
EXTENSIONS: dict[str, tuple[str, ...]] = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",)}
MOST_PIXELS = 40_000_000
"""A sheet of A4 at 600 dots an inch has 35 million."""

SMALLEST_SIDE = 200
"""A side of a page in dots, below which no words can be read."""
THUMBNAIL, LEAST_CONTRAST = 256, 2
"""Grey levels of 255 by which a picture of this size spreads around its mean when there is anything on it."""

_TAIL = 2048
_ACTS = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
_LOCKED = re.compile(rb"/Encrypt\b")


class FileRefused(DomainError):
    """The file is not kept; the code says why."""

    code = "file_kind_is_refused"


def media_type_of(content: bytes, *, name: str) -> str:
    """Return the media type that the content proves.

    Raises FileRefused: "file_kind_is_refused", "file_is_broken", "image_is_too_large", "pdf_acts_by_itself",
    "pdf_is_locked".
    """
    if content.startswith(b"%PDF-"):
        return _pdf(content, name=name)
    if content.startswith(b"\xff\xd8\xff"):
        return _picture(content, name=name, kind="JPEG", media_type=JPEG)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture(content, name=name, kind="PNG", media_type=PNG)
    raise FileRefused("file_kind_is_refused", file=name)


def looks_blank(content: bytes, *, media_type: str) -> bool:
    """Say whether a picture shows nothing that could be read: all one shade, or too small. Other files are not judged.

    It is a hint for people: a photograph of a dark sheet looks blank, a blurred one does not.
    """
    if media_type not in {JPEG, PNG}:
        return False
    with Image.open(io.BytesIO(content)) as image:
        if min(image.size) < SMALLEST_SIDE:
            return True
        image.draft("L", (THUMBNAIL, THUMBNAIL))
        small = image.convert("L").resize((THUMBNAIL, THUMBNAIL))
    return ImageStat.Stat(small).stddev[0] < LEAST_CONTRAST


def _pdf(content: bytes, *, name: str) -> str:
    if b"%%EOF" not in content[-_TAIL:] or b"startxref" not in content[-_TAIL:]:
        raise FileRefused("file_is_broken", file=name)
    if _ACTS.search(content):
        raise FileRefused("pdf_acts_by_itself", file=name)
    if _LOCKED.search(content):
        raise FileRefused("pdf_is_locked", file=name)
    return PDF


def _picture(content: bytes, *, name: str, kind: str, media_type: str) -> str:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise FileRefused("image_is_too_large", file=name, most_mp=MOST_PIXELS // 1_000_000)
            image.draft("L", (image.width // 8, image.height // 8))
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise FileRefused("file_is_broken", file=name) from error
    return media_type
