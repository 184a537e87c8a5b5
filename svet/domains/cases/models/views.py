"""What people make of the register for themselves: sets of conditions with a name, files of what was found."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from svet.domains.access.models import Unit
from svet.domains.cases.rules.exporting import LONGEST_NAME, ExportState
from svet.infra.history import keep_history


@keep_history()
class SavedView(models.Model):
    """A named set of conditions of the register; with a unit it is shared with who works there and below."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=LONGEST_NAME)
    filters = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "cases_saved_view"
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="a_view_has_a_name_of_its_own"),
            models.CheckConstraint(name="a_view_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.name}"


class CaseExport(models.Model):
    """The register as a file for one employee: `hidden` is about whom nothing is in it (ids of users, of units).

    `accounts`: at how many a look is recorded for it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filters = models.JSONField()
    hidden_users = ArrayField(models.BigIntegerField(), default=list)
    hidden_units = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in ExportState], default=ExportState.WAITING
    )
    found = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    accounts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    requested_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_export"
        constraints = [
            models.CheckConstraint(
                name="a_ready_export_says_until_when",
                condition=~models.Q(state=ExportState.READY) | models.Q(expires_at__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="export_by_user"),
            models.Index(fields=["-id"], condition=models.Q(accounts__gt=0), name="export_of_accounts"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.requested_at:%Y-%m-%d %H:%M} {self.state}"


class CaseExportPart(models.Model):
    """A piece of the file of a finished export, destroyed when it expires: it never stands whole in memory."""

    export = models.ForeignKey(CaseExport, on_delete=models.PROTECT, related_name="parts")
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "cases_export_part"
        constraints = [
            models.UniqueConstraint(fields=["export", "place"], name="parts_of_an_export_stand_in_a_row"),
        ]

    def __str__(self) -> str:
        return f"part {self.place} of {self.export_id}"
