"""Checks of the numbers by which Russian people, firms and banks are known (dossier 10.1).

Pure checks of form and check digits. A failed check of an INN or a bank account is a warning on import,
never a reason to lose a row.
"""

from __future__ import annotations

import re

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)

ACCOUNT_NUMBER = re.compile(r"\d{10}")
"""The form of an account number: ten digits, kept as text."""


def _check_digit(digits: str, weights: tuple[int, ...]) -> int:
    return sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11 % 10


def is_inn(text: str) -> bool:
    """Say whether `text` is a taxpayer number of 10 or 12 digits with right check digits.

    >>> is_inn("7722245108"), is_inn("7722245109")
    (True, False)
    """
    if re.fullmatch(r"\d{10}", text):
        return _check_digit(text, _INN_10) == int(text[9])
    if re.fullmatch(r"\d{12}", text):
        return _check_digit(text, _INN_11) == int(text[10]) and _check_digit(text, _INN_12) == int(text[11])
    return False


def is_bank_account(account: str, *, bic: str) -> bool:
    """Say whether a settlement account of 20 digits fits the bank with `bic`.

    >>> is_bank_account("40702810138250123017", bic="044525225")
    True
    """
    if not (re.fullmatch(r"\d{20}", account) and re.fullmatch(r"\d{9}", bic)):
        return False
    prefix = "0" + bic[4:6] if account.startswith("301") else bic[-3:]
    return sum(int(d) * w for d, w in zip(prefix + account, (7, 1, 3) * 8, strict=False)) % 10 == 0


def account_check_digit(first_nine: str) -> str:
    """Return the tenth digit of an account number: Luhn's, so that a slip of one digit is seen at once.

    >>> account_check_digit("330000001")
    '9'
    """
    total = 0
    for place, digit in enumerate(reversed(first_nine)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_account_number(text: str) -> bool:
    """Say whether `text` has the form of an account number and its check digit is right."""
    return bool(ACCOUNT_NUMBER.fullmatch(text)) and account_check_digit(text[:9]) == text[9]
