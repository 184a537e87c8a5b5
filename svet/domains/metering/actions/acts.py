"""Acts about meters: installed, removed, replaced, verified, sealed, each at once with its values and scans.

An act is recorded once per request key: the same again returns the first. Meters, stays and values change together
or not at all. What one act did, `undoing.undo_meter_act` takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from svet.domains.metering import queries
from svet.domains.metering.actions.hanging import Reader, Side, hang_up, stay_of, take_down
from svet.domains.metering.models import ActScan, MeterAct
from svet.domains.metering.queries import ActView
from svet.domains.metering.rules.acts import (
    ActKind,
    ActRefused,
    Hung,
    Paper,
    TakenDown,
    check_day,
    check_meter,
    check_order,
    check_paper,
)
from svet.domains.metering.rules.seals import seals_told
from svet.infra import audit, files, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import NotFound

VERBS = {
    ActKind.INSTALLATION: "metering.meter_installed",
    ActKind.REMOVAL: "metering.meter_removed",
    ActKind.REPLACEMENT: "metering.meter_replaced",
    ActKind.VERIFICATION: "metering.meter_verified",
    ActKind.SEALING: "metering.meter_sealed",
}


def install_meter(
    account_id: int, *, supply_point_id: int, hung: Hung, paper: Paper, by: int | None, at: datetime
) -> ActView:
    """Hang a meter up at a place of the account that has no meter, or beside another one.

    Raises ActRefused (`rules.acts`, `hanging.hang_up`), ActValueRefused, Conflict("busy").
    """

    def install(reader: Reader) -> dict[str, Any]:
        check_day(hung.on, today=_today(at))
        check_meter(hung.meter, on=hung.on)
        side = hang_up(hung, supply_point_id=supply_point_id, act_number=paper.number, reader=reader, was_metered=False)
        return _installed(side) | {"supply_point_id": supply_point_id}

    return _once(account_id, ActKind.INSTALLATION, install, paper=paper, by=by, at=at, is_sure=True)


def remove_meter(
    account_id: int, *, down: TakenDown, paper: Paper, by: int | None, at: datetime, is_sure: bool = False
) -> ActView:
    """Take a meter down with its last values, none when it shows nothing any more.

    Raises ActRefused (`rules.acts`, `hanging.take_down`), ActValueRefused, ActValueOdd unless `is_sure`.
    """

    def remove(reader: Reader) -> dict[str, Any]:
        check_day(down.on, today=_today(at))
        side, until = take_down(down, reader=reader)
        return _removed(side, until) | {"supply_point_id": side.supply_point_id}

    return _once(account_id, ActKind.REMOVAL, remove, paper=paper, by=by, at=at, is_sure=is_sure)


def replace_meter(
    account_id: int,
    *,
    down: TakenDown,
    hung: Hung,
    paper: Paper,
    by: int | None,
    at: datetime,
    is_sure: bool = False,
) -> ActView:
    """Take a meter down and hang another up in its place, the same day or later.

    Raises what `remove_meter` and `install_meter` raise, ActRefused("installed_before_removal").
    """

    def replace(reader: Reader) -> dict[str, Any]:
        for day in (down.on, hung.on):
            check_day(day, today=_today(at))
        check_order(removed_on=down.on, installed_on=hung.on)
        check_meter(hung.meter, on=hung.on)
        if (down.serial, down.on) == (hung.meter.serial, hung.on):
            raise ActRefused("replaced_by_itself", serial=down.serial)
        gone, until = take_down(down, reader=reader)
        place = gone.supply_point_id
        new = hang_up(hung, supply_point_id=place, act_number=paper.number, reader=reader, was_metered=True)
        both = _removed(gone, until) | _installed(new)
        both["told"] = _removed(gone, until)["told"] | _installed(new)["told"]
        return both | {"supply_point_id": place}

    return _once(account_id, ActKind.REPLACEMENT, replace, paper=paper, by=by, at=at, is_sure=is_sure)


def verify_meter(
    account_id: int, *, serial: str, verified_on: date, due_on: date, paper: Paper, by: int | None, at: datetime
) -> ActView:
    """Write the verification of a meter that hangs at the account: since when, until when.

    Raises ActRefused: "meter_is_not_there", "verification_is_over_before_it_begins", those of `check_day`.
    """

    def verify(reader: Reader) -> dict[str, Any]:
        check_day(verified_on, today=_today(at))
        if due_on <= verified_on:
            raise ActRefused("verification_is_over_before_it_begins")
        stay = stay_of(account_id, serial, on=_today(at))
        meter = stay.meter
        before = {"verified_on": meter.verified_on, "verification_due_on": meter.verification_due_on}
        meter.verified_on, meter.verification_due_on = verified_on, due_on
        meter.save(update_fields=["verified_on", "verification_due_on"])
        told = _checked(meter, on=verified_on) | {"before": before}
        told["checked"] |= {"verified_on": verified_on, "verification_due_on": due_on}
        place = stay.supply_point_id
        return {"checked_meter": meter, "checked_on": verified_on, "told": told, "supply_point_id": place}

    return _once(account_id, ActKind.VERIFICATION, verify, paper=paper, by=by, at=at, is_sure=True)


def seal_meter(account_id: int, *, serial: str, on: date, paper: Paper, by: int | None, at: datetime) -> ActView:
    """Write which seals a meter got. Raises ActRefused: "seals_are_needed", "meter_is_not_there", of `check_day`."""

    def seal(reader: Reader) -> dict[str, Any]:
        check_day(on, today=_today(at))
        if not seals_told(paper.seals):
            raise ActRefused("seals_are_needed")
        stay = stay_of(account_id, serial, on=on)
        told = _checked(stay.meter, on=on)
        return {
            "checked_meter": stay.meter, "checked_on": on, "told": told, "supply_point_id": stay.supply_point_id
        }  # fmt: skip

    return _once(account_id, ActKind.SEALING, seal, paper=paper, by=by, at=at, is_sure=True)


def _once(
    account_id: int,
    kind: ActKind,
    step: Callable[[Reader], dict[str, Any]],
    *,
    paper: Paper,
    by: int | None,
    at: datetime,
    is_sure: bool,
) -> ActView:
    """Lock the account, return the act of this key if there is one, else do the step and record act, audit, fact."""
    check_paper(paper)
    seals_told(paper.seals)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        earlier = MeterAct.objects.filter(account_id=account_id, request_key=paper.request_key).first()
        if earlier is not None:
            return queries.act(account_id, act_id=earlier.pk)
        reader = Reader(account_id, paper.request_key, by, at, is_sure, reason=f"Акт № {paper.number}")
        columns = step(reader)
        act = MeterAct.objects.create(
            account_id=account_id,
            request_key=paper.request_key,
            kind=kind,
            number=paper.number.strip(),
            signed_by=paper.signed_by.strip(),
            seals=paper.seals.strip(),
            note=paper.note.strip(),
            recorded_at=at,
            recorded_by=by,
            **columns,
        )
        scans = list(dict.fromkeys(paper.scans))
        if len(files.described(scans)) != len(scans):
            raise NotFound(files=scans)
        ActScan.objects.bulk_create(ActScan(act=act, file_id=one) for one in scans)
        _record(act, at=at, reason=paper.note.strip())
        return queries.act(account_id, act_id=act.pk)


def _record(act: MeterAct, *, at: datetime, reason: str) -> None:
    told = act.told
    before = {
        "meter": told.get("removed", {}).get("serial") or told.get("checked", {}).get("serial"),
        "until_on": told.get("before", {}).get("verification_due_on"),
    }
    after = {
        "act": act.number,
        "meter": told.get("installed", {}).get("serial") or told.get("checked", {}).get("serial"),
        "removed_on": act.removed_on,
        "installed_on": act.installed_on,
        "until_on": told.get("checked", {}).get("verification_due_on") if act.kind == ActKind.VERIFICATION else None,
        "seals": act.seals,
    }
    verb = VERBS[ActKind(act.kind)]
    data = {"before": _some(before), "after": _some(after)}
    audit.record(verb, target_kind="act", target_id=act.pk, at=at, account_id=act.account_id, data=data, reason=reason)
    outbox.record(verb, at=at, account_id=act.account_id, payload={"act_id": act.pk, "number": act.number})


def _some(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def _installed(side: Side) -> dict[str, Any]:
    return {"installed_meter": side.meter, "installed_on": side.on, "told": {"installed": side.told()}}


def _removed(side: Side, until: date | None) -> dict[str, Any]:
    told = {"removed": side.told(), "before": {"until_on": until}}
    return {"removed_meter": side.meter, "removed_on": side.on, "told": told}


def _checked(meter: Any, *, on: date) -> dict[str, Any]:
    return {"checked": {"serial": meter.serial, "model": meter.model, "on": on, "values": []}}


def _today(at: datetime) -> date:
    return at.astimezone(MOSCOW).date()
