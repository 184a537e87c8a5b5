"""The words by which accounts are found, made anew from names, addresses and phones: for some accounts or for all.

Nothing here is a fact of its own: whatever is lost, the next `index_all` makes again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from svet.domains.accounts.models import Account
from svet.domains.accounts.rules.searching import NOISE, PHONE_DIGITS, PHONE_MARK

_CAPITALS = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯABCDEFGHIJKLMNOPQRSTUVWXYZё"
_SMALL = "абвгдеежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyzе"

# The same words as `rules.searching.plain_words` makes; letters by an own table: not every server knows Cyrillic ones.
_WORDS = """
SELECT texts.account_id, array_to_tsvector(array_agg(DISTINCT words.word)) AS words FROM (
    SELECT a.id AS account_id, concat_ws(' ', c.family_name, c.given_name, c.patronymic, c.organisation_name) AS text
    FROM accounts_account a JOIN customers_customer c ON c.id = a.customer_id WHERE {chosen}
    UNION ALL
    SELECT a.id, concat_ws(' ', p.settlement, p.street, p.house, p.flat)
    FROM accounts_account a JOIN accounts_agreement g ON g.account_id = a.id
    JOIN supply_point s ON s.id = g.supply_point_id JOIN supply_premises p ON p.id = s.premises_id WHERE {chosen}
    UNION ALL
    SELECT a.id, '{mark}' || reverse(right(regexp_replace(k.value, '\\D', '', 'g'), {phone_digits}))
    FROM accounts_account a JOIN customers_contact k ON k.customer_id = a.customer_id AND k.kind = 'phone'
    WHERE {chosen} AND (upper_inf(k.valid) OR upper(k.valid) > %(on)s)
) texts
CROSS JOIN LATERAL regexp_split_to_table(
    translate(texts.text, %(capitals)s, %(small)s), '[^0-9a-zа-я]+') AS words (word)
WHERE words.word <> '' AND words.word <> ALL(%(noise)s)
GROUP BY texts.account_id
"""
_STORE = """
INSERT INTO accounts_search_entry (account_id, words) {words}
ON CONFLICT (account_id) DO UPDATE SET words = excluded.words
WHERE accounts_search_entry.words IS DISTINCT FROM excluded.words
"""
_VOCABULARY = """
INSERT INTO accounts_search_word (word)
SELECT DISTINCT left(word, 80) FROM {source} AS found (word)
WHERE word ~ '^[a-zа-я]{{3,}}$' AND left(word, {mark_length}) <> '{mark}' ON CONFLICT DO NOTHING
"""


def index_accounts(account_ids: Sequence[int], *, on: date) -> int:
    """Make the words of these accounts anew; return how many changed. Phones count that are valid after `on`."""
    if not account_ids:
        return 0
    ids = sorted(set(account_ids))
    with transaction.atomic():
        changed = _index("a.id = ANY(%(ids)s)", on=on, ids=ids)
        _learn(
            "(SELECT unnest(tsvector_to_array(words)) FROM accounts_search_entry WHERE account_id = ANY(%(ids)s))",
            ids=ids,
        )
    return changed


def index_customers(customer_ids: Sequence[int], *, on: date) -> int:
    """Make the words of these customers' accounts anew; return how many entries changed."""
    return index_accounts(
        list(Account.objects.filter(customer_id__in=customer_ids).values_list("pk", flat=True)), on=on
    )


def index_all(*, on: date) -> int:
    """Make the words of all accounts anew, after loads and every night; return how many entries changed."""
    with transaction.atomic():
        changed = _index("true", on=on)
        if changed:
            _learn("(SELECT word FROM ts_stat('SELECT words FROM accounts_search_entry'))")
    return changed


def _index(chosen: str, *, on: date, **given: Any) -> int:
    words = _WORDS.format(chosen=chosen, mark=PHONE_MARK, phone_digits=PHONE_DIGITS)
    terms: dict[str, Any] = {"capitals": _CAPITALS, "small": _SMALL, "noise": sorted(NOISE), "on": on, **given}
    with connection.cursor() as cursor:
        cursor.execute(_STORE.format(words=words), terms)
        return cursor.rowcount


def _learn(source: str, **given: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_VOCABULARY.format(source=source, mark=PHONE_MARK, mark_length=len(PHONE_MARK)), given or None)
