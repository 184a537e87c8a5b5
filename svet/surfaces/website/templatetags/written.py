"""Lists that the templates of written pages show: shelves, questions found, news."""

from __future__ import annotations

from django import template

from svet.domains.content import queries
from svet.infra import clock

register = template.Library()


@register.simple_tag
def shelf(page_id: int) -> list[queries.Card]:
    """Return the articles below a page."""
    return queries.shelf(page_id) if page_id else []


@register.simple_tag
def asked(query: str | None) -> list[queries.QuestionView]:
    """Return the questions that a query finds."""
    return queries.questions((query or "")[:120])


@register.simple_tag
def news_now(page_id: int | None) -> queries.NewsView | None:
    """Return a piece of news as of today, None for what has not begun or is only looked at before it is kept."""
    return queries.news_at(page_id, on=clock.today()) if page_id else None


@register.simple_tag
def news_of_today() -> list[queries.NewsView]:
    """Return the news as of today."""
    return queries.news(on=clock.today())
