"""Search for an account by what a caller can say: a number, a name, an address, a phone, in any order of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from svet.domains.accounts.models import Account, Agreement, SearchWord
from svet.domains.accounts.rules.searching import PHONE_MARK, Search, near_words, typed_in_latin, understood
from svet.domains.supply import queries as supply

MOST_LOOKED_AT = 200


# Hardly anybody mistakes the first letter; the others are compared with a few thousand words at most.
_ALIKE = """
SELECT word FROM accounts_search_word
WHERE word LIKE %(first)s AND length(word) BETWEEN %(length)s - 2 AND %(length)s + 2
  AND levenshtein_less_equal(word, %(word)s, 2) <= 2
ORDER BY levenshtein_less_equal(word, %(word)s, 2) LIMIT 40
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A line of the search's results: enough to choose by, and no more."""

    account_id: int
    number: str
    customer_name: str
    address: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: at most as many as asked for; `words` are those that were searched in the end."""

    found: tuple[Found, ...] = ()
    words: tuple[str, ...] = ()
    has_more: bool = False
    is_guess: bool = False


def search(text: str, *, limit: int = 20) -> Findings:
    """Return accounts that fit every word of `text`, those in force first, then by number.

    A word begins a name or a word of an address; a number is a house or a flat, of four digits and more the
    beginning of an account's number or the end of a phone's. Where nothing fits, the Latin keyboard and slips in
    words are made good and the answer says that it is a guess.
    """
    asked = understood(text)
    if asked.digits:
        return _findings(_by_digits(asked), asked.words, limit=limit)
    if not asked.words:
        return Findings()
    exact = _findings(_by_words([[word] for word in asked.words], limit=MOST_LOOKED_AT), asked.words, limit=limit)
    if exact.found:
        return exact
    return _guess(text, asked, limit=limit)


def found_rows(account_ids: Sequence[int], *, limit: int) -> tuple[Found, ...]:
    """Return lines for accounts found elsewhere (by a meter, by a bill)."""
    return _findings(list(account_ids), (), limit=limit).found


def _guess(text: str, asked: Search, *, limit: int) -> Findings:
    russian = understood(typed_in_latin(text)).words
    for words in dict.fromkeys([russian, asked.words]):
        choices = [_meant(word) for word in words]
        if all(choices) and words:
            ids = _by_words(choices, limit=MOST_LOOKED_AT)
            if ids:
                told = tuple(word for choice in choices for word in choice)
                return _findings(ids, told, limit=limit, is_guess=True)
    return Findings(words=asked.words)


def _meant(word: str) -> list[str]:
    """Return the word itself when something begins so, else the known words that it is with a slip."""
    if word.isdigit() or SearchWord.objects.filter(word__startswith=word).exists():
        return [word]
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"word": word, "first": f"{word[0]}%", "length": len(word)})
        alike = [row[0] for row in cursor.fetchall()]
    return list(near_words(word, alike))


def _by_words(choices: Sequence[Sequence[str]], *, limit: int) -> list[int]:
    """Return accounts with a word of each choice. The words are of letters and digits only: they quote nothing."""
    query = " & ".join("(" + " | ".join(_term(word) for word in words) + ")" for words in choices)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id FROM accounts_search_entry WHERE words @@ %s::tsquery LIMIT %s", [query, limit]
        )
        return [row[0] for row in cursor.fetchall()]


def _term(word: str) -> str:
    return f"'{word}'" if word[0].isdigit() else f"'{word}':*"


def _by_digits(asked: Search) -> list[int]:
    numbers = Account.objects.filter(number__startswith=asked.digits).order_by("number")
    ids = list(numbers.values_list("pk", flat=True)[:MOST_LOOKED_AT])
    if asked.phone:
        with connection.cursor() as cursor:
            term = f"'{PHONE_MARK}{asked.phone[::-1]}':*"
            cursor.execute(
                "SELECT account_id FROM accounts_search_entry WHERE words @@ %s::tsquery LIMIT %s",
                [term, MOST_LOOKED_AT],
            )
            ids += [row[0] for row in cursor.fetchall()]
    return ids


def _findings(ids: Sequence[int], words: Sequence[str], *, limit: int, is_guess: bool = False) -> Findings:
    rows = Account.objects.filter(pk__in=ids).select_related("customer").order_by("closed_on", "number")
    in_force_first = sorted(rows, key=lambda row: (row.closed_on is not None, row.number))
    shown = in_force_first[:limit]
    addresses = _addresses([account.pk for account in shown])
    found = tuple(
        Found(
            account_id=account.pk,
            number=account.number,
            customer_name=account.customer.name,
            address=addresses.get(account.pk, ""),
            closed_on=account.closed_on,
        )
        for account in shown
    )
    return Findings(found, tuple(words), has_more=len(in_force_first) > limit, is_guess=is_guess)


def _addresses(account_ids: list[int]) -> dict[int, str]:
    latest = Agreement.objects.filter(account_id__in=account_ids).order_by("account_id", "valid")
    points = {agreement.account_id: agreement.supply_point_id for agreement in latest}
    addresses = supply.addresses(list(points.values()))
    return {account_id: addresses[point_id] for account_id, point_id in points.items()}
