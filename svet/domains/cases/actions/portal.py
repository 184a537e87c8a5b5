"""What is kept of appeals on the state portal: each telling of it, and the case it became."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.models import AppealOnPortal
from svet.domains.cases.rules.portal import PortalAppeal, fingerprint
from svet.domains.cases.rules.register import EventKind
from svet.infra import audit, outbox
from svet.infra.locking import lock_names


@transaction.atomic
def note_portal_appeal(appeal: PortalAppeal, *, case_id: int, found_by: str = "", at: datetime) -> str:
    """Keep what the portal tells of an appeal and the case it is; return "new", "changed" or "same" (nothing written).

    `found_by` says by what its account was found. Neither audit nor fact names the account (clause A7).
    """
    lock_names(f"cases.portal:{appeal.guid}")
    row = AppealOnPortal.objects.filter(guid=appeal.guid).first()
    mark = fingerprint(appeal)
    if row is not None and row.fingerprint == mark and row.case_id == case_id:
        return "same"
    is_new = row is None
    row = row or AppealOnPortal(guid=appeal.guid, first_seen_at=at, found_by=found_by)
    before = {"status": row.status, "due_on": row.due_on}
    row.number, row.created_on, row.status, row.due_on = appeal.number, appeal.created_on, appeal.status, appeal.due_on
    row.case_id = case_id
    row.fingerprint, row.told, row.changed_at = mark, asdict(appeal), at
    row.save()
    after = {"status": row.status, "due_on": row.due_on}
    facts = {"guid": str(row.guid), "number": row.number, "case_id": row.case_id, "before": before, "after": after}
    verb = "cases.portal_appeal_came" if is_new else "cases.portal_appeal_changed"
    audit.record(verb, target_kind="portal_appeal", target_id=row.guid, at=at, data=facts)
    outbox.record(verb, at=at, payload=facts)
    return "new" if is_new else "changed"


@transaction.atomic
def note_from_portal(case_id: int, *, what: str, at: datetime, text: str = "", action: str = "") -> None:
    """Write on a case what the portal tells of it: `what` is a code for words, `text` the portal's own."""
    case = locked(case_id)
    data = {"from": "portal", "what": what, "text": text[:2000], "action": action}
    append(case, EventKind.NOTED, at=at, by=None, data=data)
    if what in NEED_SOMEBODY:
        tell(case, f"portal_{what}", at=at, data={"action": action})


NEED_SOMEBODY = frozenset({"refused", "unclear"})
