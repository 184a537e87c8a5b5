"""What happened that makes pages doubtful: each fact's last day."""

from __future__ import annotations

from django.db import models


class Happened(models.Model):
    """The last moment at which a fact happened that some page depends on (rules/items.py)."""

    fact = models.CharField(max_length=60, unique=True)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "content_happened"

    def __str__(self) -> str:
        return self.fact
