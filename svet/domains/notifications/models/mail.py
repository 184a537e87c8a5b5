"""Letters that came by e-mail: the ledger of the mailbox, one row for each, and the last look at the mailbox.

The bytes are in the inbox of the gates under "mailbox:uidvalidity:uid".
"""

from __future__ import annotations

from django.db import models

from svet.domains.notifications.models.outgoing import Message
from svet.domains.notifications.rules.mail import MailState, Sort
from svet.infra.history import keep_history


@keep_history()
class IncomingMail(models.Model):
    """One message of a mailbox. It is settled once by the system; a person may settle it anew from the desk."""

    # what came
    mailbox = models.CharField(max_length=120)
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    is_whole = models.BooleanField(default=True)
    received_at = models.DateTimeField()

    # what it says
    message_id = models.CharField(max_length=255, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    files = models.JSONField(default=list)
    refused_files = models.JSONField(default=list)

    # what became of it
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in MailState], default=MailState.NEW)
    sort = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Sort], blank=True)
    sign = models.CharField(max_length=60, blank=True)
    flags = models.JSONField(default=list)
    case_id = models.BigIntegerField(null=True)
    case_number = models.CharField(max_length=20, blank=True)
    about_message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "notifications_incoming_mail"
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="a_message_of_a_mailbox_is_one_row"),
            models.CheckConstraint(
                name="a_letter_in_a_case_names_it",
                condition=~models.Q(state__in=[MailState.NEW_CASE, MailState.JOINED]) | models.Q(case_id__isnull=False),
            ),
            models.CheckConstraint(
                name="a_settled_letter_says_when",
                condition=models.Q(state=MailState.NEW, settled_at=None)
                | (~models.Q(state=MailState.NEW) & models.Q(settled_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-received_at"], name="mail_by_state"),
            models.Index(fields=["message_id"], condition=~models.Q(message_id=""), name="mail_by_message_id"),
            models.Index(fields=["sha256"], name="mail_by_content"),
            models.Index(fields=["case_id"], condition=models.Q(case_id__isnull=False), name="mail_by_case"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.uid} {self.state}"


class MailboxLook(models.Model):
    """The last look at a mailbox: how many messages it holds, how many of them have no row (must be none)."""

    mailbox = models.CharField(max_length=120, primary_key=True)
    looked_at = models.DateTimeField()
    uidvalidity = models.BigIntegerField(null=True)
    held = models.IntegerField(default=0)
    missing = models.IntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "notifications_mailbox_look"

    def __str__(self) -> str:
        return f"{self.mailbox} {self.looked_at:%Y-%m-%d %H:%M}"
