"""Offices with their hours, and the one record of the company's contacts and bank details (clause R2)."""

from __future__ import annotations

from django.db import models

from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.channels import LONGEST_REDIRECT, Deed, Way
from svet.domains.offices.rules.places import Feature, Known, Precision
from svet.infra.appendonly import append_only
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history


def _known() -> models.CharField[str, str]:
    choices = [(one.value, one.value) for one in Known]
    return models.CharField(max_length=8, default=Known.UNKNOWN, choices=choices)


@keep_history()
class Office(models.Model):
    """A client office of Annex 1."""

    code = models.CharField(max_length=60, unique=True)
    order = models.PositiveSmallIntegerField(default=0)
    postal_code = models.CharField(max_length=6)
    settlement = models.CharField(max_length=120)
    street_address = models.CharField(max_length=255)

    # where it stands: degrees (WGS 84), what they point at, who says so
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    precision = models.CharField(max_length=12, blank=True, choices=[(one.value, one.value) for one in Precision])
    place_source = models.CharField(max_length=200, blank=True)

    # equipment (clause O2); what nobody has checked is unknown
    ramp = _known()
    air_conditioning = _known()
    ground_floor = _known()
    stop_nearby = _known()
    parking = _known()
    fire_safety = _known()
    features_source = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "offices_office"
        constraints = [
            models.CheckConstraint(
                name="a_place_has_both_degrees_what_they_point_at_and_a_source",
                condition=models.Q(latitude=None, longitude=None, precision="", place_source="")
                | (
                    models.Q(latitude__isnull=False, longitude__isnull=False)
                    & models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180)
                    & ~models.Q(precision="")
                    & ~models.Q(place_source="")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.settlement}, {self.street_address}"

    @property
    def features(self) -> dict[Feature, Known]:
        """What is known of the equipment."""
        return {feature: Known(getattr(self, feature.value)) for feature in Feature}

    @property
    def address(self) -> str:
        """The address as the document writes it."""
        return f"{self.postal_code}, {self.settlement}, {self.street_address}"


@keep_history()
class OfficeHours(models.Model):
    """When an office serves an audience on a weekday (1 = Monday). No row: closed. No rows at all: not served."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="hours")
    audience = models.CharField(max_length=16, choices=[(a.value, a.value) for a in Audience])
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    break_from = models.TimeField(null=True, blank=True)
    break_until = models.TimeField(null=True, blank=True)

    class Meta:
        db_table = "offices_hours"
        constraints = [
            models.UniqueConstraint(fields=["office", "audience", "weekday"], name="one_row_of_hours_per_weekday"),
            models.CheckConstraint(
                name="a_break_lies_within_the_hours",
                condition=models.Q(break_from__isnull=True, break_until__isnull=True)
                | models.Q(
                    break_from__gt=models.F("opens_at"),
                    break_until__gt=models.F("break_from"),
                    break_until__lt=models.F("closes_at"),
                ),
            ),
            models.CheckConstraint(name="weekday_is_1_to_7", condition=models.Q(weekday__gte=1, weekday__lte=7)),
            models.CheckConstraint(
                name="opens_before_it_closes", condition=models.Q(opens_at__lt=models.F("closes_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.audience} {self.weekday}"


@keep_history()
class HoursException(models.Model):
    """Days on which hours are other than the week says; no office: all, no audience: both, no hours: closed."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, null=True, related_name="exceptions")
    audience = models.CharField(max_length=16, blank=True, choices=[(a.value, a.value) for a in Audience])
    valid = ValidityField()
    opens_at = models.TimeField(null=True)
    closes_at = models.TimeField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        db_table = "offices_exception"
        constraints = [
            never_two_at_once("one_exception_at_a_time_for_an_office_and_audience", "office", "audience"),
            models.CheckConstraint(
                name="an_exception_is_closed_or_opens_before_it_closes",
                condition=models.Q(opens_at=None, closes_at=None) | models.Q(opens_at__lt=models.F("closes_at")),
            ),
            models.CheckConstraint(name="an_exception_says_why", condition=~models.Q(reason="")),
            models.CheckConstraint(name="an_exception_ends", condition=models.Q(valid__upper_inf=False)),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.audience} {self.valid}"


@keep_history()
class PaymentPlace(models.Model):
    """A place where others take payments for us: a bank's branch, a post office, somebody's terminal (clause B5)."""

    company = models.CharField(max_length=120)
    settlement = models.CharField(max_length=120)
    street_address = models.CharField(max_length=255)
    hours = models.CharField(max_length=120, blank=True)
    fee = models.CharField(max_length=120, blank=True)
    valid = ValidityField()
    source = models.CharField(max_length=200)

    class Meta:
        db_table = "offices_payment_place"
        constraints = [
            never_two_at_once("one_place_of_a_company_at_an_address", "company", "settlement", "street_address"),
            models.CheckConstraint(name="a_payment_place_has_a_source", condition=~models.Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.company}, {self.settlement}, {self.street_address}"


@keep_history()
class Company(models.Model):
    """The company's own names, addresses and bank details, over time; printed wherever customers look.

    Contacts come from the Standard, names and bank details from elsewhere, so each may be empty for a while.
    """

    name = models.CharField(max_length=160, blank=True)
    short_name = models.CharField(max_length=80, blank=True)
    inn = models.CharField(max_length=12, blank=True)
    kpp = models.CharField(max_length=9, blank=True)
    bank_name = models.CharField(max_length=45, blank=True)
    bic = models.CharField(max_length=9, blank=True)
    settlement_account = models.CharField(max_length=20, blank=True)
    correspondent_account = models.CharField(max_length=20, blank=True)

    postal_address = models.CharField(max_length=255, blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    readings_url = models.URLField(blank=True)
    payment_url = models.URLField(blank=True)
    feedback_url = models.URLField(blank=True)
    cabinet_url = models.URLField(blank=True)
    offices_url = models.URLField(blank=True)
    valid = ValidityField()

    class Meta:
        db_table = "offices_company"
        constraints = [never_two_at_once("one_company_record_at_a_time")]

    def __str__(self) -> str:
        return self.short_name


@keep_history()
class CompanyPhone(models.Model):
    """A phone line with its audience and hours (clauses R2, T1, T2)."""

    audience = models.CharField(max_length=16, choices=[(a.value, a.value) for a in Audience])
    number = models.CharField(max_length=30)
    order = models.PositiveSmallIntegerField(default=0)
    from_weekday = models.PositiveSmallIntegerField(default=1)
    until_weekday = models.PositiveSmallIntegerField(default=7)
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        db_table = "offices_phone"
        constraints = [
            models.UniqueConstraint(fields=["audience", "number"], name="a_phone_is_listed_once_per_audience")
        ]

    def __str__(self) -> str:
        return self.number


class ChannelSwitch(models.Model):
    """One turn of the switch of a way of doing something (clause M5). None is ever rewritten: another follows."""

    way = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Way])
    deed = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Deed])
    is_on = models.BooleanField()
    redirect = models.CharField(max_length=LONGEST_REDIRECT, blank=True)
    reason = models.CharField(max_length=300)
    from_at = models.DateTimeField()
    turned_by = models.BigIntegerField()
    turned_at = models.DateTimeField()

    class Meta:
        db_table = "offices_channel_switch"
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                name="a_channel_that_is_off_says_where_to_go",
                condition=models.Q(is_on=True, redirect="") | (models.Q(is_on=False) & ~models.Q(redirect="")),
            ),
            models.CheckConstraint(name="a_turn_says_why", condition=~models.Q(reason="")),
            models.CheckConstraint(
                name="a_turn_is_not_of_the_past", condition=models.Q(from_at__gte=models.F("turned_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.deed} {self.is_on}"
