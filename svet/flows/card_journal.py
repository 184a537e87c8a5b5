"""The journal of a card: who did what with the account, when, why, before and after; a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from svet.domains.access import queries as access
from svet.flows import card_undoing
from svet.infra import audit
from svet.infra.audit import Recorded

SHOWN = 25


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One operation: `who` is empty where the program acted; `before` and `after` hold what it changed.

    `is_undoable` where the way back is `card_undoing`; `is_undone` where it was gone.
    """

    record: Recorded
    who: str
    is_undone: bool
    is_undoable: bool

    @property
    def before(self) -> Mapping[str, Any]:
        """What there was."""
        return _facts(self.record.data.get("before"))

    @property
    def after(self) -> Mapping[str, Any]:
        """What came of it."""
        if "after" in self.record.data or "before" in self.record.data:
            return _facts(self.record.data.get("after"))
        return self.record.data


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Operations, the latest first; `older_than` leads to the next page, None on the last."""

    rows: tuple[JournalRow, ...]
    older_than: int | None


def page(account_id: int, *, before_id: int | None = None) -> JournalPage:
    """Return a page of the account's journal, older than the record `before_id`."""
    found = audit.of_account(account_id, before_id=before_id, limit=SHOWN + 1)
    shown = found[:SHOWN]
    names = access.names_of(one.user_id for one in shown if one.user_id is not None)
    undone = audit.undone(account_id, [one.id for one in shown])
    receipts = [one.target_id for one in shown if one.verb == card_undoing.READING]
    in_force = card_undoing.receipts_in_force(account_id, receipts)
    rows = tuple(
        JournalRow(
            one,
            names.get(one.user_id or 0, ""),
            is_undone=one.id in undone,
            is_undoable=card_undoing.undoable(one, receipts=in_force),
        )
        for one in shown
    )
    return JournalPage(rows, shown[-1].id if len(found) > SHOWN else None)


def _facts(value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    return {} if value is None else {"value": value}
