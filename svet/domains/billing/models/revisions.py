"""Revisions of charged months: what would change for whom, what was released and what was taken back."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.billing.rules.revising import RevisedState, RevisionCause, RevisionState
from svet.infra.fields import KwhField, MoneyField, MonthField
from svet.infra.history import keep_history


@keep_history()
class Revision(models.Model):
    """Charged months of a scope of accounts, from `first_month` on, rated anew by what is known now, for a reason."""

    first_month = MonthField()
    scope = models.CharField(max_length=120)
    cause = models.CharField(max_length=10, choices=[(c.value, c.value) for c in RevisionCause])
    reason = models.TextField()
    beyond_limit_reason = models.TextField(blank=True)

    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in RevisionState], default=RevisionState.COUNTING
    )
    account_count = models.PositiveIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    released_by = models.BigIntegerField(null=True)
    taken_back_reason = models.TextField(blank=True)

    class Meta:
        db_table = "billing_revision"
        constraints = [
            models.CheckConstraint(name="a_revision_has_a_reason", condition=~models.Q(reason="")),
            models.CheckConstraint(name="a_stage_is_a_per_cent", condition=models.Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return f"from {self.first_month:%Y-%m} {self.scope}: {self.state}"


class RevisedAccount(models.Model):
    """One account of a revision: the difference of all its months, and what became of it."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="accounts", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in RevisedState])
    difference = MoneyField(default=0)
    kwh = KwhField(default=0)
    findings = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_revised_account"
        constraints = [
            models.UniqueConstraint(fields=["revision", "account"], name="an_account_is_revised_once_per_revision")
        ]
        indexes = [models.Index(fields=["revision", "difference"], name="revised_by_difference")]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.account_id}: {self.difference} {self.state}"


class RevisedMonth(models.Model):
    """One charge of a revised account: what it was, what it becomes; the charges that took its place once released."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="months", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    supply_point_id = models.BigIntegerField()
    month = MonthField()
    was_kwh = KwhField()
    was = MoneyField()
    becomes_kwh = KwhField()
    becomes = MoneyField()
    original_id = models.BigIntegerField(null=True)
    reversal_id = models.BigIntegerField(null=True)
    charge_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "billing_revised_month"
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "account", "supply_point_id", "month"], name="a_month_is_revised_once_per_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.account_id} {self.month:%Y-%m}: {self.was} → {self.becomes}"
