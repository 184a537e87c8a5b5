"""How to write readings in a message, as the leaflet and the site print it. A test reads every form with the reader, so
the instruction is never about another program. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from svet.kernel.energy import Zoning

EXAMPLE_ACCOUNT, EXAMPLE_SERIAL = "1234567890", "41000001"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write: the text, for what meter, and what is understood, by place."""

    text: str
    zoning: Zoning
    values: Mapping[str, str]
    needs_known_phone: bool = False


FORMS: tuple[Form, ...] = (
    Form(f"ЛС {EXAMPLE_ACCOUNT} показания 4512", Zoning.ONE, {"1": "4512"}),
    Form(f"{EXAMPLE_ACCOUNT} 4512", Zoning.ONE, {"1": "4512"}),
    Form("4512", Zoning.ONE, {"1": "4512"}, needs_known_phone=True),
    Form(f"ЛС {EXAMPLE_ACCOUNT} день 4512 ночь 2301", Zoning.TWO, {"1": "4512", "2": "2301"}),
    Form(f"{EXAMPLE_ACCOUNT} Т1 4512 Т2 2301", Zoning.TWO, {"1": "4512", "2": "2301"}),
    Form("1ЭД 4512 1ЭН 2301", Zoning.TWO, {"1": "4512", "2": "2301"}, needs_known_phone=True),
    Form(
        f"ЛС {EXAMPLE_ACCOUNT} пик 1200 полупик 2300 ночь 900",
        Zoning.THREE,
        {"1": "1200", "2": "2300", "3": "900"},
    ),
    Form(f"ЛС {EXAMPLE_ACCOUNT} ПУ {EXAMPLE_SERIAL} показания 4512", Zoning.ONE, {"1": "4512"}),
)
