"""The collection of odd messages (`data/messages.txt`) and how well the reader does on it. Pure: the text is given.

A message is *taken* when exactly what was meant would be posted, *wrong* when anything else would be. What people can
read and the reader asks about is *asked*: a bother, not a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from svet.domains.metering.rules.texting.meaning import KnownAccount, KnownMeter, Question, Understood, understand
from svet.domains.metering.rules.texting.tokens import notes_of
from svet.domains.metering.rules.texting.words import command_of
from svet.kernel.energy import BANDS, Zoning

TODAY = date(2026, 11, 18)
_ACCOUNTS = {
    letter: (number, tuple(KnownMeter(serial, BANDS[Zoning(zones)]) for serial, zones in meters))
    for letter, number, meters in (
        ("A", "3300000019", [("41000001", "1")]),
        ("B", "3300000027", [("41000002", "2")]),
        ("C", "3300000035", [("41000003", "3")]),
        ("D", "3300000043", [("41000004", "1"), ("52000017", "2")]),
        ("E", "3300000050", [("00123456", "1")]),
    )
}
_OWN: Mapping[str, str] = {"one": "A", "two": "B", "three": "C", "pair": "D", "both": "AB", "none": ""}


@dataclass(frozen=True, slots=True)
class Example:
    """One line: who sent what, and what is to come of it, in the form of `told`."""

    line: int
    sender: str
    expected: str
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """How many messages of each fate, and the examples that came out otherwise than written."""

    total: int
    meant: int
    taken: int
    asked: int
    wrong: int
    others: tuple[tuple[Example, str], ...]

    @property
    def taken_per_mille(self) -> int:
        """How many of a thousand messages that people understand would be posted at once."""
        return 1000 * self.taken // self.meant if self.meant else 0


def examples(text: str) -> Iterator[Example]:
    """Return the examples of the file's text."""
    for line, row in enumerate(text.splitlines(), 1):
        if row and not row.startswith("#"):
            sender, expected, message = f"{row} ".split(" | ", 2)
            yield Example(line, sender, expected, message.removesuffix(" ").replace("\\n", "\n"))


def told(example: Example) -> str:
    """Return what the reader makes of the message: "=A 4512", "~A 4512" (after a yes), "?question" or "!command"."""
    notes = notes_of(example.text)
    command = None if notes.numbers else command_of(notes.words)
    if command is not None:
        return f"!{command.value}"
    own = _OWN[example.sender]
    known = [KnownAccount(number, letter in own, meters) for letter, (number, meters) in _ACCOUNTS.items()]
    meant = understand(notes, accounts=known, today=TODAY)
    if isinstance(meant, Question):
        return f"?{meant.ask.value}"
    return _as_text(meant)


def score(text: str) -> Score:
    """Return how well the reader does on the file's text."""
    outcomes = [(one, told(one)) for one in examples(text)]
    meant = [(one, out) for one, out in outcomes if one.expected.startswith("=")]
    posted = [(one, out) for one, out in outcomes if out.startswith("=")]
    taken = sum(out == wanted(one) for one, out in meant)
    wrong = sum(out != wanted(one) for one, out in posted)
    others = tuple((one, out) for one, out in outcomes if out != wanted(one))
    asked = sum(not out.startswith("=") for _, out in meant)
    return Score(len(outcomes), len(meant), taken, asked, wrong, others)


def wanted(example: Example) -> str:
    """Return what is to come of the message in the form of `told`: the sender's own account where none is written."""
    expected = example.expected
    if expected[0] not in "=~":
        return expected
    words = expected[1:].split()
    letter = words.pop(0) if words[0] in _ACCOUNTS else _OWN[example.sender]
    return " ".join([f"{expected[0]}{letter}", *words])


def _as_text(meant: Understood) -> str:
    letter = next(letter for letter, (number, _) in _ACCOUNTS.items() if number == meant.account.number)
    values = "/".join(meant.values[place] for place in sorted(meant.values))
    parts = [f"{'~' if meant.is_guess else '='}{letter}", values]
    if len(meant.account.meters) > 1:
        parts.append(f"#{meant.meter.serial[-4:]}")
    if meant.taken_on != TODAY:
        parts.append(f"@{meant.taken_on.day}")
    return " ".join(parts)
