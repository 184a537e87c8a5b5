"""Reads of what editors wrote: shelves, questions, news, the knowledge base, search, and how fresh all of it is."""

from svet.domains.content.queries.blanks import Blank, blank, blanks
from svet.domains.content.queries.files import published_file
from svet.domains.content.queries.freshness import ItemState, freshness, others_to_review
from svet.domains.content.queries.knowledge import (
    ArticleView,
    KnowledgeCard,
    article,
    find_knowledge,
    knowledge_about,
)
from svet.domains.content.queries.pages import (
    Card,
    NewsView,
    QuestionView,
    contest,
    fresh_news,
    news,
    news_at,
    questions,
    shelf,
    shelf_at,
)
from svet.domains.content.queries.promotions import EntryView, entries
from svet.domains.content.queries.searching import Extra, Found, search

__all__ = [
    "ArticleView",
    "Blank",
    "Card",
    "EntryView",
    "Extra",
    "Found",
    "ItemState",
    "KnowledgeCard",
    "NewsView",
    "QuestionView",
    "article",
    "blank",
    "blanks",
    "contest",
    "entries",
    "find_knowledge",
    "fresh_news",
    "freshness",
    "knowledge_about",
    "news",
    "news_at",
    "others_to_review",
    "published_file",
    "questions",
    "search",
    "shelf",
    "shelf_at",
]
