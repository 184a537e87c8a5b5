"""What keeps robots off the public form without outside services: a signed start, a pause, a sum in words, a bait.

One answered question sends one appeal: the mark of the form is the key of its letter, so a mark used again brings
nothing new. The clock is an argument.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

SALT = "svet.website.appeal_form"
SHORTEST, LONGEST = timedelta(seconds=3), timedelta(hours=12)
NUMBERS = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
]


def new_mark(at: datetime) -> str:
    """Return a signed mark for a form that is shown now."""
    return Signer(salt=SALT).sign(f"{secrets.token_hex(16)}-{int(at.timestamp())}")


def opened(mark: str) -> tuple[str, datetime | None, datetime | None]:
    """Return the key of a mark and from when until when it may be sent; an empty key for a forged one."""
    try:
        key, _, since = Signer(salt=SALT).unsign(mark[:200]).partition("-")
        shown_at = datetime.fromtimestamp(int(since)).astimezone()
    except (BadSignature, ValueError, OverflowError):
        return "", None, None
    return key, shown_at + SHORTEST, shown_at + LONGEST


def question(key: str) -> str:
    """Return the sum to ask for, in words.

    >>> question("a" * 32).startswith("Сколько будет ")
    True
    """
    first, second = _terms(key)
    return f"Сколько будет {NUMBERS[first]} плюс {NUMBERS[second]}?"


def is_answer(key: str, typed: str) -> bool:
    """Say whether the sum is right, in digits or in words."""
    first, second = _terms(key)
    return typed.strip().lower().rstrip(".") in {str(first + second), NUMBERS[first + second]}


def _terms(key: str) -> tuple[int, int]:
    digest = salted_hmac(SALT, key).digest()
    return 2 + digest[0] % 8, 1 + digest[1] % 9
