"""Money received: payments, what account each was given to, refunds, reversals, and banks' registries.

Payments are append-only and unique by source and the source's own id. Which debts a payment went to is
computed (rules/allocation.py), never stored.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.payments.rules import RegisterState, SourceKind
from svet.infra.appendonly import append_only
from svet.infra.fields import MoneyField, MonthField
from svet.infra.history import keep_history


@keep_history()
class PaymentSource(models.Model):
    """An agent, bank, terminal network or cash desk through which money comes."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in SourceKind])
    active = models.BooleanField(default=True)
    min_amount = MoneyField(default=1)
    max_amount = MoneyField(default=100_000)
    allowed_networks = models.JSONField(default=list, blank=True)
    secret_name = models.CharField(max_length=60, blank=True, help_text="имя переменной окружения с паролем")

    class Meta:
        db_table = "payments_source"

    def __str__(self) -> str:
        return self.code


class PaymentRegister(models.Model):
    """A registry file of a bank: posted whole or refused whole."""

    source = models.ForeignKey(PaymentSource, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    form = models.CharField(max_length=20, blank=True)
    inbox_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RegisterState])
    lines = models.PositiveIntegerField(default=0)
    amount = MoneyField(default=0)
    transferred = MoneyField(default=0)
    fee = MoneyField(default=0)
    findings = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    received_at = models.DateTimeField()

    class Meta:
        db_table = "payments_register"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "sha256"],
                name="a_registry_is_posted_once",
                condition=models.Q(state=RegisterState.POSTED),
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.source_id} {self.file_name}"


class Payment(models.Model):
    """Money received. `account` is None while nobody knows whose it is. `paid_on` is when the payer paid."""

    source = models.ForeignKey(PaymentSource, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=120)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    account_given = models.CharField(max_length=200, blank=True, help_text="номер счёта, как его передал источник")
    amount = MoneyField()
    fee = MoneyField(default=0)
    paid_at = models.DateTimeField()
    received_at = models.DateTimeField()
    named_month = MonthField(null=True)
    register = models.ForeignKey(PaymentRegister, on_delete=models.PROTECT, related_name="payments", null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "payments_payment"
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="a_payment_comes_once"),
            models.CheckConstraint(name="a_payment_is_positive", condition=models.Q(amount__gt=0)),
        ]
        indexes = [
            models.Index(fields=["account", "paid_at"], name="payment_by_account"),
            models.Index(fields=["received_at"], name="unidentified_payments", condition=models.Q(account=None)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.source_id}/{self.external_id}: {self.amount}"


class PaymentAssignment(models.Model):
    """Unidentified money given to an account by a person, or taken from a wrong one to the right one."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="assignments")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)
    named_month = MonthField(null=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.BigIntegerField(null=True)
    reason = models.TextField()

    class Meta:
        db_table = "payments_assignment"
        constraints = [
            models.UniqueConstraint(
                fields=["payment"], name="a_payment_is_first_assigned_once", condition=models.Q(replaces=None)
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.payment_id} to {self.account_id}"


class PaymentReversal(models.Model):
    """A payment that the source took back, whole (ошибочный платёж)."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="reversal")
    reversed_at = models.DateTimeField()
    external_id = models.CharField(max_length=120, blank=True)
    reason = models.TextField()

    class Meta:
        db_table = "payments_reversal"
        triggers = append_only()

    def __str__(self) -> str:
        return f"reversal of {self.payment_id}"


class Refund(models.Model):
    """Money given back from a credit balance."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", null=True)
    request_key = models.CharField(max_length=64)
    amount = MoneyField()
    refunded_at = models.DateTimeField()
    refunded_by = models.BigIntegerField(null=True)
    reason = models.TextField()

    class Meta:
        db_table = "payments_refund"
        constraints = [
            models.UniqueConstraint(fields=["account", "request_key"], name="a_refund_is_made_once"),
            models.CheckConstraint(name="a_refund_is_positive", condition=models.Q(amount__gt=0)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"
