"""The shipped texts of the site and of the knowledge base: reference data like any other, loaded where they are absent.

What editors changed or took away since is left alone: what was ever brought is remembered, and never comes twice.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from wagtail.models import Page, PageLogEntry, Revision

from svet.domains.content.actions.preparing import prepare
from svet.domains.content.models import (
    ArticlePage,
    KnowledgeArticle,
    KnowledgeHome,
    NewsIndexPage,
    NewsPage,
    QuestionPage,
    QuestionsPage,
    SameWords,
    SectionPage,
    ShippedPage,
)
from svet.infra import audit

DATA = Path(__file__).resolve().parents[1] / "data"
FILES = ("articles", "questions", "news", "knowledge")
GROW = {"questions", "knowledge"}
"""Shelves that get what a later release adds. Articles need a second person's approval, news are the company's own."""


def load_reference(*, at: datetime) -> int:
    """Plant the tree and load the shipped texts that are absent; return how many pages were added."""
    with transaction.atomic():
        prepare()
        _load_same_words()
        places = {
            "articles": SectionPage.objects.get(slug="info"),
            "questions": QuestionsPage.objects.get(),
            "news": NewsIndexPage.objects.get(),
            "knowledge": KnowledgeHome.objects.get(),
        }
        added = sum(_load(places[name], name, _shipped(name)) for name in FILES)
        _keep_what_is_published()
        if added:
            audit.record(
                "content.load_reference", target_kind="reference", target_id="pages", at=at, data={"pages": added}
            )
    return added


def _load_same_words() -> None:
    """Load the words of the search that mean the same where there are none."""
    if not SameWords.objects.exists():
        SameWords.objects.bulk_create(SameWords(words=words) for words in _shipped("same_words")["groups"])


def _keep_what_is_published() -> None:
    """Give each published page without a revision its first one.

    Wagtail takes a page without a published revision off the site when its next text is published for a later moment.
    """
    bare = Page.objects.filter(live=True, live_revision=None, latest_revision=None, depth__gt=1)
    for page in bare.specific():
        page.save_revision(clean=False).publish()


@cache
def _shipped(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def _load(parent: Any, name: str, shipped: Mapping[str, Any]) -> int:
    if "review" in shipped:
        review = {key: shipped["review"][key] for key in ("source", "reviewed_on", "review_months")}
        if not parent.source and parent.reviewed_on is None:  # asked first: an update of nothing makes all pages anew
            type(parent).objects.filter(pk=parent.pk).update(**review)
    rows, here = shipped["pages"], set(parent.get_children().values_list("slug", flat=True))
    known = set(ShippedPage.objects.filter(shelf=name).values_list("slug", flat=True))
    seen = here | (known or _brought_before(parent, rows))
    missing = [row for row in rows if row["slug"] not in seen] if name in GROW or not (here or known) else []
    parent.refresh_from_db()
    for row in missing:
        parent.add_child(instance=_page(name, row, reviewed_on=shipped["reviewed_on"]))
    brought = {row["slug"] for row in rows if row["slug"] in seen or row in missing}
    ShippedPage.objects.bulk_create(ShippedPage(shelf=name, slug=slug) for slug in sorted(brought - known))
    return len(missing)


def _brought_before(parent: Page, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return what came before it was remembered, by what Wagtail keeps of pages that were changed or deleted."""
    keys = [str(pk) for pk in parent.get_children().values_list("pk", flat=True)]
    slugs = set(Revision.page_revisions.filter(object_id__in=keys).values_list("content__slug", flat=True))
    told = PageLogEntry.objects.filter(label__in=[row["title"] for row in rows])
    titles = set(told.values_list("label", flat=True))
    return slugs | {row["slug"] for row in rows if row["title"] in titles}


def _page(name: str, row: Mapping[str, Any], *, reviewed_on: date) -> Page:
    summary = row["summary"] if "summary" in row else _plain(row["answer"])
    common = {
        "title": row["title"],
        "slug": row["slug"],
        "summary": summary,
        "source": row.get("source", ""),
        "search_description": summary,
        "reviewed_on": reviewed_on,
        "review_months": row.get("months", 12),
    }
    if name == "questions":
        return QuestionPage(**common, answer=rich(row["answer"]))
    body = [_block(one) for one in row["body"]]
    if name == "articles":
        return ArticlePage(**common, item=row.get("item", ""), body=body)
    if name == "knowledge":
        return KnowledgeArticle(**common, subjects=row["subjects"], body=body)
    more = {key: row[key] for key in ("kind", "starts_on", "ends_on", "entry_question") if key in row}
    return NewsPage(**common, **more, body=body)


def _block(row: Mapping[str, Any]) -> tuple[str, Any]:
    (kind, value), *_ = row.items()
    if kind == "h":
        return "heading", value
    if kind == "p":
        return "text", _text(value)
    if kind == "steps":
        return "steps", [_text(one) for one in value]
    if kind in {"info", "warn"}:
        return "note", {"kind": kind, "text": _text(value)}
    return "live", {"part": value}


def _text(value: str) -> Any:
    from_html = ArticlePage._meta.get_field("body").stream_block.child_blocks["text"].to_python
    return from_html(rich(value))


def rich(text: str) -> str:
    r"""Return the shipped text as rich text: paragraphs by empty lines, lists by dashes, [words](address), **bold**.

    >>> rich("Можно **сразу**.\n\n- [на сайте](/info/)\n- в офисе")
    '<p>Можно <b>сразу</b>.</p><ul><li><a href="/info/">на сайте</a></li><li>в офисе</li></ul>'
    """
    parts = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.splitlines()]
        if all(line.startswith("- ") for line in lines):
            parts.append("<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in lines) + "</ul>")
        else:
            parts.append(f"<p>{_inline(' '.join(lines))}</p>")
    return "".join(parts)


def _plain(text: str) -> str:
    bare = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("**", "")
    return bare if len(bare) <= 200 else bare[:199].rsplit(" ", 1)[0] + "…"


def _inline(text: str) -> str:
    safe = html.escape(text, quote=False)
    linked = re.sub(r"\[([^\]]+)\]\((/[^)\s]*)\)", r'<a href="\2">\1</a>', safe)
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", linked)
