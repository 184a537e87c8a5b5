"""Kinds of benefits as reference data; entitlements with their ends, each undone by a row of its own.

Entitlements and ends are append-only. A kind's terms in force on a day are the row of its code that holds that day.
"""

from __future__ import annotations

from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.benefits.rules import BenefitForm, Covers
from svet.domains.supply.models import SupplyPoint
from svet.infra.appendonly import append_only
from svet.infra.fields import KwhField, MoneyField, ValidityField, never_two_at_once
from svet.infra.history import keep_history


@keep_history()
class BenefitKind(models.Model):
    """What a benefit is called, by which law, and what it gives, over time: a row for each time of the same terms."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    law = models.CharField(max_length=200)
    papers = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    valid = ValidityField()

    form = models.CharField(max_length=8, choices=[(f.value, f.value) for f in BenefitForm])
    covers = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Covers], default=Covers.ALL)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    kwh = KwhField(null=True, blank=True)
    roubles = MoneyField(null=True, blank=True)
    is_per_person = models.BooleanField(default=False)
    is_share = models.BooleanField(default=False)

    class Meta:
        db_table = "benefits_kind"
        constraints = [
            never_two_at_once("a_kind_of_benefit_has_one_set_of_terms_at_a_time", "code"),
            models.CheckConstraint(
                name="a_benefit_is_a_per_cent_or_roubles",
                condition=models.Q(form=BenefitForm.ROUBLES, percent=None, covers=Covers.ALL, roubles__gt=0)
                | (~models.Q(form=BenefitForm.ROUBLES) & models.Q(roubles=None, percent__gt=0, percent__lte=100)),
            ),
            models.CheckConstraint(
                name="a_benefit_of_a_volume_says_how_much",
                condition=models.Q(covers=Covers.VOLUME, kwh__gt=0)
                | (~models.Q(covers=Covers.VOLUME) & models.Q(kwh=None)),
            ),
            models.CheckConstraint(
                name="a_benefit_of_kwh_is_of_a_volume",
                condition=~models.Q(form=BenefitForm.KWH) | models.Q(covers=Covers.VOLUME),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.valid}"


class Entitlement(models.Model):
    """Somebody's right to a benefit at a supply point, by a document, from a day on; `until_on` as the document says.

    It holds until then, or until an `EntitlementEnd` that stands; an `EntitlementUndone` says that it never was.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_key = models.CharField(max_length=64)

    kind_code = models.CharField(max_length=40)
    holder = models.CharField(max_length=200)
    document = models.CharField(max_length=200)
    people = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "benefits_entitlement"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "request_key"], name="an_entitlement_is_recorded_once_per_request"
            ),
            models.CheckConstraint(
                name="an_entitlement_holds_some_day",
                condition=models.Q(until_on=None) | models.Q(until_on__gt=models.F("from_on")),
            ),
            models.CheckConstraint(name="somebody_shares_a_benefit", condition=models.Q(people__gte=1)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.account_id} {self.kind_code} since {self.from_on}"


class EntitlementEnd(models.Model):
    """The end of an entitlement before its time: the first day on which it no longer holds."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="ends")
    ended_on = models.DateField()
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "benefits_end"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.entitlement_id} until {self.ended_on}"


class EntitlementUndone(models.Model):
    """An entitlement that never was."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    entitlement = models.OneToOneField(Entitlement, on_delete=models.PROTECT, related_name="undone")
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "benefits_undone"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.entitlement_id} undone"


class EndUndone(models.Model):
    """An end that was recorded wrongly: the entitlement holds as before it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    end = models.OneToOneField(EntitlementEnd, on_delete=models.PROTECT, related_name="undone")
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "benefits_end_undone"
        triggers = append_only()

    def __str__(self) -> str:
        return f"end {self.end_id} undone"
