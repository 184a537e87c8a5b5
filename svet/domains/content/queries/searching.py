"""Search over everything that is public, in the forms of Russian words; slips are mended when nothing is found.

Pages come from Wagtail's index, the rest (offices, tariffs, forms) from whoever asks, so that it is never stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from wagtail.models import Page

from svet.domains.content.models import HomePage, QuestionPage
from svet.domains.content.queries.addresses import address_of
from svet.domains.content.queries.same_words import Terms, all_terms, in_pages, in_sql, terms_of
from svet.domains.content.rules import corrected
from svet.domains.content.rules.spelling import MOST_WORDS, telling, words_of

MOST = 40
MOST_PARTIAL = 8
"""So many of the pages that have only some of the words: of more the right one is not found any sooner."""

_EXTRA = """
SELECT place FROM unnest(%s::text[]) WITH ORDINALITY AS given (text, place), CAST({asked} AS tsquery) AS asked
WHERE to_tsvector('russian', text) @@ asked
ORDER BY ts_rank(to_tsvector('russian', text), asked) DESC, place
"""


@dataclass(frozen=True, slots=True)
class Extra:
    """Something public that is no page of the editors: a service of the site, an office, a tariff."""

    title: str
    about: str
    url: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `instead` is the query that was meant, where the one given found nothing.

    `is_partial`: no page has all the words, these have some of them.
    """

    pages: tuple[Extra, ...]
    instead: str = ""
    is_partial: bool = False


def search(query: str, *, extras: Sequence[Extra]) -> Found:
    """Return what a query finds: services first, then pages, the nearest first."""
    words = words_of(query)[:MOST_WORDS]
    if not words:
        return Found(())
    asked = " ".join(words)
    if found := _search(words, extras):
        return Found(found)
    meant = corrected(asked, known=_vocabulary(extras))
    if meant != asked and (found := _search(meant.split(), extras)):
        return Found(found, meant)
    some = telling(meant.split())
    return Found(_search(some, extras, every_word=False)[:MOST_PARTIAL] if some else (), is_partial=True)


def _search(words: Sequence[str], extras: Sequence[Extra], *, every_word: bool = True) -> tuple[Extra, ...]:
    terms = terms_of(words)
    first = _extras_with(terms, extras, every_word=every_word)
    home = HomePage.objects.first()
    if home is None:
        return tuple(first[:MOST])
    rows = list(Page.objects.live().descendant_of(home).search(in_pages(terms, every_word=every_word))[:MOST])
    specific = {page.pk: page for page in Page.objects.filter(pk__in=[row.pk for row in rows]).specific()}
    pages = [_extra(specific[row.pk]) for row in rows]
    return tuple([*first, *pages][:MOST])


def _extras_with(terms: Terms, extras: Sequence[Extra], *, every_word: bool) -> list[Extra]:
    """Return those in whose words the query is found, the nearest first."""
    texts = [f"{one.title} {one.about} {one.words}" for one in extras]
    asked, given = in_sql(terms, every_word=every_word)
    with connection.cursor() as cursor:
        cursor.execute(_EXTRA.format(asked=asked), (texts, *given))
        return [extras[place - 1] for (place,) in cursor.fetchall()]


def _extra(page: Page) -> Extra:
    about = getattr(page, "summary", "")
    if isinstance(page, QuestionPage):
        about = about or "Вопрос и ответ"
    return Extra(page.title, about, address_of(page.url_path))


def _vocabulary(extras: Iterable[Extra]) -> set[str]:
    titles = Page.objects.live().filter(depth__gt=2).values_list("title", flat=True)
    texts = [*titles, *all_terms(), *(f"{one.title} {one.about} {one.words}" for one in extras)]
    return {word for text in texts for word in words_of(text)}
