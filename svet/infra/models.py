"""Tables of the plumbing: audit trail, outbox, inbox, exchange with outside systems, number series, stored files.

They know no business. Audit and outbox are append-only.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast, Now

from svet.infra.appendonly import append_only

THIS_TRANSACTION = Cast(Cast(models.Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField())
"""The number of the transaction that writes the row, given by the database."""


class AuditRecord(models.Model):
    """Who did what to which object, when and why (actor, verb, target)."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=80)
    target_kind = models.CharField(max_length=60)
    target_id = models.CharField(max_length=64)
    account_id = models.BigIntegerField(null=True)

    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "infra_audit"
        indexes = [
            models.Index(fields=["target_kind", "target_id", "at"], name="audit_by_target"),
            models.Index(fields=["account_id", "at"], name="audit_by_account"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.target_kind} {self.target_id}"


class Fact(models.Model):
    """A business fact recorded in the transaction that made it true (outbox).

    Facts are walked in the order of `transaction`, then `id`: an id may be taken before an older transaction's.
    """

    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    account_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=64, blank=True)
    transaction = models.BigIntegerField(db_default=THIS_TRANSACTION, editable=False)

    class Meta:
        db_table = "infra_fact"
        indexes = [
            models.Index(fields=["name", "transaction", "id"], name="fact_by_name"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.name} #{self.pk}"


class SiteChange(models.Model):
    """That a transaction changed what strangers see on the site: a mark that no other change has.

    Written by triggers alone (`flows/migrations`), once more at each statement. Forgotten after a day.
    """

    transaction = models.BigIntegerField(primary_key=True)
    mark = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "infra_site_change"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.mark}"


class ReactionCursor(models.Model):
    """How far one reaction has come through the facts, and what it could not do."""

    reaction = models.CharField(max_length=120, primary_key=True)
    last_transaction = models.BigIntegerField(default=0)
    last_fact_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "infra_reaction_cursor"

    def __str__(self) -> str:
        return f"{self.reaction} at {self.last_fact_id}"


class FailedReaction(models.Model):
    """A fact that a reaction could not handle; tried again until it can."""

    reaction = models.CharField(max_length=120)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveIntegerField(default=1)
    error = models.TextField()
    failed_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "infra_failed_reaction"
        constraints = [models.UniqueConstraint(fields=["reaction", "fact"], name="one_failure_per_reaction_and_fact")]

    def __str__(self) -> str:
        return f"{self.reaction} on fact {self.fact_id}"


class InboxState(models.TextChoices):
    """The life of a raw message."""

    NEW = "new"
    DONE = "done"
    FAILED = "failed"


class InboxMessage(models.Model):
    """A raw message from an outside system, kept before anything is done with it."""

    gate = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    content_type = models.CharField(max_length=80, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    raw = models.BinaryField()

    state = models.CharField(max_length=8, choices=InboxState.choices, default=InboxState.NEW)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "infra_inbox"
        constraints = [models.UniqueConstraint(fields=["gate", "external_id"], name="a_message_comes_once_per_gate")]
        indexes = [
            models.Index(fields=["state", "gate"], name="inbox_by_state"),
            models.Index(
                fields=["gate", "state", "-finished_at"],
                condition=models.Q(finished_at__isnull=False),
                name="inbox_by_end",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="what_came_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="what_came_is_never_rewritten", operation=pgtrigger.UpdateOf("gate", "external_id", "raw")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gate} {self.external_id}"


class ExchangeState(models.TextChoices):
    """What became of a request to an outside system that answers later."""

    TAKEN = "taken"
    PREPARED = "prepared"
    SENDING = "sending"
    WAITING = "waiting"
    POSTPONED = "postponed"
    DONE = "done"
    REFUSED = "refused"
    UNCLEAR = "unclear"
    SETTLED = "settled"


IN_TROUBLE = (ExchangeState.REFUSED, ExchangeState.UNCLEAR)
ENDED = (ExchangeState.DONE, ExchangeState.REFUSED, ExchangeState.SETTLED)


class ExchangeRequest(models.Model):
    """What was asked of an outside system, once for ever: `guid` is the message's own, decided before it is sent."""

    gate = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    guid = models.UUIDField(unique=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    repeats = models.OneToOneField("self", on_delete=models.PROTECT, related_name="repeated_by", null=True)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "infra_exchange_request"
        constraints = [models.UniqueConstraint(fields=["gate", "key"], name="a_request_is_asked_once_per_gate")]
        indexes = [
            models.Index(fields=["gate", "asked_at"], name="exchange_by_time"),
            GinIndex(fields=["payload"], name="exchange_by_payload", opclasses=["jsonb_path_ops"]),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.gate} {self.kind} {self.key}"


class ExchangeStep(models.Model):
    """One step in the life of a request; the last one is its state, and none at all means that it waits to be sent."""

    request = models.ForeignKey(ExchangeRequest, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ExchangeState.choices)
    next_at = models.DateTimeField(null=True)

    outside_guid = models.UUIDField(null=True)
    problem = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    result = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "infra_exchange_step"
        indexes = [
            models.Index(fields=["request", "-id"], name="exchange_steps"),
            models.Index(fields=["request"], name="exchange_ended", condition=models.Q(state__in=ENDED)),
            models.Index(fields=["request"], name="exchange_in_trouble", condition=models.Q(state__in=IN_TROUBLE)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.request_id} {self.state}"


class NumberSeries(models.Model):
    """A gapless series of numbers; the row is locked while numbers are taken."""

    name = models.CharField(max_length=80, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        db_table = "infra_number_series"

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"


class FileContent(models.Model):
    """The bytes of stored files, once each, known by their hash. A table of its own, so that lists never read them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    class Meta:
        db_table = "infra_file_content"
        triggers = append_only()

    def __str__(self) -> str:
        return self.sha256


class StoredFile(models.Model):
    """A file that somebody gave us. Whose it is, the row of a domain says that points here.

    `key` is a name that cannot be guessed; `media_type` was found in the content, never believed from a name.
    """

    key = models.CharField(max_length=32, unique=True)
    content = models.ForeignKey(FileContent, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    stored_at = models.DateTimeField()
    stored_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "infra_file"
        indexes = [models.Index(fields=["stored_by", "stored_at"], name="file_by_giver")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.key} {self.name}"
