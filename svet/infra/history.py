"""Row history of editable records: every former state of a row is kept by a database trigger.

Inserts are not copied (the row itself is its first state), so mass imports cost nothing more.
"""

from __future__ import annotations

from typing import Any

import pghistory


def keep_history() -> Any:
    """Return the class decorator that keeps each replaced or deleted state of the model's rows."""
    return pghistory.track(
        pghistory.UpdateEvent(label="replaced", row=pghistory.Old),
        pghistory.DeleteEvent(label="deleted"),
        obj_field=pghistory.ObjForeignKey(related_name="history"),
    )
