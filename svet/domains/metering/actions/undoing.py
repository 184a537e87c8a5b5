"""An act taken back: meters hang as before it, its values are withdrawn; the act itself stays and says so.

Possible only while nothing relies on the act: no month was charged by it, no later value or act came.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from svet.domains.metering import queries
from svet.domains.metering.models import ActUndone, Installation, Meter, MeterAct, Reading, WithdrawnReading
from svet.domains.metering.queries import ActView, last_billed_month, latest_on
from svet.domains.metering.rules.acts import ActKind
from svet.infra import audit, outbox
from svet.infra.fields import to_range
from svet.infra.locking import lock_names, lock_row
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month, Period


def undo_meter_act(act_id: int, *, account_id: int, reason: str, by: int | None, at: datetime) -> ActView:
    """Take an act back, with the reason.

    Raises NotFound (also for another account's), DomainError("undo_needs_a_reason"), Conflict: "act_is_undone",
    "act_is_charged", "readings_after_act", "later_act_relies_on_it", "meter_hangs_elsewhere",
    "verification_changed_meanwhile".
    """
    if not reason.strip():
        raise DomainError("undo_needs_a_reason")
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        act = MeterAct.objects.filter(pk=act_id, account_id=account_id).first()
        if act is None:
            raise NotFound(act=act_id)
        if ActUndone.objects.filter(act=act).exists():
            raise Conflict("act_is_undone", number=act.number)
        if act.kind == ActKind.VERIFICATION:
            _restore_verification(act)
        elif act.kind != ActKind.SEALING:
            _check_nothing_relies(act)
            _withdraw(act)
            _restore_stays(act)
        ActUndone.objects.create(act=act, reason=reason.strip(), undone_at=at, undone_by=by)
        undoes = audit.first_about(target_kind="act", target_id=act.pk)
        data = {"before": {"act": act.number}, "after": {}, "undoes": undoes}
        audit.record(
            "metering.meter_act_undone",
            target_kind="act",
            target_id=act.pk,
            at=at,
            account_id=account_id,
            data=data,
            reason=reason.strip(),
        )
        outbox.record("metering.meter_act_undone", at=at, account_id=account_id, payload={"act_id": act.pk})
        return queries.act(account_id, act_id=act.pk)


def _check_nothing_relies(act: MeterAct) -> None:
    meters = [one for one in (act.installed_meter_id, act.removed_meter_id) if one is not None]
    concerned = Q(installed_meter__in=meters) | Q(removed_meter__in=meters)
    if MeterAct.objects.filter(concerned, pk__gt=act.pk, undone__isnull=True).exists():
        raise Conflict("later_act_relies_on_it", number=act.number)
    day = act.removed_on or act.installed_on
    counts = list(_readings(act).values_list("counts_from", flat=True))
    first = min([Month.of(one) for one in counts if one], default=Month.of(day))  # type: ignore[arg-type]
    billed = last_billed_month(act.account_id)
    if billed is not None and billed.first_on >= first.first_on:
        raise Conflict("act_is_charged", month=str(billed))
    if act.installed_meter_id is not None:
        others = latest_on(act.account_id, meter_id=act.installed_meter_id, besides=list(_readings(act)))
        if others is not None and others >= act.installed_on:  # type: ignore[operator]
            raise Conflict("readings_after_act", last_on=others)


def _readings(act: MeterAct):  # type: ignore[no-untyped-def]
    sources = [f"act:{act.request_key}:{side}" for side in ("removed", "installed")]
    return Reading.objects.filter(account_id=act.account_id, receipt__source_id__in=sources)


def _withdraw(act: MeterAct) -> None:
    WithdrawnReading.objects.bulk_create(
        WithdrawnReading(account_id=act.account_id, reading=one, act=act) for one in _readings(act)
    )


def _restore_stays(act: MeterAct) -> None:
    """Let the new meter be in store again and the old one hang on; former rows are kept by the history of stays."""
    if act.installed_meter_id is not None:
        stays = Installation.objects.filter(meter_id=act.installed_meter_id, supply_point_id=act.supply_point_id)
        stays.filter(valid__startswith=act.installed_on).delete()
    if act.removed_meter_id is None:
        return
    meter = Meter.objects.get(pk=act.removed_meter_id)
    lock_names(f"meter:{meter.serial}")
    stay = Installation.objects.filter(
        meter=meter, supply_point_id=act.supply_point_id, valid__endswith=act.removed_on
    ).get()
    until = act.told.get("before", {}).get("until_on")
    whole = Period(stay.valid.lower, date.fromisoformat(until) if until else None)
    if Installation.objects.filter(meter=meter, valid__overlap=to_range(whole)).exclude(pk=stay.pk).exists():
        raise Conflict("meter_hangs_elsewhere", serial=meter.serial)
    stay.valid = to_range(whole)
    stay.save(update_fields=["valid"])


def _restore_verification(act: MeterAct) -> None:
    meter = Meter.objects.select_for_update().get(pk__in=[act.checked_meter_id])
    given = act.told["checked"]
    if str(meter.verification_due_on) != given["verification_due_on"]:
        raise Conflict("verification_changed_meanwhile", serial=meter.serial)
    for name in ("verified_on", "verification_due_on"):
        value = act.told["before"][name]
        setattr(meter, name, date.fromisoformat(value) if value else None)
    meter.save(update_fields=["verified_on", "verification_due_on"])
