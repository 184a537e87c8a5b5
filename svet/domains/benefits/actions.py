"""Entitlements opened, ended before their time and undone at the desk; kinds of benefits loaded with their laws."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from svet.domains.accounts import queries as accounts
from svet.domains.benefits import queries
from svet.domains.benefits.models import BenefitKind, EndUndone, Entitlement, EntitlementEnd, EntitlementUndone
from svet.domains.benefits.rules import EntitlementRefused, Paper, check_paper
from svet.infra import audit, outbox
from svet.infra.fields import to_range
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Period

DATA = Path(__file__).resolve().parent / "data" / "kinds.yaml"

NUMBERS = ("percent", "kwh", "roubles")


def open_entitlement(paper: Paper, *, account_id: int, supply_point_id: int, by: int | None, at: datetime) -> int:
    """Record that somebody is entitled to a benefit; return the id. The same request again gets the same id.

    Raises EntitlementRefused, NotFound when the account is not supplied there or the kind is not in force on the first
    day, Conflict("entitlement_overlaps") with another one of the same person and kind.
    """
    check_paper(paper)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        again = Entitlement.objects.filter(account_id=account_id, request_key=paper.request_key).first()
        if again is not None:
            return again.pk
        agreements = accounts.agreements_of(account_id, on=paper.from_on)
        places = {one.supply_point.id for one in agreements if paper.from_on in one.period}
        if supply_point_id not in places:
            raise NotFound("benefit_place_not_found", supply_point=supply_point_id)
        if not BenefitKind.objects.filter(code=paper.kind_code, valid__contains=paper.from_on).exists():
            raise NotFound("benefit_kind_not_found", kind=paper.kind_code)
        _refuse_second(paper, account_id=account_id, supply_point_id=supply_point_id)
        made = Entitlement.objects.create(
            account_id=account_id,
            supply_point_id=supply_point_id,
            request_key=paper.request_key,
            kind_code=paper.kind_code,
            holder=paper.holder.strip(),
            document=paper.document.strip(),
            people=paper.people,
            from_on=paper.from_on,
            until_on=paper.until_on,
            reason=paper.reason.strip(),
            recorded_at=at,
            recorded_by=by,
        )
        _record("benefits.opened", made, {"after": _told(made)}, reason=paper.reason, at=at)
    return made.pk


def end_entitlement(
    entitlement_id: int, *, account_id: int, ended_on: date, reason: str, by: int | None, at: datetime
) -> int:
    """Record that the entitlement no longer holds from `ended_on` on; return the id of the end.

    Raises NotFound, EntitlementRefused("benefit_reason_is_needed", "benefit_ends_before_it_begins"),
    Conflict("entitlement_is_undone", "entitlement_has_ended").
    """
    with transaction.atomic():
        found = _locked(entitlement_id, account_id=account_id, reason=reason)
        if ended_on <= found.from_on or (found.until_on is not None and ended_on >= found.until_on):
            raise EntitlementRefused("benefit_ends_before_it_begins", from_on=found.from_on)
        if found.ends.filter(undone=None).exists():
            raise Conflict("entitlement_has_ended")
        end = EntitlementEnd.objects.create(
            account_id=account_id,
            entitlement=found,
            ended_on=ended_on,
            reason=reason.strip(),
            recorded_at=at,
            recorded_by=by,
        )
        data = {"before": {"until_on": _text(found.until_on)}, "after": {"until_on": _text(ended_on)}}
        _record("benefits.ended", found, data, reason=reason, at=at)
    return end.pk


def undo_end(end_id: int, *, account_id: int, reason: str, by: int | None, at: datetime) -> None:
    """Undo an end: the entitlement holds as before it.

    Raises NotFound, EntitlementRefused("benefit_reason_is_needed"), Conflict("entitlement_is_undone", "end_is_undone").
    """
    with transaction.atomic():
        end = EntitlementEnd.objects.filter(pk=end_id, account_id=account_id).first()
        if end is None:
            raise NotFound(end=end_id)
        found = _locked(end.entitlement_id, account_id=account_id, reason=reason)
        if EndUndone.objects.filter(end=end).exists():
            raise Conflict("end_is_undone")
        EndUndone.objects.create(account_id=account_id, end=end, reason=reason.strip(), recorded_at=at, recorded_by=by)
        data = {"before": {"until_on": _text(end.ended_on)}, "after": {"until_on": _text(found.until_on)}}
        _record("benefits.end_undone", found, data, reason=reason, at=at)


def undo_entitlement(entitlement_id: int, *, account_id: int, reason: str, by: int | None, at: datetime) -> None:
    """Undo an entitlement that never was.

    Raises NotFound, EntitlementRefused("benefit_reason_is_needed"), Conflict("entitlement_is_undone").
    """
    with transaction.atomic():
        found = _locked(entitlement_id, account_id=account_id, reason=reason)
        EntitlementUndone.objects.create(
            account_id=account_id, entitlement=found, reason=reason.strip(), recorded_at=at, recorded_by=by
        )
        _record("benefits.undone", found, {"before": _told(found), "after": {}}, reason=reason, at=at)


def load_kinds(*, at: datetime) -> int:
    """Add the shipped kinds of benefits that are not there yet; return how many were added."""
    rows: list[dict[str, Any]] = yaml.safe_load(DATA.read_text(encoding="utf-8"))["kinds"]
    added = 0
    with transaction.atomic():
        for row in rows:
            terms = {
                name: value for name, value in row.items() if name not in ("code", "from", "percent", "kwh", "roubles")
            }
            numbers = {name: Decimal(str(row[name])) for name in ("percent", "kwh", "roubles") if name in row}
            if not BenefitKind.objects.filter(code=row["code"]).exists():
                BenefitKind.objects.create(code=row["code"], valid=to_range(Period(row["from"])), **terms, **numbers)
                added += 1
        if added:
            audit.record("benefits.load_kinds", target_kind="reference", target_id="benefits", at=at, data={"n": added})
    return added


def _refuse_second(paper: Paper, *, account_id: int, supply_point_id: int) -> None:
    for one in queries.entitlements_of(account_id):
        same = one.supply_point_id == supply_point_id and one.kind.code == paper.kind_code
        meets = (one.out_on is None or paper.from_on < one.out_on) and (
            paper.until_on is None or one.from_on < paper.until_on
        )
        if same and meets and not one.undone_reason and one.holder.casefold() == paper.holder.strip().casefold():
            raise Conflict("entitlement_overlaps", since=one.from_on)


def _locked(entitlement_id: int, *, account_id: int, reason: str) -> Entitlement:
    """Return the entitlement with its account locked, unless it was undone or nobody says why."""
    if not reason.strip():
        raise EntitlementRefused("benefit_reason_is_needed")
    lock_row("accounts_account", account_id)
    found = Entitlement.objects.filter(pk=entitlement_id, account_id=account_id).first()
    if found is None:
        raise NotFound(entitlement=entitlement_id)
    if EntitlementUndone.objects.filter(entitlement=found).exists():
        raise Conflict("entitlement_is_undone")
    return found


def _told(one: Entitlement) -> dict[str, str | int]:
    kinds = BenefitKind.objects.filter(code=one.kind_code).order_by("-valid")
    return {
        "benefit": one.kind_code,
        "benefit_name": kinds.values_list("name", flat=True)[0],
        "holder": one.holder,
        "document": one.document,
        "people": one.people,
        "from_on": _text(one.from_on),
        "until_on": _text(one.until_on),
    }


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _record(verb: str, one: Entitlement, data: dict[str, Any], *, reason: str, at: datetime) -> None:
    audit.record(
        verb,
        target_kind="entitlement",
        target_id=one.pk,
        at=at,
        account_id=one.account_id,
        data=data,
        reason=reason.strip(),
    )
    payload = {"entitlement_id": one.pk, "kind": one.kind_code}
    outbox.record(verb, at=at, account_id=one.account_id, payload=payload)
