"""What is asked, widened by the words that mean the same, in any form of each: for every search over texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.db import connection
from wagtail.search.query import And, Or, Phrase, PlainText
from wagtail.search.query import SearchQuery as PageQuery

from svet.domains.content.models import SameWords
from svet.domains.content.rules.same_words import MOST_WORDS_OF_TERM, terms_in

CONFIG = "russian"
_ALIKE = """
SELECT asked.word, btrim(other.term)
FROM unnest(%s::text[]) AS asked (word)
JOIN (SELECT id, translate(words, '-', ' ') FROM content_same_words) AS row (id, words) ON EXISTS (
    SELECT FROM regexp_split_to_table(row.words, ',') AS mine (term)
    WHERE phraseto_tsquery('russian', mine.term) = phraseto_tsquery('russian', asked.word)
        AND numnode(phraseto_tsquery('russian', asked.word)) > 0
)
CROSS JOIN regexp_split_to_table(row.words, ',') AS other (term)
ORDER BY row.id
"""
"""A hyphen is a space here, as in the words that are asked."""
_STEMS = """
SELECT phraseto_tsquery('russian', translate(term, '-', ' '))::text
FROM unnest(%s::text[]) WITH ORDINALITY AS given (term, place)
ORDER BY place
"""

LENGTHS = tuple(range(MOST_WORDS_OF_TERM, 0, -1))
"""Of so many words an expression may be, the longest is looked for first."""

Terms = tuple[tuple[str, ...], ...]
"""For each word or expression that was asked, itself and what means the same."""


def terms_of(words: Sequence[str]) -> Terms:
    """Return for each word, or expression of more words that a group has, it and what means the same."""
    spoken = [" ".join(words[place : place + size]) for place in range(len(words)) for size in LENGTHS]
    alike: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, (spoken,))
        for said, term in cursor.fetchall():
            known = alike.setdefault(said, [said])
            if term and term not in known:
                known.append(term)
    found, place = [], 0
    while place < len(words):
        size = next((size for size in LENGTHS if " ".join(words[place : place + size]) in alike), 1)
        said = " ".join(words[place : place + size])
        found.append(tuple(alike.get(said, [said])))
        place += size
    return tuple(found)


def all_terms() -> list[str]:
    """Return the words of all groups."""
    return [term for row in SameWords.objects.values_list("words", flat=True) for term in terms_in(row)]


def stems_of(terms: Sequence[str]) -> dict[str, str]:
    """Return for each term what is the same in all its forms; nothing where the search passes it over."""
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, (list(terms),))
        return {term: stem for term, (stem,) in zip(terms, cursor.fetchall(), strict=True)}


def groups_by_stem(*, but: SameWords) -> dict[str, str]:
    """Return the group of each stem, of all groups but this one."""
    others = SameWords.objects.exclude(pk=but.pk).values_list("words", flat=True)
    of_term = {term: row for row in others for term in terms_in(row)}
    return {stem: of_term[term] for term, stem in stems_of(list(of_term)).items()}


def in_texts(terms: Terms, *, every_word: bool = True) -> SearchQueryCombinable:
    """Return the query of the database for texts that have every word, or some of them, or what means the same."""
    each = [reduce(or_, [SearchQuery(one, config=CONFIG, search_type="phrase") for one in same]) for same in terms]
    return reduce(and_ if every_word else or_, each)


def in_sql(terms: Terms, *, every_word: bool = True) -> tuple[str, list[str]]:
    """Return the same as an expression of SQL with its parameters, for texts that are in no table."""
    each = [" || ".join(["phraseto_tsquery('russian', %s)"] * len(same)) for same in terms]
    joined = (" && " if every_word else " || ").join(f"({one})" for one in each)
    return joined, [one for same in terms for one in same]


def in_pages(terms: Terms, *, every_word: bool = True) -> PageQuery:
    """Return the same for Wagtail's index of pages."""
    each = [Or([PlainText(one) if " " not in one else Phrase(one) for one in same]) for same in terms]
    return And(each) if every_word else Or(each)
