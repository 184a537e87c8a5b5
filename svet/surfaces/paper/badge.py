"""The badge of a member of staff (clause O6): name, position, photo. The photo goes into the paper and nowhere else."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image, ImageOps

from svet.domains.offices.queries import CompanyView
from svet.infra.file_kinds import JPEG, PNG, FileRefused, media_type_of
from svet.surfaces.paper import engine
from svet.surfaces.paper.heads import cleaned, company_texts

TEMPLATE = "badge.typ"
PHOTO = (300, 400)
"""Dots of the printed photo: 25 × 33 mm at 300 dots an inch."""


def photo_of(content: bytes, *, name: str) -> bytes:
    """Return a picture as the badge prints it: upright, cut to 3:4, small; raise FileRefused for what is no picture."""
    if media_type_of(content, name=name) not in {JPEG, PNG}:
        raise FileRefused("file_kind_is_refused", file=name)
    with Image.open(io.BytesIO(content)) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    made = io.BytesIO()
    ImageOps.fit(upright, PHOTO).save(made, "JPEG", quality=85)
    return made.getvalue()


def render(*, name: str, position: str, photo: bytes, company: CompanyView, made_at: datetime) -> bytes:
    """Return the badge as a PDF of its own size; `photo` is what `photo_of` made, empty for none.

    Raises TypesettingFailed.
    """
    texts = {"name": name, "position": position, "company": company_texts(company)}
    return engine.pdf(TEMPLATE, cleaned(texts) | {"photo": list(photo)}, made_at=made_at)
