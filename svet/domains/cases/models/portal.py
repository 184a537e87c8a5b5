"""Appeals as the state portal ГИС ЖКХ shows them, each beside the case that it became in the register."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.cases.models.register import Case
from svet.domains.cases.rules.portal import PortalStatus
from svet.infra.history import keep_history


@keep_history()
class AppealOnPortal(models.Model):
    """An appeal by the portal's own GUID and number: what the portal told of it last; its history has the rest."""

    guid = models.UUIDField(unique=True)
    number = models.CharField(max_length=30)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", null=True)

    status = models.CharField(max_length=10, choices=[(s.value, s.value) for s in PortalStatus])
    created_on = models.DateField()
    due_on = models.DateField(null=True)
    found_by = models.CharField(max_length=10, blank=True)
    fingerprint = models.CharField(max_length=64)
    told = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    first_seen_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "cases_portal_appeal"
        constraints = [
            models.UniqueConstraint(fields=["case"], name="a_case_is_one_appeal_on_the_portal"),
        ]
        indexes = [models.Index(fields=["status", "created_on"], name="portal_appeal_by_status")]

    def __str__(self) -> str:
        return f"ГИС ЖКХ {self.number}"
