"""A meter of an account changes by an act: foretold with the bill that follows, recorded, shown, taken back.

What is foretold is the act itself, undone before anybody sees it: the amounts cannot differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from svet.domains.access import queries as access
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AgreementView
from svet.domains.billing import queries as billing
from svet.domains.billing.queries import ForetoldCharge
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings
from svet.domains.metering.queries import ActView, InstalledMeter
from svet.domains.metering.rules.acts import ActKind, Hung, Paper, TakenDown
from svet.domains.metering.rules.seals import SealOn, seals_on
from svet.kernel.findings import Finding, Level
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class Asked:
    """An act as an operator has it before him; which parts it has, its kind says."""

    account_id: int
    kind: ActKind
    paper: Paper
    down: TakenDown | None = None
    hung: Hung | None = None
    supply_point_id: int | None = None
    serial: str = ""
    on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Foretold:
    """What an act would come to: values that look odd, and the bill of `month` with it and without it.

    A bill is None where it cannot be told yet (the account would be parked, or nothing is charged).
    """

    act: ActView
    odd: tuple[Finding, ...]
    month: Month
    before: ForetoldCharge | None
    after: ForetoldCharge | None

    @property
    def token(self) -> str:
        """What was shown, in short: a confirmation is of this outcome and of no other."""
        bills = [None if one is None else (one.kwh, one.amount) for one in (self.before, self.after)]
        sides = (self.act.removed, self.act.installed, self.act.checked)
        meters = [None if one is None else replace(one, receipt_number="") for one in sides]
        paper = (self.act.kind, self.act.number, self.act.signed_by, self.act.seals, self.act.note, self.act.scans)
        return hashlib.sha256(repr((paper, meters, bills)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class MetersPage:
    """The meters of a card over time, which of them hang there now, its acts, who recorded each.

    `seals`: those that hang at a meter that hangs there, by its serial number.
    """

    meters: tuple[InstalledMeter, ...]
    hanging: tuple[InstalledMeter, ...]
    acts: tuple[ActView, ...]
    who: dict[int, str]
    seals: dict[str, tuple[SealOn, ...]]


def foretell(asked: Asked, *, by: int, at: datetime) -> Foretold:
    """Return what the act would come to; write nothing. Raises as the verbs of acts do (`metering.actions.acts`)."""
    with transaction.atomic():
        billed = readings.last_billed_month(asked.account_id)
        first = min(day for day in (asked.down and asked.down.on, asked.hung and asked.hung.on, asked.on) if day)
        month = Month.of(first) if billed is None else max(Month.of(first), billed.next, key=lambda one: one.first_on)
        before = billing.preview_charge(asked.account_id, month=month)
        act = record(asked, by=by, at=at)
        after = billing.preview_charge(asked.account_id, month=month)
        odd = tuple(_odd(asked.account_id, act))
        transaction.set_rollback(True)
    return Foretold(act, odd, month, before, after)


def record(asked: Asked, *, by: int, at: datetime) -> ActView:
    """Record the act; who recorded it answers for values that look odd. Raises as the verbs of acts do."""
    common: dict[str, Any] = {"paper": asked.paper, "by": by, "at": at}
    if asked.kind is ActKind.REPLACEMENT and asked.down and asked.hung:
        return metering.replace_meter(asked.account_id, down=asked.down, hung=asked.hung, is_sure=True, **common)
    if asked.kind is ActKind.REMOVAL and asked.down:
        return metering.remove_meter(asked.account_id, down=asked.down, is_sure=True, **common)
    if asked.kind is ActKind.INSTALLATION and asked.hung and asked.supply_point_id is not None:
        return metering.install_meter(
            asked.account_id,
            supply_point_id=asked.supply_point_id,
            hung=asked.hung,
            **common,
        )
    if asked.kind is ActKind.VERIFICATION and asked.on and asked.due_on:
        return metering.verify_meter(
            asked.account_id,
            serial=asked.serial,
            verified_on=asked.on,
            due_on=asked.due_on,
            **common,
        )
    if asked.kind is ActKind.SEALING and asked.on:
        return metering.seal_meter(asked.account_id, serial=asked.serial, on=asked.on, **common)
    raise ValueError(f"an act of {asked.kind} lacks a part")


def page(account_id: int, *, on: date) -> MetersPage:
    """Return the meters and acts of a card."""
    meters = tuple(readings.meters_of(account_id))
    acts = tuple(readings.acts_of(account_id))
    hanging = tuple(one for one in meters if one.installed_on <= on and (one.removed_on is None or one.removed_on > on))
    seals = {one.serial: seals_on(_sealed(acts, serial=one.serial)) for one in hanging}
    return MetersPage(meters, hanging, acts, _who(acts), seals)


def act_page(account_id: int, *, act_id: int) -> tuple[ActView, dict[int, str]]:
    """Return an act and the names of who recorded it and who took it back; raise NotFound."""
    act = readings.act(account_id, act_id=act_id)
    return act, _who([act])


def places(account_id: int, *, on: date) -> list[AgreementView]:
    """Return where a meter may be hung up for the account on the day."""
    return [
        one
        for one in accounts.agreements_of(account_id, on=on)
        if one.period.start <= on and (one.period.end is None or on < one.period.end)
    ]


def _sealed(acts: Iterable[ActView], *, serial: str) -> list[tuple[date, str, str]]:
    """Return the acts that hold and tell of the seals of a meter, the earliest first."""
    about = [
        (meter.on, act.number, act.seals)
        for act in acts
        if act.undone is None and act.seals
        for meter in (act.installed, act.checked)
        if meter is not None and meter.serial == serial
    ]
    about.reverse()  # of one day, too, the earlier recorded first
    return sorted(about, key=lambda one: one[0])


def _odd(account_id: int, act: ActView) -> Iterable[Finding]:
    for side in (act.removed, act.installed):
        if side is not None and side.receipt_number:
            findings = readings.receipt(account_id, number=side.receipt_number).findings
            yield from (one for one in findings if one.level is Level.HOLD)


def _who(acts: Iterable[ActView]) -> dict[int, str]:
    ids = {one.recorded_by for one in acts} | {one.undone.by for one in acts if one.undone}
    return access.names_of(one for one in ids if one is not None)
