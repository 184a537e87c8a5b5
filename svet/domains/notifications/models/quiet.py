"""The hours in which messages that can wait are not sent: dated, with the paper they rest on."""

from __future__ import annotations

from django.db import models

from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history


@keep_history()
class QuietHours(models.Model):
    """From which hour until which, in Moscow, SMS that are not urgent wait; over midnight when `ends` is earlier."""

    begins = models.TimeField()
    ends = models.TimeField()
    valid = ValidityField()
    source = models.CharField(max_length=300)

    class Meta:
        db_table = "notifications_quiet_hours"
        constraints = [
            never_two_at_once("quiet_hours_are_one_at_a_time"),
            models.CheckConstraint(name="quiet_hours_last", condition=~models.Q(begins=models.F("ends"))),
        ]

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}–{self.ends:%H:%M}"
