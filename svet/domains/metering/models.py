"""Meters, their registers and installations, verifications, and readings; acts about meters with their scans.

Readings, receipts and acts are append-only: a later reading replaces an earlier one by naming it, an operator's
decision on a held reading is a row of its own, and so is an act that was undone with the readings it withdraws.
"""

from __future__ import annotations

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.metering.rules import Channel, ConditionKind, ReadingKind, Verdict
from svet.domains.metering.rules.acts import ActKind
from svet.domains.supply.models import SupplyPoint
from svet.infra.appendonly import append_only
from svet.infra.fields import KwhField, MonthField, ValidityField, never_two_at_once
from svet.infra.history import keep_history
from svet.infra.models import StoredFile
from svet.infra.references import Reference, References
from svet.kernel.energy import TimeBand, Zoning


@keep_history()
class Meter(models.Model):
    """A meter as a thing, wherever it hangs. `digits` counts the whole-kWh digits of its dial."""

    serial = models.CharField(max_length=50)
    model = models.CharField(max_length=80, blank=True)
    zoning = models.CharField(max_length=1, choices=[(z.value, z.value) for z in Zoning])
    digits = models.PositiveSmallIntegerField(default=5)
    fraction_digits = models.PositiveSmallIntegerField(default=0)
    multiplier = models.DecimalField(max_digits=10, decimal_places=4, default=1)

    made_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verification_due_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "metering_meter"
        constraints = [
            models.UniqueConstraint(fields=["serial", "model"], name="a_serial_is_unique_in_its_model"),
            models.CheckConstraint(name="a_dial_has_3_to_9_digits", condition=models.Q(digits__gte=3, digits__lte=9)),
            models.CheckConstraint(name="multiplier_is_positive", condition=models.Q(multiplier__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.serial}".strip()


class Register(models.Model):
    """One dial of a meter (шкала): T1, T2, T3 by `position`."""

    meter = models.ForeignKey(Meter, on_delete=models.CASCADE, related_name="registers")
    position = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=10, choices=[(b.value, b.value) for b in TimeBand])

    class Meta:
        db_table = "metering_register"
        constraints = [
            models.UniqueConstraint(fields=["meter", "position"], name="one_register_per_position"),
            models.UniqueConstraint(fields=["meter", "band"], name="one_register_per_band"),
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} T{self.position} {self.band}"


@keep_history()
class Installation(models.Model):
    """A meter at a supply point, from the day it was put there until (not including) the day it was taken away."""

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="installations")
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="installations")
    valid = ValidityField()
    act_number = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "metering_installation"
        constraints = [never_two_at_once("a_meter_hangs_in_one_place_at_a_time", "meter")]
        indexes = [models.Index(fields=["supply_point"], name="installation_by_supply_point")]

    def __str__(self) -> str:
        return f"{self.meter_id} at {self.supply_point_id}"


class ReadingReceipt(models.Model):
    """What the customer gets for every submission, accepted or not: a number, a time, a verdict, reasons."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=24)
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in Channel])
    source_id = models.CharField(max_length=120)
    taken_on = models.DateField()
    received_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=[(v.value, v.value) for v in Verdict])
    findings = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    registers = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # value, previous, kwh, as then told
    raw = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "metering_receipt"
        constraints = [
            models.UniqueConstraint(fields=["account", "channel", "source_id"], name="a_submission_counts_once"),
            models.UniqueConstraint(fields=["account", "number"], name="a_receipt_number_is_unique"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return self.number


class Reading(models.Model):
    """One value of one register. `replaces` names the reading that this one corrects.

    `counts_from` is the first month whose bill may use it (null: the month of `taken_on`). Which readings are in
    force, the view `metering_reading_in_force` says, and nothing else. Rows are found by account and register.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt = models.ForeignKey(
        ReadingReceipt, on_delete=models.PROTECT, related_name="readings", null=True, db_index=False
    )
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="readings", db_index=False)
    value = KwhField()
    taken_on = models.DateField()
    kind = models.CharField(
        max_length=10, choices=[(k.value, k.value) for k in ReadingKind], default=ReadingKind.REGULAR
    )
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in Channel])
    received_at = models.DateTimeField()

    verdict = models.CharField(max_length=8, choices=[(v.value, v.value) for v in Verdict])
    findings = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    counts_from = MonthField(null=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True, db_index=False
    )

    class Meta:
        db_table = "metering_reading"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "receipt", "register"], name="one_value_per_register_and_receipt"
            ),
            models.CheckConstraint(name="reading_is_not_negative", condition=models.Q(value__gte=0)),
        ]
        indexes = [
            models.Index(fields=["account", "register", "taken_on"], name="reading_by_register"),
            models.Index(
                fields=["account", "replaces"], name="reading_replaced", condition=models.Q(replaces__isnull=False)
            ),
            models.Index(fields=["received_at"], name="reading_held", condition=models.Q(verdict=Verdict.HELD)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.register_id} {self.taken_on}: {self.value}"


class ReadingReview(models.Model):
    """An operator's decision on a held reading."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reading = models.OneToOneField(Reading, on_delete=models.PROTECT, related_name="review")
    verdict = models.CharField(max_length=8, choices=[(v.value, v.value) for v in Verdict])
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "metering_review"
        constraints = [
            models.CheckConstraint(name="a_review_decides", condition=~models.Q(verdict=Verdict.HELD)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.reading_id}: {self.verdict}"


class MeterCondition(models.Model):
    """What is the matter with a meter or a supply from a day on: it failed, an act says access was refused.

    Without `meter` it is of the supply. It holds until a `ConditionLift` names it; a lift on the first day says that
    it never held. Every act of refusal is a row of its own.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="conditions")
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="conditions", null=True, blank=True)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in ConditionKind])
    from_on = models.DateField()
    act_number = models.CharField(max_length=60, blank=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "metering_condition"
        constraints = [
            models.UniqueConstraint(
                fields=["supply_point", "meter", "kind", "from_on"],
                name="a_condition_begins_once_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="a_meter_is_named_where_it_failed",
                condition=models.Q(kind=ConditionKind.FAILED, meter__isnull=False)
                | (~models.Q(kind=ConditionKind.FAILED) & models.Q(meter__isnull=True)),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.supply_point_id} {self.kind} since {self.from_on}"


class ConditionLift(models.Model):
    """The end of a condition: the first day on which it no longer holds."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    condition = models.OneToOneField(MeterCondition, on_delete=models.PROTECT, related_name="lift")
    lifted_on = models.DateField()
    act_number = models.CharField(max_length=60, blank=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "metering_condition_lift"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.condition_id} until {self.lifted_on}"


class BilledMonth(models.Model):
    """A month that billing has charged for an account: from then on the next bill corrects.

    The row goes when the charges are reversed; what was charged and reversed, billing's rows tell for ever.
    """

    pk = models.CompositePrimaryKey("month", "account")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    month = MonthField()
    billed_at = models.DateTimeField()

    class Meta:
        db_table = "metering_billed"
        indexes = [models.Index(fields=["account"], name="billed_by_account")]
        triggers = [
            pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update),
            References(Reference("account_id", "accounts_account")),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m}"


class MeterAct(models.Model):
    """An act about meters of an account, as it was told: hung up, taken down, replaced, verified, sealed.

    `told` keeps what the act said of meters and values, in the words of that day, and what there was before.
    """

    # identity
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_key = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in ActKind])
    number = models.CharField(max_length=60)

    # what was done
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="+")
    removed_meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="+", null=True)
    removed_on = models.DateField(null=True)
    installed_meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="+", null=True)
    installed_on = models.DateField(null=True)
    checked_meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="+", null=True)
    checked_on = models.DateField(null=True)
    told = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    # who
    signed_by = models.CharField(max_length=200)
    seals = models.CharField(max_length=1000, blank=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "metering_act"
        constraints = [
            models.UniqueConstraint(fields=["account", "request_key"], name="an_act_is_recorded_once_per_request"),
            models.CheckConstraint(
                name="an_act_is_about_a_meter_on_a_day",
                condition=models.Q(removed_meter__isnull=False, removed_on__isnull=False)
                | models.Q(installed_meter__isnull=False, installed_on__isnull=False)
                | models.Q(checked_meter__isnull=False, checked_on__isnull=False),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ActScan(models.Model):
    """A scan of an act, in the store of files."""

    act = models.ForeignKey(MeterAct, on_delete=models.PROTECT, related_name="scans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "metering_act_scan"
        constraints = [models.UniqueConstraint(fields=["act", "file"], name="a_scan_is_named_once_per_act")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.act_id}: {self.file_id}"


class ActUndone(models.Model):
    """An act that was taken back: meters hang as before it, its readings are withdrawn."""

    act = models.OneToOneField(MeterAct, on_delete=models.PROTECT, related_name="undone")
    reason = models.TextField()
    undone_at = models.DateTimeField()
    undone_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "metering_act_undone"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.act_id} undone"


class WithdrawnReading(models.Model):
    """A reading taken back, with its act that was undone or by itself: never in force again, and replaces nothing."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    reading = models.OneToOneField(Reading, on_delete=models.PROTECT, related_name="withdrawn")
    act = models.ForeignKey(MeterAct, on_delete=models.PROTECT, related_name="withdrawn", null=True)

    # who took it back by itself; with an act the act's own undoing says that
    reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "metering_withdrawn"
        constraints = [
            models.CheckConstraint(
                name="a_reading_is_withdrawn_with_an_act_or_for_a_reason",
                condition=models.Q(act__isnull=False) | (models.Q(withdrawn_at__isnull=False) & ~models.Q(reason="")),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.reading_id} withdrawn"
