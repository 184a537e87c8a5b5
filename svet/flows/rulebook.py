"""The rulebook of the whole house: chapters of all domains that number their rules, on one page."""

from __future__ import annotations

from svet.domains.billing.rules import rulebook as calculation
from svet.domains.debts.rules.rule_table import FINDINGS, RULES
from svet.kernel.rulebook import Rule

CHAPTERS: tuple[tuple[str, dict[str, Rule]], ...] = (
    *calculation.CHAPTERS,
    ("Penalties", RULES),
    ("Findings of penalties", FINDINGS),
)


def rulebook() -> str:
    """Return the text of `docs/rulebook.md`."""
    return calculation.rulebook(CHAPTERS)
