"""Policies of calculation over time: a new value from a day on closes the one before it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from svet.domains.tariffs.models import PolicySwitch
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import audit
from svet.infra.fields import to_period, to_range
from svet.kernel.errors import Conflict
from svet.kernel.period import Period


def set_policy(name: str, *, value: str, from_on: date, source: str, at: datetime) -> None:
    """Give a policy a value from a day on.

    Raises UnknownPolicy or PolicyValueRefused, and Conflict("policy_has_later_value") when a value from that day
    or a later one is there already: the past is not rewritten.
    """
    Policies.from_values({name: value})
    with transaction.atomic():
        rows = list(PolicySwitch.objects.select_for_update().filter(name=name).order_by("valid"))
        last = rows[-1] if rows else None
        if last is not None:
            period = to_period(last.valid)
            if period.start >= from_on or (period.end is not None and period.end > from_on):
                raise Conflict("policy_has_later_value", name=name, from_on=period.start)
            if period.end is None:
                last.valid = to_range(Period(period.start, from_on))
                last.save(update_fields=["valid"])
        PolicySwitch.objects.create(name=name, value=value, valid=to_range(Period(from_on)), source=source)
        data = {"value": value, "from_on": from_on.isoformat()}
        audit.record("tariffs.set_policy", target_kind="policy", target_id=name, at=at, data=data, reason=source)
