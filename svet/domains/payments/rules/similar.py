"""Account numbers that somebody may have meant: one slip of the hand away. Pure.

The check digit (kernel.identifiers) leaves only a few of the hundred possible slips; queries then ask which
of them exist.
"""

from __future__ import annotations

from svet.kernel.identifiers import is_account_number

DIGITS = "0123456789"


def one_slip_away(given: str) -> tuple[str, ...]:
    """Return right account numbers that differ from `given` by one slip, in order.

    A slip is one wrong digit, two neighbours swapped, one digit lost or one too many; spaces, dashes and the
    like do not count.

    >>> "3300000019" in one_slip_away("33 0000 0091")
    True
    """
    text = "".join(character for character in given[:40] if character in DIGITS)
    if not 9 <= len(text) <= 11:
        return ()
    found = {text, *_swapped(text)}
    places = range(len(text))
    if len(text) == 10:
        found |= {text[:place] + digit + text[place + 1 :] for place in places for digit in DIGITS}
    elif len(text) == 9:
        found |= {text[:place] + digit + text[place:] for place in range(10) for digit in DIGITS}
    else:
        found |= {text[:place] + text[place + 1 :] for place in places}
    if given == text:
        found.discard(given)
    return tuple(sorted(filter(is_account_number, found)))


def _swapped(text: str) -> set[str]:
    return {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
