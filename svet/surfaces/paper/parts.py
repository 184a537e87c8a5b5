"""What a typesetting process does: one part of a file for the print shop, from documents that were sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from svet.domains.billing.rules.documents import BillDocument
from svet.domains.offices.queries import CompanyView
from svet.surfaces.paper.bill import render_many


def typeset(documents: Sequence[BillDocument], *, company: CompanyView, title: str, path: Path) -> int:
    """Write one part; return the number of its bills. It has its name only when it is whole."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(render_many(documents, company=company, title=title))
    unfinished.replace(path)
    return len(documents)
