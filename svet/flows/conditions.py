"""What is the matter with the meters of a card: recorded, lifted, and charged months that wait because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from svet.domains.billing import actions as billing
from svet.domains.billing import queries as charges
from svet.domains.billing.rules import Why
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as meters
from svet.domains.metering.queries import ConditionView, HangingMeter
from svet.domains.metering.rules import ConditionKind
from svet.domains.supply import queries as places
from svet.infra.clock import MOSCOW
from svet.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ConditionsPage:
    """What holds or held, and what may have something the matter: (key, meter or address)."""

    conditions: tuple[ConditionView, ...]
    choices: tuple[tuple[str, str], ...]


def page(account_id: int, *, on: date) -> ConditionsPage:
    """Return the conditions of the card and its places and meters on the day."""
    hanging = meters.hanging_at(account_id, on=on)
    addresses = places.addresses(sorted({one.supply_point_id for one in hanging}))
    choices = tuple((_key(one), _name(one, addresses)) for one in hanging)
    return ConditionsPage(tuple(meters.conditions_of(account_id)), choices)


def record(
    account_id: int,
    *,
    place: str,
    kind: ConditionKind,
    from_on: date,
    act_number: str,
    reason: str,
    by: int,
    at: datetime,
) -> int:
    """Record a condition of a place or meter named by `page`; charged months it touches wait for a revision.

    For anything but a failure a meter stands for its place. Raises NotFound, ConditionRefused, Conflict.
    """
    hanging = {_key(one): one for one in meters.hanging_at(account_id, on=at.astimezone(MOSCOW).date())}
    if place not in hanging:
        raise NotFound(place=place)
    chosen = hanging[place]
    with transaction.atomic():
        before = {one.condition_id for one in meters.conditions_of(account_id)}
        made = metering.record_condition(
            kind,
            account_id=account_id,
            supply_point_id=chosen.supply_point_id,
            meter_id=chosen.meter_id if kind is ConditionKind.FAILED else None,
            from_on=from_on,
            act_number=act_number,
            reason=reason,
            by=by,
            at=at,
        )
        if made not in before:
            _ask(account_id, since=from_on, reason=reason, at=at)
    return made


def lift(
    account_id: int, condition_id: int, *, lifted_on: date, act_number: str, reason: str, by: int, at: datetime
) -> None:
    """Say from which day it holds no more (its first: it never did). Raises NotFound, ConditionRefused, Conflict."""
    with transaction.atomic():
        metering.lift_condition(
            condition_id, account_id=account_id, lifted_on=lifted_on, act_number=act_number, reason=reason, by=by, at=at
        )
        _ask(account_id, since=lifted_on, reason=reason, at=at)


def _ask(account_id: int, *, since: date, reason: str, at: datetime) -> None:
    today = at.astimezone(MOSCOW).date()
    known = charges.last_charges([account_id], first=since, last=max(today, since)).get(account_id)
    if known is not None and known.months:
        billing.ask_recalculation(account_id, months=known.months, why=Why.CONDITION, reason=reason, at=at)


def _key(one: HangingMeter) -> str:
    return f"{one.supply_point_id}:{one.meter_id}" if one.meter_id else str(one.supply_point_id)


def _name(one: HangingMeter, addresses: dict[int, str]) -> str:
    address = addresses.get(one.supply_point_id, "")
    return f"Счётчик № {one.serial}" if one.serial else f"Адрес: {address}"
