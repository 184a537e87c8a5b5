"""What a case expects against what the engine gave: every difference, with the line on which it was expected.

Only what is written is compared. Numbers compare by value (237 is 237.0), lists by their length and each
written field.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from svet.surfaces.console.cases.tree import NUMBER, CaseError, Items, Node, Table, is_nothing


@dataclass(frozen=True)
class Difference:
    """One expectation that is not met."""

    line: int
    place: str
    expected: str
    found: str


def differences(expected: Table, document: dict[str, Any]) -> list[Difference]:
    """Return what differs; raise `CaseError` for a month or a field that the result does not have."""
    found = {**document, **document["months"]}
    return _table(expected, found, "")


def _any(node: Node, found: Any, place: str) -> list[Difference]:
    if isinstance(node, Table):
        if not isinstance(found, dict):
            raise CaseError(f"«{place}»: у этого поля нет вложенных", line=node.line)
        return _table(node, found, place)
    if isinstance(node, Items):
        if not isinstance(found, list):
            raise CaseError(f"«{place}»: это поле — не список", line=node.line)
        return _items(node, found, place)
    if isinstance(found, dict):
        found = found.get("code", "")  # a finding may be expected by its code alone
    if isinstance(found, list):
        found = ", ".join(str(_plain(item)) for item in found)
    written = None if is_nothing(node) else node.text
    if _same(written, found):
        return []
    return [Difference(node.line, place, "ничего" if written is None else written, str(_plain(found)))]


def _table(node: Table, found: dict[str, Any], place: str) -> list[Difference]:
    result = []
    for key, value in node.entries.items():
        if key not in found:
            known = ", ".join(str(name) for name in found)
            raise CaseError(f"в результате нет «{key}»; есть: {known}", line=value.line)
        result += _any(value, found[key], f"{place} {key}".strip())
    return result


def _items(node: Items, found: list[Any], place: str) -> list[Difference]:
    if len(node.items) != len(found):
        given = "; ".join(str(_plain(item)) for item in found) or "ничего"
        return [Difference(node.line, place, f"строк: {len(node.items)}", f"строк: {len(found)} ({given})")]
    result = []
    for number, (item, value) in enumerate(zip(node.items, found, strict=True), start=1):
        result += _any(item, value, f"{place} №{number}")
    return result


def _same(written: str | None, found: Any) -> bool:
    if written is None or found is None:
        return written is None and found in (None, "")
    text = str(found)
    if NUMBER.fullmatch(written.replace(",", ".")) and NUMBER.fullmatch(text):
        return Decimal(written.replace(",", ".")) == Decimal(text)
    return written == text or (isinstance(found, bool) and written == text.lower())


def _plain(item: Any) -> Any:
    """Return a row without its facts, which are too long for a message."""
    if isinstance(item, dict):
        return {key: value for key, value in item.items() if key not in ("facts", "version")}
    return item
