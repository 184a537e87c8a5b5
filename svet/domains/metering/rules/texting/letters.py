"""Text of a message made plain: small letters, one kind of digits, spaces and dashes, look-alikes told apart by their
neighbours. A letter inside digits is a digit («12О45»), a digit inside letters a letter («пока3ания»). Never raises.
"""

from __future__ import annotations

import re
import unicodedata

MOST_CHARACTERS = 480
"""Longer messages are not read for values: about seven parts of an SMS."""

_TURNED = str.maketrans(
    {"ё": "е", "№": " # ", "|": "l", "\u2212": "-", "⁄": "/", "\\": "/", "·": " ", "•": " ", "×": "*"}
)
_ALIKE = str.maketrans("aceghikmnoprtuxy", "аседнікмпоргтиху")
_INSIDE_DIGITS = str.maketrans("оoзliі", "003111")
_INSIDE_LETTERS = str.maketrans("036", "озб")
_CHUNK = re.compile(r"[^\W_]+")
_NUMBER_ALIKE = re.compile(r"(?:[0-9]|[оo]|[зliі](?=[0-9оo]))+")
_LETTER_ALIKE = re.compile(r"(?<=[^\W\d_])[036](?=[^\W\d_])")
_CYRILLIC = re.compile(r"[а-яі]")
_LATIN = re.compile(r"[a-z]")
_ALIKE_LATIN = re.compile(r"[aceghikmnoprtuxyb]+")


def plain(text: str) -> str:
    """Return the text as the words and numbers of it are looked for.

    >>> plain("  ПOKA3AНИЯ  12О45 № 7 ")
    'показания 12045 # 7'
    """
    turned = "".join(_character(one) for one in text[: MOST_CHARACTERS + 1].replace("№", " # "))
    folded = unicodedata.normalize("NFKC", turned).lower().translate(_TURNED)
    return " ".join(_CHUNK.sub(lambda chunk: _chunk(chunk[0]), folded).split())


def spelled(word: str) -> str:
    """Return a Latin word with letters that look Cyrillic as the Cyrillic word that it looks like.

    >>> spelled("cчет"), spelled("hoчb")
    ('счет', 'ночь')
    """
    alike = re.sub(r"^b", "в", word).replace("b", "ь").replace("h", "н").replace("p", "р").replace("g", "д")
    return alike.translate(_ALIKE)


def _character(one: str) -> str:
    kind = unicodedata.category(one)
    if kind == "Nd":
        return str(unicodedata.decimal(one))
    if kind in {"No", "Nl"}:
        return "?"  # halves, circled and Roman numbers: nobody can say what a dial with them shows
    if one in "\r\n":
        return " ; "
    if kind == "Cc" or kind[0] == "Z":
        return " "
    if kind == "Pd":
        return "-"
    return "" if kind in {"Cf", "Mn", "Me", "Cs", "Co", "Cn"} and one not in "\u0306\u0308" else one


def _chunk(chunk: str) -> str:
    digits = sum(one.isdecimal() for one in chunk)
    if digits >= 2 and len(chunk) - digits <= 2 and _NUMBER_ALIKE.fullmatch(chunk):
        return chunk.translate(_INSIDE_DIGITS)
    if digits and len(chunk) - digits >= 4:
        chunk = _LETTER_ALIKE.sub(lambda one: one[0].translate(_INSIDE_LETTERS), chunk)
    if _LATIN.search(chunk) and (_CYRILLIC.search(chunk) or len(chunk) - digits == 1):
        return spelled(chunk)
    return chunk
