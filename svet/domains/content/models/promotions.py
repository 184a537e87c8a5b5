"""What people send to contests, with the consent they gave."""

from __future__ import annotations

from django.db import models

from svet.domains.content.models.pages import NewsPage
from svet.infra.appendonly import append_only


class ContestEntry(models.Model):
    """An entry to a contest. `consent` is the very text that was agreed to (152-ФЗ: apart, for this purpose alone)."""

    contest = models.ForeignKey(NewsPage, on_delete=models.PROTECT, related_name="entries")
    request_key = models.CharField(max_length=40)
    name = models.CharField(max_length=160)
    contact = models.CharField(max_length=160)
    text = models.CharField(max_length=2000)
    consent = models.CharField(max_length=500)
    entered_at = models.DateTimeField()

    class Meta:
        db_table = "content_contest_entry"
        constraints = [
            models.UniqueConstraint(fields=["contest", "request_key"], name="a_form_enters_a_contest_once"),
            models.UniqueConstraint(fields=["contest", "contact"], name="one_entry_per_contact"),
            models.CheckConstraint(name="an_entry_has_consent", condition=~models.Q(consent="")),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.contest_id}: {self.entered_at:%Y-%m-%d}"
