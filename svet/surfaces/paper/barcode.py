"""The line of figures under the bars of a bill's payment part: what an agent's scanner reads. Pure.

There is no standard; ours, agreed with agents (dossier 7.5), has 22 figures so that Code 128 packs them in pairs:

    3300000019 1026 0153407 0      account (10) · month MMYY (4) · kopecks (7) · check figure (1)

A sum of 100,000 roubles and more takes nine figures of kopecks, 24 in all. The check figure is Luhn's over all
the figures before it.
"""

from __future__ import annotations

from svet.kernel.errors import DomainError
from svet.kernel.period import Month

LARGEST_KOPECKS = 10**9


class BarcodeRefused(DomainError):
    """The account or the sum does not fit into the barcode."""

    code = "barcode_refused"


def barcode_text(*, account_number: str, month: Month, kopecks: int) -> str:
    """Return the figures of the barcode; raise BarcodeRefused for a sum that is not 0.01 to 9,999,999.99 roubles.

    >>> barcode_text(account_number="3300000019", month=Month("2026-10"), kopecks=153407)
    '3300000019102601534070'
    """
    if not (account_number.isascii() and account_number.isdigit() and len(account_number) == 10):
        raise BarcodeRefused(field="account_number", value=account_number)
    if not 0 < kopecks < LARGEST_KOPECKS:
        raise BarcodeRefused(field="kopecks", value=kopecks)
    width = 7 if kopecks < 10**7 else 9
    figures = f"{account_number}{month.text[5:]}{month.text[2:4]}{kopecks:0{width}d}"
    return figures + check_figure(figures)


def check_figure(figures: str) -> str:
    """Return Luhn's check figure of any number of figures.

    >>> check_figure("7992739871")
    '3'
    """
    total = 0
    for place, figure in enumerate(reversed(figures)):
        value = int(figure) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
