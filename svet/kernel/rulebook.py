"""The form of a numbered rule. Domains keep their rules as tuples of these; `docs/rulebook.md` is made from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the trade: its code, one English sentence, where it comes from, and an example that shows it."""

    code: str
    statement: str
    source: str
    example: str


def as_table(rules: Iterable[Rule]) -> str:
    """Return the rules as a Markdown table, in the order of their codes.

    >>> print(as_table([Rule("X01", "A rule.", "a law", "E1")]).splitlines()[2])
    | X01 | A rule. | a law | E1 |
    """
    rows = [f"| {r.code} | {r.statement} | {r.source} | {r.example} |" for r in sorted(rules, key=lambda r: r.code)]
    return "\n".join(["| code | rule | source | example |", "| --- | --- | --- | --- |", *rows]) + "\n"
