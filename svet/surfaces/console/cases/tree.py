"""A YAML text as a tree that remembers its lines, and readers of its values that never pass through a float.

Pure: text in, nodes or a `CaseError` with a line out. Words of errors are Russian, for accountants.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

import yaml

from svet.kernel.errors import DomainError
from svet.kernel.period import Month

T = TypeVar("T")
DEPTH = 12
LONG_AGO = date(2000, 1, 1)
"""The start of what has always held."""
NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class CaseError(DomainError):
    """The file is not a case: what is wrong, and on which line (None: with the file as a whole)."""

    code = "case_error"

    def __init__(self, text: str, *, line: int | None) -> None:
        super().__init__(text=text, line=line)
        self.text, self.line = text, line


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as it is written."""

    text: str
    line: int
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list of nodes."""

    items: list[Node]
    line: int


@dataclass(slots=True)
class Table:
    """A mapping; readers take its keys one by one, and `close` refuses what nobody asked for."""

    entries: dict[str, Node]
    line: int
    name: str = ""
    taken: set[str] = field(default_factory=set)

    def take(self, key: str, read: Callable[[Node, str], T], *, default: T | None = None, needed: bool = False) -> T:
        """Return the value of `key` as `read` understands it, or the default; refuse a needed one that is absent."""
        self.taken.add(key)
        node = self.entries.get(key)
        if node is None or is_nothing(node):
            if needed:
                raise CaseError(f"нет обязательного поля «{key}»{self._where()}", line=self.line)
            return default  # type: ignore[return-value]
        return read(node, key)

    def take_all(self, key: str, read: Callable[[Node, str], T]) -> list[T]:
        """Return the values of a list under `key`; a single value is a list of one, nothing is an empty list."""
        self.taken.add(key)
        node = self.entries.get(key)
        return [] if node is None or is_nothing(node) else each(read)(node, key)

    def close(self) -> None:
        """Refuse keys that nobody took, naming the ones that are known."""
        for key, node in self.entries.items():
            if key not in self.taken:
                known = ", ".join(sorted(self.taken))
                raise CaseError(f"неизвестное поле «{key}»{self._where()}; бывают: {known}", line=node.line)

    def _where(self) -> str:
        return f" в «{self.name}»" if self.name else ""


Node = Text | Items | Table


def parse(text: str) -> Table:
    """Return the tree of a YAML document; raise `CaseError` for anything that is not a mapping of plain values."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise CaseError(
            "файл не читается как YAML (проверьте отступы, кавычки и двоеточия)",
            line=None if mark is None else mark.line + 1,
        ) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CaseError("в файле есть недопустимый управляющий символ", line=line) from error
    except RecursionError as error:
        raise CaseError("слишком глубокая вложенность", line=None) from error
    if root is None:
        raise CaseError("файл пуст", line=1)
    return table(_node(root, 0, [0]), "")


def _node(node: yaml.Node, depth: int, count: list[int]) -> Node:
    line = node.start_mark.line + 1
    count[0] += 1
    if depth > DEPTH or count[0] > 100_000:
        raise CaseError("слишком глубокая вложенность или слишком длинный файл", line=line)
    if isinstance(node, yaml.MappingNode):
        return _table(node, depth, count)
    if isinstance(node, yaml.SequenceNode):
        return Items([_node(item, depth + 1, count) for item in node.value], line)
    return Text(str(node.value), line, is_quoted=getattr(node, "style", None) in ("'", '"'))


def _table(node: yaml.MappingNode, depth: int, count: list[int]) -> Table:
    entries: dict[str, Node] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise CaseError("имя поля должно быть простым словом", line=line)
        if key.value in entries:
            raise CaseError(f"поле «{key.value}» встречается дважды", line=line)
        entries[key.value] = _node(value, depth + 1, count)
    return Table(entries, node.start_mark.line + 1)


def is_nothing(node: Node) -> bool:
    """Say whether a value is written as empty or null."""
    return isinstance(node, Text) and not node.is_quoted and node.text in ("", "~", "null")


def scalar(node: Node, name: str) -> str:
    """Read a simple value as text."""
    if not isinstance(node, Text):
        raise CaseError(f"«{name}»: ожидается простое значение", line=node.line)
    return node.text


def table(node: Node, name: str) -> Table:
    """Read a mapping."""
    if not isinstance(node, Table):
        what = f"«{name}»: ожидаются" if name else "в файле ожидаются"
        raise CaseError(f"{what} поля вида «имя: значение»", line=node.line)
    node.name = name
    return node


def number(node: Node, name: str) -> Decimal:
    """Read a decimal exactly as it is written, a comma being a point."""
    text = scalar(node, name).replace(",", ".").replace("_", "").strip()
    if not NUMBER.fullmatch(text):
        raise CaseError(f"«{name}»: «{text[:40]}» не число (нужны цифры, до 6 знаков после запятой)", line=node.line)
    return Decimal(text)


def whole(node: Node, name: str) -> int:
    """Read a whole number from 0 to 1000."""
    value = number(node, name)
    if value != int(value) or not 0 <= value <= 1000:
        raise CaseError(f"«{name}»: «{value}» не целое число от 0 до 1000", line=node.line)
    return int(value)


def energy(node: Node, name: str) -> int:
    """Read kWh as watt-hours, up to a million kWh."""
    value = scaled(3)(node, name)
    if not 0 <= value <= 10**9:
        raise CaseError(f"«{name}»: энергия бывает от 0 до 1000000 кВт·ч", line=node.line)
    return value


def scaled(digits: int) -> Callable[[Node, str], int]:
    """Return a reader of decimals as whole units of 10^-digits; more digits are refused, never rounded."""

    def read(node: Node, name: str) -> int:
        value = number(node, name).scaleb(digits)
        if value != int(value):
            raise CaseError(f"«{name}»: больше {digits} знаков после запятой", line=node.line)
        return int(value)

    return read


def yes_no(node: Node, name: str) -> bool:
    """Read a yes or a no."""
    text = scalar(node, name).lower()
    if text not in ("true", "false", "yes", "no", "да", "нет"):
        raise CaseError(f"«{name}»: «{text[:40]}» не да и не нет", line=node.line)
    return text in ("true", "yes", "да")


def day(node: Node, name: str) -> date:
    """Read a day written as 2026-03-25."""
    text = scalar(node, name)
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CaseError(f"«{name}»: «{text[:40]}» не дата вида 2026-03-25", line=node.line)


def month(node: Node, name: str) -> Month:
    """Read a month written as 2026-03."""
    text = scalar(node, name)
    try:
        return Month(text)
    except ValueError as error:
        raise CaseError(f"«{name}»: «{text[:40]}» не месяц вида 2026-03", line=node.line) from error


def one_of(*allowed: str) -> Callable[[Node, str], str]:
    """Return a reader of one word of a list."""

    def read(node: Node, name: str) -> str:
        text = scalar(node, name)
        if text not in allowed:
            raise CaseError(f"«{name}»: «{text[:40]}» — такого нет; бывают: {', '.join(allowed)}", line=node.line)
        return text

    return read


def each(read: Callable[[Node, str], T]) -> Callable[[Node, str], list[T]]:
    """Return a reader of a list; a single value is a list of one."""

    def read_all(node: Node, name: str) -> list[T]:
        nodes = node.items if isinstance(node, Items) else [node]
        return [read(item, name) for item in nodes]

    return read_all


def validity(row: Table) -> dict[str, date | None]:
    """Take `from` and `until` (the first day on which it no longer holds) as the columns of a period."""
    start = row.take("from", day, default=LONG_AGO)
    end = row.take("until", day)
    if end is not None and end <= start:
        raise CaseError(f"«until» {end} не позже «from» {start}", line=row.line)
    return {"from_on": start, "until_on": end}
