"""Findings: numbered observations that a rule makes about its input.

A finding is not an exception: it is stored, shown and explained. The texts for people are in
`surfaces/web/messages.py` under the finding's code; the rulebook (`docs/rulebook.md`) lists all codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How grave a finding is, from a mere note to a refusal."""

    NOTE = "note"
    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation of a numbered rule, with the facts that its text needs (JSON-safe values)."""

    code: str
    level: Level
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the form kept in JSON columns: ``{"code", "level", "facts"}``."""
        return {"code": self.code, "level": self.level.value, "facts": self.facts}


def gravest(findings: list[Finding]) -> Level | None:
    """Return the gravest level among `findings`, or None when there are none.

    >>> gravest([Finding("R07", Level.HOLD), Finding("R12", Level.NOTE)]).value
    'hold'
    """
    order = list(Level)
    return max((f.level for f in findings), key=order.index, default=None)
