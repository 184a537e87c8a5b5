"""How fresh the site is: the fifteen mandatory items with what is wrong with each, and other pages to read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from svet.domains.content.models import (
    ArticlePage,
    Happened,
    KnowledgeArticle,
    NewsIndexPage,
    NewsPage,
    QuestionPage,
    QuestionsPage,
)
from svet.domains.content.queries.addresses import address_of
from svet.domains.content.rules import ITEMS, Freshness, Item, LivePart, MandatoryItem, Reviewed, freshness_of
from svet.domains.content.rules.freshness import review_due_on
from svet.infra.clock import MOSCOW


@dataclass(frozen=True, slots=True)
class ItemState:
    """A page with what is wrong with it; `item` is empty for one that the Standard does not name."""

    item: str
    title: str
    url: str
    page_id: int | None
    source: str
    reviewed_on: date | None
    due_on: date | None
    has_draft: bool
    state: Freshness


def freshness(*, on: date) -> list[ItemState]:
    """Return the fifteen mandatory items in the order of the Standard."""
    happened = {row.fact: row.last_at for row in Happened.objects.all()}
    pages = {row.item: row for row in ArticlePage.objects.live().exclude(item="")}
    shelves = {
        MandatoryItem.QUESTIONS: (QuestionsPage.objects.live().first(), QuestionPage),
        MandatoryItem.PROMOTIONS: (NewsIndexPage.objects.live().first(), NewsPage),
    }
    states = []
    for item in ITEMS:
        if item.code in shelves:
            page, below = shelves[item.code]
            has_text = page is not None and below.objects.live().exists()
        else:
            page = pages.get(item.code.value)
            has_text = page is not None and _says(page.body, item.live)
        states.append(_state(page, item, has_text=has_text, on=on, event_on=_event_on(item, happened)))
    return states


def others_to_review(*, on: date) -> list[ItemState]:
    """Return the published pages beyond the fifteen that must be read again, the longest unread first."""
    found = []
    for model in (ArticlePage, QuestionPage, KnowledgeArticle):
        rows = model.objects.live()
        for row in rows.filter(item="") if model is ArticlePage else rows:
            state = freshness_of(Reviewed(True, row.source, row.reviewed_on, row.review_months), on=on)
            if state is not Freshness.FRESH:
                found.append(_view("", row, months=row.review_months, state=state))
    return sorted(found, key=lambda one: (one.reviewed_on or date.min, one.title))


def _state(page: ArticlePage | None, item: Item, *, has_text: bool, on: date, event_on: date | None) -> ItemState:
    if page is None:
        return ItemState(item.code, "", f"/{item.path}", None, "", None, None, False, Freshness.ABSENT)
    known = Reviewed(has_text, page.source, page.reviewed_on, item.months, event_on)
    return _view(item.code, page, months=item.months, state=freshness_of(known, on=on))


def _view(code: str, page: ArticlePage, *, months: int, state: Freshness) -> ItemState:
    return ItemState(
        item=code,
        title=page.title,
        url="" if isinstance(page, KnowledgeArticle) else address_of(page.url_path),
        page_id=page.pk,
        source=page.source,
        reviewed_on=page.reviewed_on,
        due_on=review_due_on(page.reviewed_on, months=months) if page.reviewed_on else None,
        has_draft=page.has_unpublished_changes,
        state=state,
    )


def _says(body: object, live: tuple[LivePart, ...]) -> bool:
    blocks = list(body)  # type: ignore[call-overload]
    shown = {block.value["part"] for block in blocks if block.block_type == "live"}
    return bool(blocks) and shown >= {part.value for part in live}


def _event_on(item: Item, happened: dict[str, datetime]) -> date | None:
    days = [happened[fact].astimezone(MOSCOW).date() for fact in item.events if fact in happened]
    return max(days, default=None)
