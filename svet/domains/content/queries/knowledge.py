"""Reads of the knowledge base for the desk (clause O7): about the subject at hand, by a search, one article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from wagtail.models import PageLogEntry

from svet.domains.content.models import HelpfulMark, KnowledgeArticle
from svet.domains.content.queries.same_words import all_terms, in_pages, terms_of
from svet.domains.content.rules import corrected
from svet.domains.content.rules.spelling import words_of
from svet.kernel.errors import NotFound

MOST = 30


@dataclass(frozen=True, slots=True)
class KnowledgeCard:
    """An article in a list, with how many found it helpful and how many did not."""

    id: int
    title: str
    summary: str
    subjects: tuple[str, ...]
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article to read: `body` renders itself; `mine` is what the reader marked; `versions` when it was published."""

    card: KnowledgeCard
    body: Any
    source: str
    reviewed_on: date | None
    mine: bool | None
    versions: tuple[datetime, ...]


def knowledge_about(subjects: Iterable[str], *, limit: int = 5) -> list[KnowledgeCard]:
    """Return the articles about any of the subjects, those that helped most first; none for no subject."""
    wanted = [subject for subject in subjects if subject]
    if not wanted:
        return []
    return [_card(row) for row in _marked().filter(subjects__overlap=wanted)[:limit]]


def find_knowledge(query: str = "") -> list[KnowledgeCard]:
    """Return the articles that a query finds in any form of its words, the nearest first; all for an empty one."""
    words = words_of(query)
    if not words:
        return [_card(row) for row in _marked()]
    found = _ids(words)
    if not found:
        titles = KnowledgeArticle.objects.live().values_list("title", "summary")
        said = [*all_terms(), *(text for pair in titles for text in pair)]
        found = _ids(corrected(query, known={word for text in said for word in words_of(text)}).split())
    rows = {row.pk: row for row in _marked().filter(pk__in=found)}
    return [_card(rows[pk]) for pk in found if pk in rows]


def article(article_id: int, *, user_id: int) -> ArticleView:
    """Return a published article with the reader's own mark; raise NotFound."""
    row = _marked().filter(pk=article_id).first()
    if row is None:
        raise NotFound("no_such_article")
    mine = HelpfulMark.objects.filter(article=row, user_id=user_id).values_list("is_helpful", flat=True).first()
    published = PageLogEntry.objects.filter(page_id=row.pk, action="wagtail.publish").order_by("-timestamp")
    versions = tuple(published.values_list("timestamp", flat=True)[:20])
    return ArticleView(_card(row), row.body, row.source, row.reviewed_on, mine, versions)


def _ids(words: Sequence[str]) -> list[int]:
    return [row.pk for row in KnowledgeArticle.objects.live().search(in_pages(terms_of(words)))[:MOST]]


def _marked() -> QuerySet[KnowledgeArticle]:
    rows: QuerySet[KnowledgeArticle] = KnowledgeArticle.objects.live().annotate(
        helpful=Count("marks", filter=Q(marks__is_helpful=True)),
        unhelpful=Count("marks", filter=Q(marks__is_helpful=False)),
    )
    return rows.order_by((F("helpful") - F("unhelpful")).desc(), "title")


def _card(row: Any) -> KnowledgeCard:
    return KnowledgeCard(row.pk, row.title, row.summary, tuple(row.subjects), row.helpful, row.unhelpful)
