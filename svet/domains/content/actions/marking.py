"""«Полезно?»: what the staff say of an article of the knowledge base."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.content.models import HelpfulMark, KnowledgeArticle
from svet.infra import audit
from svet.kernel.errors import NotFound


def mark_helpful(article_id: int, *, is_helpful: bool, by: int, at: datetime) -> None:
    """Keep a person's last word on an article, with the version he read; raise NotFound."""
    with transaction.atomic():
        row = KnowledgeArticle.objects.live().select_for_update(of=("self",)).filter(pk=article_id).first()
        if row is None:
            raise NotFound("no_such_article")
        HelpfulMark.objects.update_or_create(
            article=row,
            user_id=by,
            defaults={"is_helpful": is_helpful, "revision_id": row.live_revision_id, "marked_at": at},
        )
        data = {"is_helpful": is_helpful, "revision": row.live_revision_id}
        audit.record("content.mark_helpful", target_kind="article", target_id=article_id, at=at, data=data)
