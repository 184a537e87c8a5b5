"""The till: cash desks of offices, their shifts, what went in and out, and what the fiscal device was asked for.

Operations and fiscal documents are append-only; a shift changes once, when it is closed. A fiscal task carries the
UUID under which the device knows it, decided before the device is asked: that is why nothing is printed twice.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.payments.models.money import Payment, PaymentSource
from svet.domains.payments.rules.tills import Means, OperationKind, TaskKind, TaskState
from svet.infra.appendonly import append_only
from svet.infra.fields import MoneyField
from svet.infra.history import keep_history


@keep_history()
class Till(models.Model):
    """A cash desk of an office. Without `device_url` it has no fiscal device and prints no receipts."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    office_code = models.CharField(max_length=60, blank=True)
    source = models.OneToOneField(PaymentSource, on_delete=models.PROTECT, related_name="+")
    device_url = models.URLField(blank=True)
    secret_name = models.CharField(max_length=60, blank=True, help_text="переменная окружения: логин:пароль кассы")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "payments_till"

    def __str__(self) -> str:
        return self.code


@keep_history()
class TillShift(models.Model):
    """A cashier's shift at a till. `expected`, `counted` and `explanation` are written when it is closed."""

    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="shifts")
    number = models.PositiveIntegerField()
    cashier_id = models.BigIntegerField()
    is_fiscal = models.BooleanField()
    request_key = models.CharField(max_length=64, unique=True)

    opened_at = models.DateTimeField()
    opening_float = MoneyField()

    closed_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    expected = MoneyField(null=True)
    counted = MoneyField(null=True)
    explanation = models.TextField(blank=True)

    class Meta:
        db_table = "payments_till_shift"
        constraints = [
            models.UniqueConstraint(fields=["till", "number"], name="a_shift_number_is_used_once"),
            models.UniqueConstraint(
                fields=["till"], name="one_open_shift_per_till", condition=models.Q(closed_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["cashier_id"], name="one_open_shift_per_cashier", condition=models.Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(name="a_float_is_not_negative", condition=models.Q(opening_float__gte=0)),
            models.CheckConstraint(
                name="a_closed_shift_was_counted",
                condition=models.Q(closed_at__isnull=True)
                | models.Q(expected__isnull=False, counted__isnull=False, counted__gte=0),
            ),
            models.CheckConstraint(
                name="a_difference_is_explained",
                condition=models.Q(counted__isnull=True)
                | models.Q(counted=models.F("expected"))
                | ~models.Q(explanation=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.till_id}/{self.number}"


class TillOperation(models.Model):
    """Money that went into the till or out of it; `amount` is positive, the kind says which way."""

    shift = models.ForeignKey(TillShift, on_delete=models.PROTECT, related_name="operations")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in OperationKind])
    means = models.CharField(max_length=4, choices=[(m.value, m.value) for m in Means])
    amount = MoneyField()
    cash_given = MoneyField(null=True)
    slip = models.CharField(max_length=12, blank=True, help_text="RRN банковского терминала")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", null=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, related_name="reversed_by", null=True)
    request_key = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "payments_till_operation"
        constraints = [
            models.UniqueConstraint(fields=["shift", "number"], name="an_operation_number_is_used_once"),
            models.UniqueConstraint(fields=["kind", "slip"], name="a_slip_is_used_once", condition=~models.Q(slip="")),
            models.CheckConstraint(name="an_operation_is_positive", condition=models.Q(amount__gt=0)),
            models.CheckConstraint(
                name="change_is_not_negative",
                condition=models.Q(cash_given__isnull=True) | models.Q(cash_given__gte=models.F("amount")),
            ),
            models.CheckConstraint(
                name="a_card_payment_has_its_slip", condition=~models.Q(means=Means.CARD) | ~models.Q(slip="")
            ),
            models.CheckConstraint(
                name="customers_money_has_its_payment",
                condition=models.Q(kind__in=[OperationKind.DEPOSIT, OperationKind.WITHDRAWAL], payment__isnull=True)
                | models.Q(kind__in=[OperationKind.PAYMENT, OperationKind.REFUND], payment__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_refund_reverses",
                condition=models.Q(kind=OperationKind.REFUND, reverses__isnull=False)
                | (~models.Q(kind=OperationKind.REFUND) & models.Q(reverses__isnull=True)),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.shift_id}/{self.number}: {self.kind} {self.amount}"


@keep_history()
class FiscalTask(models.Model):
    """What the fiscal device of a till is asked for, in order. A refused task is asked again under a new UUID.

    `corrects`: the operation whose receipt was not made in its time, and is made by this correction.
    """

    shift = models.ForeignKey(TillShift, on_delete=models.PROTECT, related_name="tasks")
    operation = models.OneToOneField(TillOperation, on_delete=models.PROTECT, related_name="task", null=True)
    corrects = models.OneToOneField(TillOperation, on_delete=models.PROTECT, related_name="correction", null=True)
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in TaskKind])
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    uuid = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in TaskState])
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField()
    problem = models.CharField(max_length=40, blank=True)
    problem_text = models.CharField(max_length=300, blank=True)
    answer = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "payments_fiscal_task"
        indexes = [
            models.Index(
                fields=["shift", "id"],
                name="tasks_that_wait",
                condition=~models.Q(state__in=[TaskState.DONE, TaskState.DROPPED]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="a_task_prints_or_corrects",
                condition=models.Q(operation__isnull=True) | models.Q(corrects__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class FiscalDocument(models.Model):
    """What the device registered: the attributes by which the tax service knows the document (54-ФЗ)."""

    task = models.OneToOneField(FiscalTask, on_delete=models.PROTECT, related_name="document")
    fn_number = models.CharField(max_length=16)
    document_number = models.BigIntegerField()
    sign = models.CharField(max_length=10)
    registration_number = models.CharField(max_length=20)
    device_shift = models.PositiveIntegerField()
    receipt_number = models.PositiveIntegerField(null=True)
    total = MoneyField(null=True)
    registered_at = models.DateTimeField()
    is_on_paper = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "payments_fiscal_document"
        constraints = [
            models.UniqueConstraint(fields=["fn_number", "document_number"], name="a_fiscal_document_is_recorded_once")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.fn_number}/{self.document_number}"
