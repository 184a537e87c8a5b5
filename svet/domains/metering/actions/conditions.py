"""What is the matter with a meter or a supply, from which day, by which act; and the day on which it ended."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from svet.domains.metering import queries
from svet.domains.metering.models import ConditionLift, MeterCondition
from svet.domains.metering.rules import ConditionKind
from svet.infra import audit, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound


class ConditionRefused(DomainError):
    """A condition has a reason, does not begin or end in the future, and does not end before it began.

    `why`: "no_reason", "future", "before_its_begin", "meter_needed", "no_meter".
    """

    code = "condition_refused"


def record_condition(
    kind: ConditionKind,
    *,
    account_id: int,
    supply_point_id: int,
    meter_id: int | None = None,
    from_on: date,
    act_number: str = "",
    reason: str,
    by: int | None,
    at: datetime,
) -> int:
    """Record that something is the matter from `from_on` on; return its id.

    The same said again gets the same id. Raises NotFound when the account was not supplied there, or the meter did
    not hang there, on that day; `ConditionRefused`; Conflict("condition_holds") while one of its kind holds (each
    refusal of access is a condition of its own).
    """
    _check(reason=reason, on=from_on, at=at)
    if (kind == ConditionKind.FAILED) != (meter_id is not None):
        raise ConditionRefused(why="meter_needed" if meter_id is None else "no_meter")
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        if not queries.is_place_of(account_id, supply_point_id=supply_point_id, meter_id=meter_id, on=from_on):
            raise NotFound(supply_point=supply_point_id, meter=meter_id)
        same = MeterCondition.objects.filter(supply_point_id=supply_point_id, meter=meter_id, kind=kind)
        again = same.filter(from_on=from_on, lift=None).first()
        if again is not None:
            return again.pk
        if same.filter(from_on=from_on).exists() or (
            kind != ConditionKind.ACCESS_REFUSED and same.filter(lift=None).exists()
        ):
            raise Conflict("condition_holds", kind=kind.value, from_on=from_on.isoformat())
        condition = MeterCondition.objects.create(
            account_id=account_id,
            supply_point_id=supply_point_id,
            meter_id=meter_id,
            kind=kind,
            from_on=from_on,
            act_number=act_number.strip(),
            reason=reason.strip(),
            recorded_at=at,
            recorded_by=by,
        )
        told = {"kind": kind.value, "from_on": from_on.isoformat(), "act": condition.act_number, "meter": meter_id}
        audit.record(
            "metering.record_condition", target_kind="condition", target_id=condition.pk, at=at,
            account_id=account_id, data={"after": told}, reason=reason.strip(),
        )  # fmt: skip
        outbox.record("metering.condition_recorded", at=at, account_id=account_id, payload=told)
    return condition.pk


def lift_condition(
    condition_id: int,
    *,
    account_id: int,
    lifted_on: date,
    act_number: str = "",
    reason: str,
    by: int | None,
    at: datetime,
) -> None:
    """End a condition: `lifted_on` is the first day on which it no longer holds, its first day when it never did.

    Raises NotFound (also for another account's), `ConditionRefused`, and Conflict("condition_is_lifted").
    """
    _check(reason=reason, on=lifted_on, at=at)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        condition = MeterCondition.objects.filter(pk=condition_id, account_id=account_id).first()
        if condition is None:
            raise NotFound(condition=condition_id)
        if lifted_on < condition.from_on:
            raise ConditionRefused(why="before_its_begin", from_on=condition.from_on.isoformat())
        if ConditionLift.objects.filter(condition=condition).exists():
            raise Conflict("condition_is_lifted", condition=condition_id)
        ConditionLift.objects.create(
            account_id=account_id,
            condition=condition,
            lifted_on=lifted_on,
            act_number=act_number.strip(),
            reason=reason.strip(),
            recorded_at=at,
            recorded_by=by,
        )
        told = {"kind": condition.kind, "from_on": condition.from_on.isoformat(), "lifted_on": lifted_on.isoformat()}
        audit.record(
            "metering.lift_condition", target_kind="condition", target_id=condition_id, at=at,
            account_id=account_id, data={"after": told}, reason=reason.strip(),
        )  # fmt: skip
        outbox.record("metering.condition_lifted", at=at, account_id=account_id, payload=told)


def _check(*, reason: str, on: date, at: datetime) -> None:
    if not reason.strip():
        raise ConditionRefused(why="no_reason")
    if on > at.astimezone(MOSCOW).date():
        raise ConditionRefused(why="future")
