"""Matters: what happened to a customer, and everything that hangs on it. Who joins and leaves is rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.cases.rules.matters import Field, How, Part
from svet.infra.appendonly import append_only
from svet.infra.history import keep_history


@keep_history()
class Matter(models.Model):
    """What happened to a customer (событие): contacts, cases, remarks and corrections of bills hang on it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    field = models.CharField(max_length=16, choices=[(f.value, f.value) for f in Field])
    title = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "cases_matter"
        constraints = [
            models.CheckConstraint(
                name="a_matter_is_not_merged_into_itself", condition=~models.Q(merged_into=models.F("pk"))
            )
        ]
        indexes = [models.Index(fields=["account", "-began_at"], name="matter_by_account")]

    def __str__(self) -> str:
        return f"matter {self.pk}"


class MatterPart(models.Model):
    """Something hangs on a matter, or (`left_matter`) was taken off another one. A part's latest row is in force."""

    part = models.CharField(max_length=16, choices=[(p.value, p.value) for p in Part])
    part_id = models.BigIntegerField()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="parts")
    left_matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", null=True)
    how = models.CharField(max_length=20, choices=[(h.value, h.value) for h in How])
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "cases_matter_part"
        indexes = [
            models.Index(fields=["part", "part_id", "-id"], name="matter_part_by_part"),
            models.Index(fields=["matter"], name="matter_part_by_matter"),
            models.Index(fields=["at"], condition=~models.Q(how=How.NEW), name="matter_part_by_choice"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.part} {self.part_id} on {self.matter_id}"
