"""Proposals to leave a case without consideration: proposed, decided by another person, some of them reviewed."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.cases.models.register import Case
from svet.domains.cases.rules.grounds import Decision, Ground, Review
from svet.infra.history import keep_history


@keep_history()
class Refusal(models.Model):
    """A proposal not to consider a case, with its ground and evidence (clauses A5, A6)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="refusals")
    ground = models.CharField(max_length=24, choices=[(g.value, g.value) for g in Ground])
    evidence = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    note = models.CharField(max_length=1000)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    decision = models.CharField(max_length=24, choices=[(d.value, d.value) for d in Decision], blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=1000, blank=True)

    is_sampled = models.BooleanField(default=False)
    review = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Review], blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        db_table = "cases_refusal"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(decision=""), name="one_refusal_of_a_case_waits"
            ),
            models.CheckConstraint(
                name="another_person_decides_on_a_refusal",
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="a_decided_refusal_says_by_whom",
                condition=models.Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(name="a_proposed_refusal_says_why", condition=~models.Q(note="")),
        ]
        indexes = [
            models.Index(fields=["proposed_at"], condition=models.Q(decision=""), name="refusal_that_waits"),
            models.Index(
                fields=["decided_at"], condition=models.Q(is_sampled=True, review=""), name="refusal_to_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.ground}"
