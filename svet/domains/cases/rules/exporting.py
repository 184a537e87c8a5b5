"""The register given out as a file: what state an export is in, how long its file is kept. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

KEPT_FOR = timedelta(days=3)
"""After that the file is destroyed: it holds names of many people, and the register gives a newer one at any time."""
MOST_WAITING = 3
"""So many exports of one employee may be made at the same time."""
MOST_VIEWS = 30
LONGEST_NAME = 60


class ExportState(StrEnum):
    """How far a file is."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


UNMADE = (ExportState.WAITING, ExportState.MAKING)
