"""What the site still owes (clause W2), the entries to contests, and the knowledge base beside the operator (O7)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from svet.domains.access.rules import Right
from svet.domains.content import actions, queries
from svet.infra import clock
from svet.surfaces.web import content_words
from svet.surfaces.web.doors import any_staff, needs, person


@never_cache
@require_safe
@needs(Right.EDIT_CONTENT)
def site_freshness(request: HttpRequest) -> HttpResponse:
    """Show the fifteen mandatory items with what is wrong with each, and other pages to read again."""
    today = clock.today()
    named = [
        {"row": row, "name": content_words.ITEMS.get(row.item, row.title), "state": content_words.STATES[row.state]}
        for row in [*queries.freshness(on=today), *queries.others_to_review(on=today)]
    ]
    context = {
        "items": [one for one in named if one["row"].item],  # type: ignore[attr-defined]
        "others": [one for one in named if not one["row"].item],  # type: ignore[attr-defined]
    }
    return render(request, "desk/site_freshness.html", context)


@never_cache
@require_safe
@needs(Right.APPROVE_CONTENT)
def contest_entries(request: HttpRequest) -> HttpResponse:
    """Show what people sent to contests, to those who judge."""
    return render(request, "desk/contest_entries.html", {"entries": queries.entries()})


@require_safe
@any_staff
def knowledge(request: HttpRequest) -> HttpResponse:
    """Show the articles about a subject, or those that a search finds."""
    query, subject = request.GET.get("q", "").replace("\x00", "")[:120], request.GET.get("subject", "")[:40]
    cards = queries.knowledge_about([subject], limit=50) if subject and not query else queries.find_knowledge(query)
    return render(request, "desk/knowledge.html", {"cards": cards, "query": query, "subject": subject})


@never_cache
@require_safe
@any_staff
def knowledge_article(request: HttpRequest, article_id: int) -> HttpResponse:
    """Show an article of the knowledge base."""
    shown = queries.article(article_id, user_id=person(request).user_id)
    return render(request, "desk/knowledge_article.html", {"article": shown})


@require_POST
@any_staff
def mark_article(request: HttpRequest, article_id: int) -> HttpResponse:
    """Keep whether the article helped."""
    actions.mark_helpful(
        article_id, is_helpful=request.POST.get("helpful") == "yes", by=person(request).user_id, at=clock.now()
    )
    return redirect("desk:knowledge_article", article_id)
