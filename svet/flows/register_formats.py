"""The formats of payment registries that this installation can read.

A gate knows how its bank writes a file and teaches it here when the program starts; flows, the desk and the
console only name the format. So a new bank is a new folder in `surfaces/gates` and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from svet.domains.payments.rules.register import ParsedRegister
from svet.kernel.errors import NotFound

Parser = Callable[[bytes], ParsedRegister]
_parsers: dict[str, Parser] = {}
_compared: set[str] = set()


def teach(name: str, *, parser: Parser, compared: bool = False) -> None:
    """Make the format `name` known; `compared` when its money came on line already and the file is only compared."""
    _parsers[name] = parser
    if compared:
        _compared.add(name)


def names() -> list[str]:
    """Return the names of the formats that can be read."""
    return sorted(_parsers)


def posted() -> list[str]:
    """Return the names of the formats whose files bring money to post."""
    return sorted(set(_parsers) - _compared)


def is_compared(name: str) -> bool:
    """Say whether a file of this format is only compared with what is booked."""
    return name in _compared


def read(name: str, *, raw: bytes) -> ParsedRegister:
    """Return the registry in `raw`, with findings for what cannot be read; raise NotFound for the format."""
    if name not in _parsers:
        raise NotFound("register_format_not_found", format=name)
    return _parsers[name](raw)
