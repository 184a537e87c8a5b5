"""Files that somebody gave with a form and nobody ever used: a form left halfway, a file taken off it again.

What any row of any domain refers to stays; so does what came without a person, by an exchange. What went is logged.
"""

from __future__ import annotations

from datetime import datetime

import pgtrigger
import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet

from svet.infra.models import FileContent, StoredFile

log = structlog.get_logger("svet.files")

AT_ONCE = 100
GUARDS = ("infra.StoredFile:append_only", "infra.FileContent:append_only")


def remove_unused(*, before: datetime) -> int:
    """Delete files given before the moment to which nothing refers, with their content; return how many.

    A file that is used at this very moment stays: its key refuses, and that batch waits for the next night.
    """
    removed = 0
    ids = list(_unused(before).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        try:
            removed += _remove(ids[start : start + AT_ONCE], before=before)
        except IntegrityError:
            log.warning("unused_files_are_used_now", first=ids[start])
    return removed


def _unused(before: datetime) -> QuerySet[StoredFile]:
    rows = StoredFile.objects.filter(stored_at__lt=before, stored_by__isnull=False)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            used = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.filter(~Exists(used))
    return rows


def _remove(ids: list[int], *, before: datetime) -> int:
    with transaction.atomic(), pgtrigger.ignore(*GUARDS):
        rows = list(_unused(before).filter(pk__in=ids).select_for_update(of=("self",)))
        contents = {row.content_id for row in rows}
        StoredFile.objects.filter(pk__in=[row.pk for row in rows])._raw_delete("default")
        kept = StoredFile.objects.filter(content_id=OuterRef("pk"))
        FileContent.objects.filter(~Exists(kept), pk__in=contents)._raw_delete("default")
        for row in rows:
            log.info("unused_file_removed", key=row.key, size=row.size, by=row.stored_by, stored_at=row.stored_at)
    return len(rows)
