"""The ledger: one append-only row per movement of an account, the month's turnover, certificates given out.

Plus = the customer owes. An entry is unique by its natural key, so posting twice is impossible.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.ledger.rules import CertificateKind, EntryKind, Service
from svet.infra.appendonly import append_only
from svet.infra.fields import MoneyField, MonthField
from svet.infra.references import Reference, References


class Entry(models.Model):
    """One movement of an account.

    `month` is the accounting month it counts in, `concerns` the month it is about (None: an advance).
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    service = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Service], default=Service.ENERGY)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in EntryKind])
    amount = MoneyField()
    month = MonthField()
    concerns = MonthField(null=True)
    posted_on = models.DateField()

    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    line = models.PositiveSmallIntegerField(default=1)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_id", "account", "line"], name="an_entry_is_posted_once"
            ),
        ]
        indexes = [
            models.Index(fields=["month", "account"], name="entry_by_month"),
            models.Index(fields=["account"], name="entry_by_account"),
        ]
        triggers = [*append_only(), References(Reference("account_id", "accounts_account"))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.posted_on} {self.kind} {self.amount}"


class Turnover(models.Model):
    """The stored month of an account and service, written when the month closes: opening + … − paid = closing."""

    pk = models.CompositePrimaryKey("month", "account", "service")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    service = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Service])
    month = MonthField()
    opening = MoneyField()
    charged = MoneyField()
    corrected = MoneyField()
    penalties = MoneyField()
    paid = MoneyField()
    closing = MoneyField()

    class Meta:
        db_table = "ledger_turnover"
        constraints = [
            models.CheckConstraint(
                name="turnover_adds_up",
                condition=models.Q(
                    closing=models.F("opening")
                    + models.F("charged")
                    + models.F("corrected")
                    + models.F("penalties")
                    - models.F("paid")
                ),
            ),
        ]
        indexes = [models.Index(fields=["account"], name="turnover_by_account")]
        triggers = [*append_only(), References(Reference("account_id", "accounts_account"))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m} {self.service}: {self.closing}"


class MonthClose(models.Model):
    """A closed accounting month with its control totals. Nothing is posted into it any more."""

    month = MonthField(unique=True)
    closed_at = models.DateTimeField()
    closed_by = models.BigIntegerField(null=True)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "ledger_month_close"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Certificate(models.Model):
    """A certificate given out: what the account owed at the end of a day, frozen with all that its paper shows."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    number = models.BigIntegerField(unique=True)
    code = models.CharField(max_length=12)

    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in CertificateKind])
    stated_on = models.DateField()
    amount = MoneyField()
    amounts = models.JSONField(default=dict)
    charged_until = MonthField(null=True)
    snapshot = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    issued_at = models.DateTimeField()
    issued_by = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12)
    request_key = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_certificate"
        constraints = [
            models.UniqueConstraint(fields=["account", "request_key"], name="a_certificate_is_given_once_per_request"),
            models.CheckConstraint(
                name="a_certificate_of_no_debt_tells_of_none",
                condition=~models.Q(kind=CertificateKind.NO_DEBT) | models.Q(amount__lte=0),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number} of {self.account_id} on {self.stated_on}"
