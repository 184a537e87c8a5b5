"""Messages to people and what happened to them. A message moves on; its events are never rewritten."""

from __future__ import annotations

from django.db import models

from svet.domains.notifications.rules import Channel, EventKind, MessageKind, MessageState
from svet.infra.appendonly import append_only


class Message(models.Model):
    """One message to one address. `secret` (sealed) is there only until the message is sent or given up."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=30, choices=[(k.value, k.value) for k in MessageKind])
    channel = models.CharField(max_length=8, choices=[(c.value, c.value) for c in Channel])
    address = models.CharField(max_length=255)
    account_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)

    facts = models.JSONField(default=dict)
    secret = models.TextField(blank=True)

    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in MessageState], default=MessageState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_since_asked = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    provider_id = models.CharField(max_length=255, blank=True)
    last_error = models.CharField(max_length=255, blank=True)

    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notifications_message"
        constraints = [
            models.CheckConstraint(
                name="a_secret_is_kept_only_while_it_waits",
                condition=models.Q(secret="") | models.Q(state=MessageState.WAITING),
            ),
            models.CheckConstraint(name="a_message_has_an_address", condition=~models.Q(address="")),
            models.CheckConstraint(
                name="a_failed_message_says_when",
                condition=models.Q(state=MessageState.FAILED, failed_at__isnull=False)
                | (~models.Q(state=MessageState.FAILED) & models.Q(failed_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "next_try_at"],
                condition=models.Q(state=MessageState.WAITING),
                name="message_that_waits",
            ),
            models.Index(
                fields=["-failed_at"], condition=models.Q(state=MessageState.FAILED), name="message_that_failed"
            ),
            models.Index(
                fields=["channel", "-sent_at"], condition=models.Q(sent_at__isnull=False), name="message_that_went"
            ),
            models.Index(fields=["channel", "-id"], condition=~models.Q(last_error=""), name="message_with_error"),
            models.Index(fields=["account_id", "-created_at"], name="message_by_account"),
            models.Index(fields=["address", "-created_at"], name="message_by_address"),
            models.Index(fields=["customer_id", "-created_at"], name="message_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class MessageEvent(models.Model):
    """What happened to a message, and at which attempt."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in EventKind])
    attempt = models.PositiveSmallIntegerField()
    detail = models.CharField(max_length=255, blank=True)

    class Meta:
        db_table = "notifications_message_event"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind} {self.at:%Y-%m-%d %H:%M}"
