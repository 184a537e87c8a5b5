"""How alike two Russian texts are: the share of word beginnings they have in common. Pure."""

from __future__ import annotations

import hashlib
import re

BEGINNING = 4
"""So many first letters of a word stand for it, so that endings do not matter."""

_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "и в во не на я что с со к ко у о об от до по за из а но же ли бы мы вы он она они это как так для при мне мой"
        " моя мои наш ваш вас нам вам добрый день здравствуйте уважением прошу пожалуйста",
    )
)


def plain_words(text: str) -> list[str]:
    """Return the words of a text that say something, in small letters, without ё.

    >>> plain_words("Добрый день! Прошу проверить счёт № 5")
    ['проверить', 'счет', '5']
    """
    return [word for word in re.findall(r"[^\W_]+", text.lower().replace("ё", "е")) if word not in _EMPTY]


def likeness(one: str, other: str) -> int:
    """Return how alike two texts are, in whole per cent of their distinct words.

    >>> likeness("Прошу проверить начисления за октябрь", "Проверьте, пожалуйста, начисление за октябрь")
    100
    >>> likeness("Нет света", "Неверный счёт"), likeness("", "")
    (0, 0)
    """
    here, there = ({word[:BEGINNING] for word in plain_words(text)} for text in (one, other))
    together = here | there
    return 100 * len(here & there) // len(together) if together else 0


def fingerprint(text: str) -> str:
    """Return what texts have in common that differ only in case, signs and spaces; empty for a text without words.

    >>> fingerprint("Нет света!") == fingerprint("нет  СВЕТА"), fingerprint("...")
    (True, '')
    """
    words = plain_words(text)
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:32] if words else ""
