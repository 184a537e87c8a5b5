"""Where electricity is delivered: addresses with premises, supply points, their tariff category over time."""

from __future__ import annotations

from django.db import models

from svet.domains.supply.rules import Cause, InterruptionKind, OngoingStepKind, PremisesKind, address_line
from svet.infra.appendonly import append_only
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history
from svet.infra.references import never_deleted
from svet.kernel.energy import ConsumerCategory


class NetworkOperator(models.Model):
    """A grid company (сетевая организация)."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=255)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "supply_network_operator"

    def __str__(self) -> str:
        return self.code


@keep_history()
class Premises(models.Model):
    """What stands at an address, with what norms depend on: rooms, area, stove, heating."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in PremisesKind])

    postal_code = models.CharField(max_length=6)
    region = models.CharField(max_length=120, blank=True)
    district = models.CharField(max_length=120, blank=True)
    settlement = models.CharField(max_length=120)
    street = models.CharField(max_length=160, blank=True)
    house = models.CharField(max_length=40, blank=True)
    flat = models.CharField(max_length=20, blank=True)
    fias_house_id = models.UUIDField(null=True, blank=True)

    rooms = models.PositiveSmallIntegerField(null=True, blank=True)
    area_m2 = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    electric_stove = models.BooleanField(default=False)
    electric_heating = models.BooleanField(default=False)

    class Meta:
        db_table = "supply_premises"
        indexes = [
            models.Index(fields=["settlement", "street", "house", "flat"], name="premises_by_address"),
            models.Index(
                fields=["fias_house_id"], condition=models.Q(fias_house_id__isnull=False), name="premises_by_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.address}"

    @property
    def address(self) -> str:
        """The address in one line, without the postal code."""
        return address_line(settlement=self.settlement, street=self.street, house=self.house, flat=self.flat)


@keep_history()
class SupplyPoint(models.Model):
    """Where the customer's wires begin (точка поставки)."""

    code = models.CharField(max_length=40, unique=True)
    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="supply_points")
    network_operator = models.ForeignKey(
        NetworkOperator, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    max_power_kw = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)

    class Meta:
        db_table = "supply_point"
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return self.code


@keep_history()
class SupplyPointCategory(models.Model):
    """By which published tables a supply point is priced: the territory and the category, over time."""

    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.CASCADE, related_name="categories", db_index=False)
    territory = models.CharField(max_length=40)
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in ConsumerCategory])
    valid = ValidityField()

    class Meta:
        db_table = "supply_point_category"
        constraints = [never_two_at_once("a_supply_point_has_one_category_at_a_time", "supply_point")]
        indexes = [
            # A month looks everybody's up: without the row itself it takes a fourth of the constraint's own index.
            models.Index(fields=["supply_point"], include=["territory", "category", "valid"], name="category_whole")
        ]

    def __str__(self) -> str:
        return f"{self.supply_point_id} {self.territory} {self.category}"


class OngoingEvent(models.Model):
    """Supply that fails now at several points: an outage or a wrong voltage that nobody has seen end yet.

    It is its steps: the last one says what is known now. Only what has ended becomes a `SupplyEvent` and is reckoned.
    """

    request_key = models.CharField(max_length=32, unique=True)
    place = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in InterruptionKind])
    from_at = models.DateTimeField()
    independent_sources = models.PositiveSmallIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "supply_ongoing_event"
        constraints = [
            models.CheckConstraint(
                name="one_or_two_sources_feed_where_supply_fails", condition=models.Q(independent_sources__in=[1, 2])
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.from_at} {self.place}"


class OngoingPoint(models.Model):
    """A supply point at which supply fails."""

    ongoing = models.ForeignKey(OngoingEvent, on_delete=models.PROTECT, related_name="points")
    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "supply_ongoing_point"
        constraints = [
            models.UniqueConstraint(fields=["ongoing", "supply_point"], name="supply_fails_once_at_a_point_of_an_event")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.ongoing_id} {self.supply_point_id}"


class OngoingStep(models.Model):
    """What was known, and when: the cause with the expected end (None: nobody knows), the end, or that it never was.

    `expected_at` of an end is the moment of the end.
    """

    ongoing = models.ForeignKey(OngoingEvent, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in OngoingStepKind])
    cause = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Cause])
    expected_at = models.DateTimeField(null=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "supply_ongoing_step"
        constraints = [
            models.UniqueConstraint(
                fields=["ongoing"],
                condition=~models.Q(kind=OngoingStepKind.TOLD.value),
                name="what_goes_on_ends_once",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.ongoing_id} {self.kind}"


class SupplyEvent(models.Model):
    """What happened to the supply of several points at once: an outage or a wrong voltage, said once and whole.

    `ongoing` names what was registered while it went on.
    """

    request_key = models.CharField(max_length=32, unique=True)
    ongoing = models.OneToOneField(OngoingEvent, on_delete=models.PROTECT, related_name="event", null=True)
    place = models.CharField(max_length=255)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in InterruptionKind])
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    independent_sources = models.PositiveSmallIntegerField(default=1)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "supply_event"
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.from_at} {self.place}"


class Interruption(models.Model):
    """Supply that failed at a supply point, from one moment to another; `independent_sources` says how many feed it.

    It stands until an `InterruptionUndone` names it.
    """

    supply_point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="interruptions")
    event = models.ForeignKey(SupplyEvent, on_delete=models.PROTECT, related_name="interruptions", null=True)
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in InterruptionKind])
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    independent_sources = models.PositiveSmallIntegerField(default=1)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "supply_interruption"
        constraints = [
            models.CheckConstraint(
                name="an_interruption_takes_time", condition=models.Q(until_at__gt=models.F("from_at"))
            ),
            models.CheckConstraint(
                name="one_or_two_sources_feed_a_point", condition=models.Q(independent_sources__in=[1, 2])
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.supply_point_id} {self.kind} {self.from_at}"


class InterruptionUndone(models.Model):
    """A recorded interruption that never was."""

    interruption = models.OneToOneField(Interruption, on_delete=models.PROTECT, related_name="undone")
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "supply_interruption_undone"
        triggers = append_only()

    def __str__(self) -> str:
        return f"undone {self.interruption_id}"
