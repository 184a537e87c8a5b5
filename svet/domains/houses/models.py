"""Houses with common needs: who charges them and how, meters of the house with readings, and settled months.

What was settled or read is never rewritten: a later version, or a reading that replaces another, stands in its place.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.houses.rules import ChargedBy, Excess, Negative
from svet.domains.supply.models import Premises, SupplyPoint
from svet.infra.appendonly import append_only
from svet.infra.fields import KwhField, MonthField, ValidityField, never_two_at_once
from svet.infra.history import keep_history


@keep_history()
class House(models.Model):
    """A building with several dwellings."""

    code = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=255)

    class Meta:
        db_table = "houses_house"

    def __str__(self) -> str:
        return f"{self.code} {self.address}"


@keep_history()
class HousePremises(models.Model):
    """Which premises are in a house: each in one at most."""

    house = models.ForeignKey(House, on_delete=models.CASCADE, related_name="places")
    premises = models.OneToOneField(Premises, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "houses_premises"

    def __str__(self) -> str:
        return f"{self.house_id}: {self.premises_id}"


@keep_history()
class HouseTerms(models.Model):
    """Who charges common needs of a house and by what, over time; empty choices follow the policies."""

    house = models.ForeignKey(House, on_delete=models.CASCADE, related_name="terms")
    valid = ValidityField()
    charged_by = models.CharField(max_length=8, choices=[(c.value, c.value) for c in ChargedBy])

    all_area_m2 = models.DecimalField(max_digits=10, decimal_places=2)
    common_area_m2 = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    norm_kwh_per_m2 = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    excess = models.CharField(max_length=10, choices=[(e.value, e.value) for e in Excess], blank=True)
    negative = models.CharField(max_length=10, choices=[(n.value, n.value) for n in Negative], blank=True)
    source = models.TextField()

    class Meta:
        db_table = "houses_terms"
        constraints = [
            never_two_at_once("a_house_has_one_set_of_terms_at_a_time", "house"),
            models.CheckConstraint(name="a_house_has_area", condition=models.Q(all_area_m2__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.house_id} {self.charged_by} {self.valid}"


@keep_history()
class HouseMeter(models.Model):
    """A common meter of a house while it hangs there."""

    house = models.ForeignKey(House, on_delete=models.CASCADE, related_name="meters")
    serial = models.CharField(max_length=50)
    digits = models.PositiveSmallIntegerField(default=6)
    multiplier = models.DecimalField(max_digits=10, decimal_places=4, default=1)
    valid = ValidityField()

    class Meta:
        db_table = "houses_meter"
        constraints = [
            models.UniqueConstraint(fields=["house", "serial"], name="a_house_knows_a_meter_once"),
            models.CheckConstraint(name="a_house_meter_multiplies", condition=models.Q(multiplier__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.house_id} {self.serial}"


class HouseReading(models.Model):
    """A reading of a common meter, or (`value` empty) word that the one it replaces never was."""

    meter = models.ForeignKey(HouseMeter, on_delete=models.PROTECT, related_name="readings")
    taken_on = models.DateField()
    value = KwhField(null=True)
    passed_zero = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True)

    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "houses_reading"
        constraints = [
            models.CheckConstraint(
                name="only_a_correction_has_no_value",
                condition=models.Q(value__isnull=False) | models.Q(replaces__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["meter", "taken_on"], name="house_reading_by_day")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.meter_id} {self.taken_on}: {self.value}"


class HouseOtherUse(models.Model):
    """What premises of a house that are not dwellings used in a month; the latest version counts."""

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="other_uses")
    month = MonthField()
    version = models.PositiveSmallIntegerField()
    kwh = KwhField()
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "houses_other_use"
        constraints = [
            models.UniqueConstraint(fields=["house", "month", "version"], name="other_use_is_versioned"),
            models.CheckConstraint(name="other_use_is_not_negative", condition=models.Q(kwh__gte=0)),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.house_id} {self.month:%Y-%m}: {self.kwh}"


class HouseMonth(models.Model):
    """A settled month of a house with all its figures; the latest version counts.

    What was charged is what fell to households, to other premises, and what nobody could be given back.
    """

    house = models.ForeignKey(House, on_delete=models.PROTECT, related_name="months")
    month = MonthField()
    version = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=4)

    house_kwh = KwhField()
    measured_kwh = KwhField()
    average_kwh = KwhField()
    norm_kwh = KwhField()
    other_kwh = KwhField()
    difference_kwh = KwhField()
    limit_kwh = KwhField(null=True)
    charged_kwh = KwhField()
    uncharged_kwh = KwhField()
    carried_kwh = KwhField()
    households_kwh = KwhField()
    others_kwh = KwhField()

    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    run_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    settled_at = models.DateTimeField()
    settled_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "houses_month"
        constraints = [
            models.UniqueConstraint(fields=["house", "month", "version"], name="a_house_is_settled_once_per_version"),
            models.CheckConstraint(
                name="shares_add_up_to_the_house",
                condition=models.Q(charged_kwh=models.F("households_kwh") + models.F("others_kwh")),
            ),
        ]
        indexes = [models.Index(fields=["month", "house"], name="house_month_by_month")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.house_id} {self.month:%Y-%m} v{self.version}"


class HouseShare(models.Model):
    """What falls to one supply of a house in a settled month."""

    house_month = models.ForeignKey(HouseMonth, on_delete=models.PROTECT, related_name="shares")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = MonthField()
    area_m2 = models.DecimalField(max_digits=9, decimal_places=2)
    days = models.PositiveSmallIntegerField()
    own_kwh = KwhField()
    kwh = KwhField()

    class Meta:
        db_table = "houses_share"
        constraints = [
            models.UniqueConstraint(
                fields=["house_month", "account", "supply_point"], name="a_supply_has_one_share_of_a_house"
            )
        ]
        indexes = [models.Index(fields=["month", "account"], name="house_share_by_account")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.house_month_id} {self.account_id}: {self.kwh}"
