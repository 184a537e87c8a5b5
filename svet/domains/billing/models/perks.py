"""What benefits took off charges; acts of unmetered use with what they come to, their scans, and acts taken back."""

from __future__ import annotations

from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.benefits.models import Entitlement
from svet.domains.benefits.rules import BenefitForm
from svet.domains.billing.rules.unmetered import UnmeteredKind
from svet.domains.supply.models import SupplyPoint
from svet.domains.tariffs.models import TariffVersion
from svet.infra.appendonly import append_only
from svet.infra.fields import KwhField, MoneyField, MonthField, RateField
from svet.infra.models import StoredFile


class ChargeBenefit(models.Model):
    """What an entitlement is worth in a charge (plus: so much less to pay), for the month `month`.

    One of an earlier month than the charge's corrects what was given for it. Without a line it is only reported.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, related_name="benefits", db_index=False)
    number = models.PositiveSmallIntegerField()
    line_number = models.PositiveSmallIntegerField(null=True)
    month = MonthField()
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="+", db_index=False)
    form = models.CharField(max_length=8, choices=[(f.value, f.value) for f in BenefitForm])
    method = models.CharField(max_length=12)
    from_on = models.DateField()
    until_on = models.DateField()

    kwh = KwhField()
    base = MoneyField()
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    limit_kwh = KwhField(null=True)
    people = models.PositiveSmallIntegerField(null=True)
    persons = models.PositiveSmallIntegerField(null=True)
    amount = MoneyField()

    class Meta:
        db_table = "billing_benefit"
        constraints = [
            models.UniqueConstraint(fields=["account", "charge", "number"], name="benefits_of_a_charge_are_numbered")
        ]
        indexes = [models.Index(fields=["month"], name="benefit_by_month")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.charge_id}/{self.number}: {self.amount}"


class UnmeteredAct(models.Model):
    """An act that found electricity used past the meter; `counts_in` is the month whose bill has its lines."""

    # identity
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_key = models.CharField(max_length=64)
    number = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in UnmeteredKind])

    # what was found
    found_on = models.DateField()
    since_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)
    ended_on = models.DateField()
    power_w = models.PositiveIntegerField(null=True)
    norm_percent = models.PositiveIntegerField(null=True)
    note = models.TextField()
    signed_by = models.CharField(max_length=200)

    # what came of it
    from_on = models.DateField()
    until_on = models.DateField()
    kwh = KwhField()
    amount = MoneyField()
    counts_in = MonthField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "billing_unmetered_act"
        constraints = [
            models.UniqueConstraint(fields=["account", "request_key"], name="an_act_of_use_is_recorded_once_a_request"),
            models.CheckConstraint(
                name="unmetered_use_takes_days", condition=models.Q(until_on__gt=models.F("from_on"))
            ),
            models.CheckConstraint(
                name="unmetered_use_is_by_power_or_by_norm",
                condition=models.Q(power_w__gt=0, norm_percent=None) | models.Q(power_w=None, norm_percent__gt=0),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"


class UnmeteredLine(models.Model):
    """So much energy of an act in days of one price: kWh × rate = amount."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.ForeignKey(UnmeteredAct, on_delete=models.PROTECT, related_name="lines", db_index=False)
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    until_on = models.DateField()
    kwh = KwhField()
    rate = RateField()
    amount = MoneyField()
    tariff_version = models.ForeignKey(TariffVersion, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "billing_unmetered_line"
        constraints = [models.UniqueConstraint(fields=["act", "number"], name="lines_of_an_act_are_numbered")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.act_id}/{self.number}: {self.kwh} × {self.rate} = {self.amount}"


class UnmeteredScan(models.Model):
    """A scan of an act of unmetered use, in the store of files."""

    act = models.ForeignKey(UnmeteredAct, on_delete=models.PROTECT, related_name="scans")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "billing_unmetered_scan"
        constraints = [models.UniqueConstraint(fields=["act", "file"], name="a_scan_is_named_once_per_act_of_use")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.act_id}: {self.file_id}"


class UnmeteredUndone(models.Model):
    """An act taken back: what it charged comes off with the bill of `counts_in`, or was never charged at all."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    act = models.OneToOneField(UnmeteredAct, on_delete=models.PROTECT, related_name="undone")
    counts_in = MonthField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "billing_unmetered_undone"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.act_id} undone"
