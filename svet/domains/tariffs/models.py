"""Dated, sourced reference data of calculation: tariffs, social norms, consumption norms, VAT, policies.

A published version is never changed (the database refuses it): a new order makes a new version. Drafts may overlap
one another and what is published. Everything names its source.
"""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models

from svet.domains.tariffs.rules import Structure
from svet.infra.fields import KwhField, RateField, ValidityField, never_two_at_once
from svet.infra.history import keep_history
from svet.kernel.energy import ConsumerCategory, TimeBand, Zoning

KEEP_PUBLISHED_VERSION = """
IF OLD.published_at IS NULL THEN
    RETURN COALESCE(NEW, OLD);
END IF;
IF TG_OP = 'UPDATE' AND upper_inf(OLD.valid) AND lower(NEW.valid) = lower(OLD.valid)
    AND (to_jsonb(NEW) - 'valid') = (to_jsonb(OLD) - 'valid')
THEN
    RETURN NEW;
END IF;
RAISE EXCEPTION 'a published tariff version is never changed';
"""
"""The one change allowed: the open end of a validity is closed when the next version is published."""

KEEP_PUBLISHED_RATES = """
PERFORM 1
    FROM (SELECT published_at FROM tariffs_version WHERE id IN (OLD.version_id, NEW.version_id) FOR SHARE) version
    WHERE published_at IS NOT NULL;
IF FOUND THEN
    RAISE EXCEPTION 'the prices of a published tariff version are never changed';
END IF;
RETURN COALESCE(NEW, OLD);
"""
"""The lock makes a price that is being written wait for a publication under way, and the other way round."""


class Territory(models.Model):
    """Where one set of prices and norms is in force; other tables name it by its code."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    class Meta:
        db_table = "tariffs_territory"

    def __str__(self) -> str:
        return self.code


class Tariff(models.Model):
    """A price list of one territory and consumer category; its versions carry the prices."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=255)
    territory = models.CharField(max_length=40)
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in ConsumerCategory])

    class Meta:
        db_table = "tariffs_tariff"
        constraints = [
            models.UniqueConstraint(fields=["territory", "category"], name="one_tariff_per_territory_and_category")
        ]

    def __str__(self) -> str:
        return self.code


@keep_history()
class TariffVersion(models.Model):
    """The prices one order set, from a day on. Drafts may be edited; a published version may not."""

    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="versions")
    structure = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Structure])
    valid = ValidityField()

    order_number = models.CharField(max_length=80)
    order_on = models.DateField(null=True, blank=True)
    source = models.TextField()
    note = models.TextField(blank=True)

    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "tariffs_version"
        constraints = [
            ExclusionConstraint(
                name="a_tariff_has_one_version_at_a_time",
                expressions=[("tariff", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=models.Q(published_at__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_published_version",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=KEEP_PUBLISHED_VERSION,
            )
        ]

    def __str__(self) -> str:
        return f"{self.tariff_id} from {self.valid.lower}"


class TariffRate(models.Model):
    """One price: zoning, band and step. `up_to_kwh` is the step's upper bound for one month (None: no bound).

    For the social norm, step 1 is "within" and step 2 "above" and no bound is stored: it comes from the norm.
    """

    version = models.ForeignKey(TariffVersion, on_delete=models.CASCADE, related_name="rates")
    zoning = models.CharField(max_length=1, choices=[(z.value, z.value) for z in Zoning])
    band = models.CharField(max_length=10, choices=[(b.value, b.value) for b in TimeBand])
    step = models.PositiveSmallIntegerField(default=1)
    up_to_kwh = KwhField(null=True, blank=True)
    rate = RateField()

    class Meta:
        db_table = "tariffs_rate"
        constraints = [
            models.UniqueConstraint(fields=["version", "zoning", "band", "step"], name="one_rate_per_band_and_step"),
            models.CheckConstraint(name="rate_is_not_negative", condition=models.Q(rate__gte=0)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_published_rates",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=KEEP_PUBLISHED_RATES,
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.zoning}/{self.band}/{self.step}: {self.rate}"


class SocialNorm(models.Model):
    """The month's social norm of a territory by household size.

    The last row serves larger households by `kwh_each_next` for each person more.
    """

    territory = models.CharField(max_length=40)
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in ConsumerCategory])
    privileged = models.BooleanField(default=False)
    persons = models.PositiveSmallIntegerField()
    kwh = KwhField()
    kwh_each_next = KwhField(null=True, blank=True)
    valid = ValidityField()
    order_number = models.CharField(max_length=80)
    source = models.TextField()

    class Meta:
        db_table = "tariffs_social_norm"
        constraints = [never_two_at_once("one_social_norm_at_a_time", "territory", "category", "privileged", "persons")]

    def __str__(self) -> str:
        return f"{self.territory}/{self.category} {self.persons}: {self.kwh}"


class ConsumptionNorm(models.Model):
    """The norm (норматив) in kWh per person and month, by rooms, persons, stove and heating."""

    territory = models.CharField(max_length=40)
    rooms = models.PositiveSmallIntegerField()
    persons = models.PositiveSmallIntegerField()
    electric_stove = models.BooleanField(default=False)
    electric_heating = models.BooleanField(default=False)
    kwh_per_person = KwhField()
    valid = ValidityField()
    order_number = models.CharField(max_length=80)
    source = models.TextField()

    class Meta:
        db_table = "tariffs_consumption_norm"
        constraints = [
            never_two_at_once(
                "one_consumption_norm_at_a_time", "territory", "rooms", "persons", "electric_stove", "electric_heating"
            )
        ]

    def __str__(self) -> str:
        return f"{self.territory} {self.rooms} rooms, {self.persons} persons: {self.kwh_per_person}"


class VatRate(models.Model):
    """The VAT rate inside household prices, over time."""

    percent = models.DecimalField(max_digits=5, decimal_places=2)
    valid = ValidityField()
    source = models.TextField()

    class Meta:
        db_table = "tariffs_vat"
        constraints = [never_two_at_once("one_vat_rate_at_a_time")]

    def __str__(self) -> str:
        return f"{self.percent} % from {self.valid.lower}"


@keep_history()
class PolicySwitch(models.Model):
    """The value of a named policy of calculation, over time, with its source (see rules/policies.py)."""

    name = models.CharField(max_length=60)
    value = models.CharField(max_length=60)
    valid = ValidityField()
    source = models.TextField()

    class Meta:
        db_table = "tariffs_policy"
        constraints = [never_two_at_once("a_policy_has_one_value_at_a_time", "name")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value} from {self.valid.lower}"


class DayOff(models.Model):
    """A day on which nobody works, from the production calendar (weekends, holidays, transferred days)."""

    on = models.DateField(unique=True)
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "tariffs_day_off"

    def __str__(self) -> str:
        return f"{self.on}"
