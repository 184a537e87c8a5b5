"""Tables in which nothing is ever rewritten: the database itself refuses UPDATE and DELETE."""

from __future__ import annotations

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """Return the triggers for the Meta of an append-only model."""
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
