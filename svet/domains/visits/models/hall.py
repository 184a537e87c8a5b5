"""What is served, by which terms, at which windows, and what stands in the hall.

An office is named by its code, not referred to: a new edition of the Standard may remove it, its visits stay.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from svet.domains.offices.rules import Audience
from svet.domains.visits.rules import DeviceKind
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history


@keep_history()
class Series(models.Model):
    """A service people come for, with its letter on the ticket. No audience: for everybody."""

    code = models.SlugField(max_length=20, unique=True)
    letter = models.CharField(max_length=1, unique=True)
    title = models.CharField(max_length=80)
    hint = models.CharField(max_length=160, blank=True)
    subject = models.CharField(max_length=20)
    audience = models.CharField(max_length=16, blank=True, choices=[(a.value, a.value) for a in Audience])
    typical_minutes = models.PositiveSmallIntegerField()
    bookable = models.BooleanField(default=True)
    slot_minutes = models.PositiveSmallIntegerField(default=20)
    places_per_slot = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "visits_series"
        constraints = [
            models.CheckConstraint(
                name="a_service_and_a_slot_take_time",
                condition=models.Q(typical_minutes__gte=1, slot_minutes__gte=5, places_per_slot__gte=1),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} {self.title}"


@keep_history()
class HallTerms(models.Model):
    """How the order is mixed and how long things are honoured; minutes unless the name says other."""

    valid = ValidityField()
    first_run = models.PositiveSmallIntegerField()
    booked_run = models.PositiveSmallIntegerField()
    patience = models.PositiveSmallIntegerField()
    target = models.PositiveSmallIntegerField()
    last_ticket = models.PositiveSmallIntegerField()
    missed_returns = models.PositiveSmallIntegerField()
    ahead_days = models.PositiveSmallIntegerField()
    book_at_least = models.PositiveSmallIntegerField()
    comes_before = models.PositiveSmallIntegerField()
    comes_after = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        db_table = "visits_terms"
        constraints = [
            never_two_at_once("one_set_of_hall_terms_at_a_time"),
            models.CheckConstraint(
                name="runs_are_at_least_one", condition=models.Q(first_run__gte=1, booked_run__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return str(self.valid)


@keep_history()
class Privilege(models.Model):
    """Who is served out of turn, on his word (clause O5), and by what rule."""

    code = models.SlugField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "visits_privilege"

    def __str__(self) -> str:
        return self.title


@keep_history()
class Window(models.Model):
    """A window of an office and what it can serve; no series: all."""

    office_code = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    series = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "visits_window"
        constraints = [
            models.UniqueConstraint(fields=["office_code", "number"], name="a_window_has_its_number_in_the_office")
        ]

    def __str__(self) -> str:
        return f"{self.office_code} {self.number}"


@keep_history()
class Duty(models.Model):
    """An operator's work at a window, from sitting down to leaving; `series`: what is served now."""

    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="duties")
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    series = ArrayField(models.CharField(max_length=20))
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=120, blank=True)

    class Meta:
        db_table = "visits_duty"
        constraints = [
            models.UniqueConstraint(
                fields=["window"], condition=models.Q(ended_at=None), name="one_operator_at_a_window_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["operator"], condition=models.Q(ended_at=None), name="an_operator_sits_at_one_window"
            ),
            models.CheckConstraint(
                name="a_duty_ends_after_it_began",
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} by {self.operator_id}"


@keep_history()
class Closed(models.Model):
    """A service that an office does not give on some days, or until further notice, and why; the kiosk says it."""

    office_code = models.CharField(max_length=60)
    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    valid = ValidityField()
    since = models.DateTimeField()

    class Meta:
        db_table = "visits_closed"
        constraints = [
            never_two_at_once("a_service_is_closed_once_at_a_time", "office_code", "series"),
            models.CheckConstraint(name="a_closed_service_says_why", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.office_code} {self.series_id}"


@keep_history()
class Device(models.Model):
    """A kiosk, board, terminal or tablet. Only a hash of its secret is kept: the address shows once, when it is made.

    A tablet stands at a window.
    """

    office_code = models.CharField(max_length=60)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in DeviceKind])
    name = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "visits_device"
        constraints = [
            models.UniqueConstraint(
                fields=["window"], condition=models.Q(ended_at=None), name="one_tablet_stands_at_a_window"
            ),
            models.CheckConstraint(
                name="a_tablet_and_nothing_else_stands_at_a_window",
                condition=models.Q(kind=DeviceKind.TABLET, window__isnull=False)
                | (~models.Q(kind=DeviceKind.TABLET) & models.Q(window=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_code} {self.kind} {self.name}"


class Pace(models.Model):
    """How long a service takes on the average, counted anew each night; no office: in all of them."""

    office_code = models.CharField(max_length=60, blank=True)
    series = models.CharField(max_length=20)
    seconds = models.PositiveIntegerField()
    served = models.PositiveIntegerField()

    class Meta:
        db_table = "visits_pace"
        constraints = [models.UniqueConstraint(fields=["office_code", "series"], name="one_pace_of_a_service")]

    def __str__(self) -> str:
        return f"{self.office_code} {self.series}: {self.seconds} s"


class ForecastError(models.Model):
    """How far the forecasts of an office were off lately, counted anew each night; seconds."""

    office_code = models.CharField(max_length=60, unique=True)
    half = models.PositiveIntegerField()
    nine_of_ten = models.PositiveIntegerField()
    tickets = models.PositiveIntegerField()

    class Meta:
        db_table = "visits_forecast_error"

    def __str__(self) -> str:
        return f"{self.office_code}: {self.half} s"
