"""Remarks on bills as they were kept before they became cases of the one register: read only, never rewritten."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from svet.domains.accounts.models import Account
from svet.infra.appendonly import append_only
from svet.infra.history import keep_history


@keep_history()
class Remark(models.Model):
    """A remark on the bill of a month (clause B3); one without an answer goes on as the case of its letter.

    The letter's key in the register is `rules.register.remark_key(number)`.
    """

    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=64)
    month = models.DateField()
    bill_number = models.CharField(max_length=24)
    text = models.CharField(max_length=2000)
    sent_at = models.DateTimeField()

    answer = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        db_table = "cases_remark"
        constraints = [
            models.UniqueConstraint(fields=["author", "request_key"], name="a_remark_sent_twice_is_one"),
            models.CheckConstraint(name="a_remark_says_something", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="an_answer_has_its_author_and_moment",
                condition=models.Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-sent_at"], name="remark_by_account"),
            models.Index(
                fields=["sent_at"], condition=models.Q(answered_at__isnull=True), name="remark_without_an_answer"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return self.number
