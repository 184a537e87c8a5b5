"""To which text somebody agreed who wrote without being a customer of ours: kept word for word beside his case."""

from __future__ import annotations

from django.db import models

from svet.domains.cases.models.register import Case
from svet.infra.appendonly import append_only


class AppealConsent(models.Model):
    """The consent to the processing of personal data given with an appeal (152-FZ, art. 9), word for word."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    given_at = models.DateTimeField()
    asked_from = models.CharField(max_length=45, blank=True)

    class Meta:
        db_table = "cases_appeal_consent"
        constraints = [
            models.CheckConstraint(name="a_consent_to_an_appeal_says_to_what", condition=~models.Q(text="")),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.case_id} at {self.given_at}"
