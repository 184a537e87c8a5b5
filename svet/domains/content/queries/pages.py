"""Reads of the public pages as lists: shelves, questions with a search in them, news with their days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import SearchRank, SearchVector
from django.db.models import F, Q, QuerySet
from wagtail.models import Page

from svet.domains.content.models import ArticlePage, NewsPage, QuestionPage
from svet.domains.content.queries.addresses import address_of
from svet.domains.content.queries.same_words import CONFIG, all_terms, in_texts, terms_of
from svet.domains.content.rules import corrected
from svet.domains.content.rules.spelling import telling, words_of
from svet.kernel.errors import NotFound

MOST_PARTIAL = 5
"""So many questions that have only some of the words."""


@dataclass(frozen=True, slots=True)
class Card:
    """A page in a list."""

    title: str
    summary: str
    url: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its answer, rich text as it is kept."""

    slug: str
    title: str
    answer: str
    url: str


@dataclass(frozen=True, slots=True)
class NewsView:
    """A piece of news, a promotion or a contest; `is_open`: its days are not over (news have none)."""

    page_id: int
    title: str
    summary: str
    url: str
    kind: str
    starts_on: date
    ends_on: date | None
    is_open: bool
    entry_question: str


def shelf(page_id: int) -> list[Card]:
    """Return the published pages straight below a page, in the editors' order."""
    parent = Page.objects.filter(pk=page_id).first()
    if parent is None:
        return []
    return [_card(row) for row in ArticlePage.objects.child_of(parent).live().order_by("path")]


def shelf_at(path: str) -> list[Card]:
    """Return the published articles below an address of the site ("info/")."""
    rows = ArticlePage.objects.live().filter(url_path__startswith=f"/site/{path}").order_by("path")
    return [_card(row) for row in rows]


def questions(query: str = "") -> list[QuestionView]:
    """Return the questions that a query finds, the nearest to it first; all of them for an empty one."""
    rows: QuerySet[QuestionPage] = QuestionPage.objects.live().order_by("path")
    if words := words_of(query):
        said = [*rows.values_list("title", flat=True), *all_terms()]
        known = {word for text in said for word in words_of(text)}
        vector = SearchVector("title", weight="A", config=CONFIG) + SearchVector("answer", weight="B", config=CONFIG)
        meant = words_of(corrected(query, known=known))
        rows = rows.annotate(vector=vector)
        if all_found := list(rows.filter(vector=in_texts(terms_of(words)) | in_texts(terms_of(meant)))):
            return [_question(row) for row in all_found]
        if not (said_alone := telling(meant)):
            return []
        some = in_texts(terms_of(said_alone), every_word=False)
        rows = rows.filter(vector=some).order_by(SearchRank("vector", some).desc(), "path")[:MOST_PARTIAL]
    return [_question(row) for row in rows]


def news(*, on: date) -> list[NewsView]:
    """Return all news and promotions that have begun, the latest first, those that are over after those that run."""
    rows = NewsPage.objects.live().filter(starts_on__lte=on).order_by("-starts_on", "-pk")
    views = [_news(row, on=on) for row in rows]
    return sorted(views, key=lambda one: not one.is_open)


def fresh_news(*, on: date, count: int) -> list[NewsView]:
    """Return the latest news and the promotions that run, for the home page."""
    rows = NewsPage.objects.live().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)
    return [_news(row, on=on) for row in rows.order_by(F("starts_on").desc(), "-pk")[:count]]


def news_at(page_id: int, *, on: date) -> NewsView | None:
    """Return a published piece of news that has begun, None for any other."""
    row = NewsPage.objects.live().filter(pk=page_id, starts_on__lte=on).first()
    return None if row is None else _news(row, on=on)


def contest(page_id: int, *, on: date) -> NewsView:
    """Return a published contest; raise NotFound."""
    row = NewsPage.objects.live().filter(pk=page_id, kind="contest", starts_on__lte=on).first()
    if row is None:
        raise NotFound("no_such_contest")
    return _news(row, on=on)


def _question(row: QuestionPage) -> QuestionView:
    return QuestionView(row.slug, row.title, row.answer, address_of(row.url_path))


def _card(row: ArticlePage) -> Card:
    return Card(row.title, row.summary, address_of(row.url_path))


def _news(row: NewsPage, *, on: date) -> NewsView:
    is_open = row.starts_on <= on and (row.ends_on is None or on <= row.ends_on)
    return NewsView(
        page_id=row.pk,
        title=row.title,
        summary=row.summary,
        url=address_of(row.url_path),
        kind=row.kind,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        is_open=is_open,
        entry_question=row.entry_question,
    )
