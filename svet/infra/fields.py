"""Database fields of the trade's values: money, rates, energy, months, validity."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from psycopg.types.range import DateRange

from svet.kernel.period import Period


class MoneyField(models.DecimalField):
    """Roubles with kopecks, numeric(14,2). Plus = the customer owes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_digits=14, decimal_places=2)
        super().__init__(*args, **kwargs)


class RateField(models.DecimalField):
    """Roubles per kWh with all its digits, numeric(12,6)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_digits=12, decimal_places=6)
        super().__init__(*args, **kwargs)


class KwhField(models.DecimalField):
    """Energy or a meter's value in kWh, numeric(14,3)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_digits=14, decimal_places=3)
        super().__init__(*args, **kwargs)


class MonthField(models.DateField):
    """A calendar month, stored as its first day (see `kernel.period.Month`)."""


class ValidityField(DateRangeField):
    """A half-open range of days; no upper bound means "until further notice"."""


def to_range(period: Period) -> DateRange:
    """Return the database value of `period`."""
    return DateRange(period.start, period.end, "[)")


def to_period(value: Any) -> Period:
    """Return the period that a `ValidityField` holds."""
    return Period(value.lower, value.upper)


def never_two_at_once(name: str, *columns: str) -> ExclusionConstraint:
    """Return the constraint that validities of rows with equal `columns` never overlap."""
    same = [(column, RangeOperators.EQUAL) for column in columns]
    return ExclusionConstraint(name=name, expressions=[*same, ("valid", RangeOperators.OVERLAPS)])
