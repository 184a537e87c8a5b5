"""What a self-service terminal prints: a receipt of readings or a sum to pay, on a strip of 80 mm (clause O4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from svet.surfaces.paper import drawn_codes, engine
from svet.surfaces.paper.heads import cleaned
from svet.surfaces.web.templatetags.svet import moment

TEMPLATE = "terminal_slip.typ"


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on the strip; `number`: large; `code`: the text of a payment code, empty for none."""

    title: str
    number: str
    company: str
    lines: Sequence[str]
    code: str = ""


def render(slip: Slip, *, at: datetime) -> bytes:
    """Return the strip as a PDF; raise TypesettingFailed."""
    texts = {
        "title": slip.title,
        "number": slip.number,
        "company": slip.company,
        "made": moment(at),
        "lines": list(slip.lines),
    }
    qr = drawn_codes.qr_png(slip.code) if slip.code else []
    return engine.pdf(TEMPLATE, {**cleaned(texts), "qr": qr}, made_at=at)
