"""SMS that came to us and what became of each. The bytes as they came are in the inbox of the gates."""

from __future__ import annotations

from django.db import models

from svet.domains.notifications.models.outgoing import Message
from svet.domains.notifications.rules import SmsState
from svet.infra.history import keep_history


@keep_history()
class IncomingSms(models.Model):
    """One SMS. Its text never changes; its state moves on, and a question that waits has its last moment."""

    # what came
    external_id = models.CharField(max_length=200, unique=True)
    phone = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    is_whole = models.BooleanField(default=True)
    received_at = models.DateTimeField()

    # what became of it
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SmsState], default=SmsState.NEW)
    outcome = models.CharField(max_length=40, blank=True)
    account_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    receipt_number = models.CharField(max_length=40, blank=True)
    asked_until = models.DateTimeField(null=True)
    answer = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_incoming_sms"
        constraints = [
            models.CheckConstraint(
                name="a_question_waits_until_a_moment",
                condition=~models.Q(state=SmsState.ASKED) | models.Q(asked_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_taken_sms_has_its_receipt",
                condition=~models.Q(state=SmsState.TAKEN) | ~models.Q(receipt_number=""),
            ),
            models.CheckConstraint(
                name="what_was_decided_says_when",
                condition=models.Q(state=SmsState.NEW, decided_at=None)
                | (~models.Q(state=SmsState.NEW) & models.Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["phone", "-received_at"], name="sms_by_phone"),
            models.Index(fields=["account_id", "-received_at"], name="sms_by_account"),
            models.Index(fields=["state", "-received_at"], name="sms_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.phone} {self.received_at:%Y-%m-%d %H:%M} {self.state}"
