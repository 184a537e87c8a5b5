"""Acts of unmetered use: recorded once with what they come to, taken back by a row of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from svet.domains.billing.models import UnmeteredAct, UnmeteredLine, UnmeteredScan, UnmeteredUndone
from svet.domains.billing.queries.unmetered import Reckoned, counting_month, is_charged, reckon_unmetered
from svet.domains.billing.rules.unmetered import Found, UnmeteredRefused
from svet.infra import audit, files, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month

MOST_SCANS = 10
MOST_POWER_W = 100_000


@dataclass(frozen=True, slots=True)
class UnmeteredPaper:
    """What the paper says beside the find: its number, what was seen, who signed; `scans` are ids of stored files."""

    number: str
    note: str
    signed_by: str
    request_key: str
    scans: tuple[int, ...] = ()


def record_unmetered(
    found: Found, *, paper: UnmeteredPaper, account_id: int, supply_point_id: int, by: int | None, at: datetime
) -> int:
    """Record an act with what it comes to; return its id. The same request again gets the same id.

    Raises UnmeteredRefused: "act_number_is_needed", "act_signature_is_needed", "unmetered_note_is_needed",
    "too_many_scans", "act_day_is_to_come", "unmetered_power_is_wrong", and what `reckon_unmetered` refuses.
    """
    _check(found, paper, at=at)
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        again = UnmeteredAct.objects.filter(account_id=account_id, request_key=paper.request_key).first()
        if again is not None:
            return again.pk
        reckoned = reckon_unmetered(account_id, supply_point_id=supply_point_id, found=found)
        act = _write(found, paper, reckoned, account_id=account_id, supply_point_id=supply_point_id, by=by, at=at)
        told = {
            "number": act.number,
            "from_on": act.from_on.isoformat(),
            "until_on": act.until_on.isoformat(),
            "kwh": str(act.kwh),
            "amount": str(act.amount),
            "month": reckoned.counts_in.text,
        }
        _record("unmetered_recorded", act, {"after": told}, reason=act.note, at=at)
    return act.pk


def undo_unmetered(act_id: int, *, account_id: int, reason: str, by: int | None, at: datetime) -> None:
    """Take an act back: what it charged comes off with the next bill.

    Raises NotFound, UnmeteredRefused("undo_needs_a_reason"), Conflict("act_is_undone").
    """
    if not reason.strip():
        raise UnmeteredRefused("undo_needs_a_reason")
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        act = UnmeteredAct.objects.filter(pk=act_id, account_id=account_id).first()
        if act is None:
            raise NotFound(act=act_id)
        if UnmeteredUndone.objects.filter(act=act).exists():
            raise Conflict("act_is_undone", number=act.number)
        month = Month.of(act.counts_in)
        if is_charged(account_id, act_id=act.pk):
            month = counting_month(account_id, not_before=month)
        UnmeteredUndone.objects.create(
            account_id=account_id,
            act=act,
            counts_in=month.first_on,
            reason=reason.strip(),
            recorded_at=at,
            recorded_by=by,
        )
        told = {"number": act.number, "amount": str(act.amount), "month": month.text}
        _record("unmetered_undone", act, {"before": told, "after": {}}, reason=reason.strip(), at=at)


def _check(found: Found, paper: UnmeteredPaper, *, at: datetime) -> None:
    if not paper.request_key or len(paper.request_key) > 64:
        raise ValueError("an act needs a key of 1 to 64 characters")
    today = at.astimezone(MOSCOW).date()
    amiss = {
        "act_number_is_needed": not paper.number.strip() or len(paper.number) > 60,
        "act_signature_is_needed": not paper.signed_by.strip() or len(paper.signed_by) > 200,
        "unmetered_note_is_needed": not paper.note.strip(),
        "too_many_scans": len(set(paper.scans)) > MOST_SCANS,
        "unmetered_power_is_wrong": found.power_w is not None and not 0 < found.power_w <= MOST_POWER_W,
    }
    for code, is_so in amiss.items():
        if is_so:
            raise UnmeteredRefused(code, most=MOST_SCANS)
    if max(found.found_on, found.ended_on) > today:
        raise UnmeteredRefused("act_day_is_to_come", on=max(found.found_on, found.ended_on))


def _write(
    found: Found,
    paper: UnmeteredPaper,
    reckoned: Reckoned,
    *,
    account_id: int,
    supply_point_id: int,
    by: int | None,
    at: datetime,
) -> UnmeteredAct:
    act = UnmeteredAct.objects.create(
        account_id=account_id,
        supply_point_id=supply_point_id,
        request_key=paper.request_key,
        number=paper.number.strip(),
        kind=found.kind,
        found_on=found.found_on,
        since_on=found.since_on,
        checked_on=found.checked_on,
        ended_on=found.ended_on,
        power_w=found.power_w,
        norm_percent=reckoned.norm_percent,
        note=paper.note.strip(),
        signed_by=paper.signed_by.strip(),
        from_on=reckoned.days.start,
        until_on=found.ended_on,
        kwh=reckoned.kwh,
        amount=reckoned.amount,
        counts_in=reckoned.counts_in.first_on,
        recorded_at=at,
        recorded_by=by,
    )
    UnmeteredLine.objects.bulk_create(
        UnmeteredLine(
            account_id=account_id,
            act=act,
            number=number,
            from_on=part.from_on,
            until_on=part.until_on,
            kwh=part.kwh,
            rate=part.rate,
            amount=part.amount,
            tariff_version_id=part.tariff_version_id,
        )
        for number, part in enumerate(reckoned.parts, 1)
    )
    scans = list(dict.fromkeys(paper.scans))
    if len(files.described(scans)) != len(scans):
        raise NotFound(files=scans)
    UnmeteredScan.objects.bulk_create(UnmeteredScan(act=act, file_id=one) for one in scans)
    return act


def _record(what: str, act: UnmeteredAct, data: dict[str, dict[str, str]], *, reason: str, at: datetime) -> None:
    verb = f"billing.{what}"
    audit.record(
        verb,
        target_kind="unmetered_act",
        target_id=act.pk,
        at=at,
        account_id=act.account_id,
        data=data,
        reason=reason,
    )
    outbox.record(verb, at=at, account_id=act.account_id, payload={"act_id": act.pk, "amount": str(act.amount)})
