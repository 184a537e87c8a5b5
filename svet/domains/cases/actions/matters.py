"""What hangs on a matter: cases begin or join one; contacts, remarks, corrections are joined; matters are merged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from svet.domains.cases.actions.events import append, locked, tell
from svet.domains.cases.models import Case, Matter, MatterPart, Remark, ServiceContact
from svet.domains.cases.rules.matters import How, Part
from svet.domains.cases.rules.register import EventKind
from svet.infra import audit, outbox
from svet.infra.locking import lock_row, lock_rows
from svet.kernel.errors import Conflict, NotFound

E = EventKind


def begin_matter(case: Case, *, field: str, matter_id: int | None, at: datetime, by: int | None) -> None:
    """Give a locked case a matter of its own, or hang it on the one given."""
    how = How.NEW
    if matter_id is None:
        matter = Matter.objects.create(
            account_id=case.account_id, field=field, title=case.title[:200], began_at=case.received_at
        )
    else:
        matter, how = _matter(matter_id), How.BY_HAND
    _hang(Part.CASE, case.pk, matter=matter, left=None, how=how, at=at, by=by)
    append(case, E.MATTER_JOINED, at=at, by=by, data={"matter_id": matter.pk, "how": how.value})


def join_matter(case_id: int, *, matter_id: int, by: int, at: datetime, is_suggested: bool = False) -> None:
    """Hang a case on another matter; raise NotFound, Conflict("hangs_there_already")."""
    with transaction.atomic():
        case, matter = locked(case_id), _matter(matter_id)
        if case.matter_id == matter.pk:
            raise Conflict("hangs_there_already")
        left = case.matter
        how = How.SUGGESTED if is_suggested else How.BY_HAND
        _hang(Part.CASE, case.pk, matter=matter, left=left, how=how, at=at, by=by)
        data = {"matter_id": matter.pk, "left": case.matter_id, "how": how.value}
        append(case, E.MATTER_JOINED, at=at, by=by, data=data)
        tell(case, "matter_joined", at=at, data=data)


def leave_matter(case_id: int, *, by: int, at: datetime, field: str) -> int:
    """Take a case off a matter that it shares and give it one of its own; return the new matter's id.

    Raises Conflict("matter_is_its_own") when nothing else hangs there.
    """
    with transaction.atomic():
        case = locked(case_id)
        old = case.matter
        if old is None or not _is_shared(old, case):
            raise Conflict("matter_is_its_own")
        append(case, E.MATTER_LEFT, at=at, by=by, data={"matter_id": old.pk})
        matter = Matter.objects.create(account_id=case.account_id, field=field, began_at=case.received_at)
        _hang(Part.CASE, case.pk, matter=matter, left=old, how=How.BY_HAND, at=at, by=by)
        append(case, E.MATTER_JOINED, at=at, by=by, data={"matter_id": matter.pk, "left": old.pk, "how": How.BY_HAND})
        tell(case, "matter_left", at=at, data={"matter_id": old.pk})
    return matter.pk


def hang_on_matter(part: Part, *, part_id: int, matter_id: int, by: int | None, at: datetime) -> None:
    """Hang a contact, a remark or a correction (its id is the caller's to know) on a matter; where it hangs it stays.

    Cases have `join_matter`. Raises NotFound, Conflict("hangs_there_already").
    """
    with transaction.atomic():
        lock_row("cases_matter", matter_id)
        matter = _matter(matter_id)
        tables = {Part.CONTACT: ServiceContact.objects.all(), Part.REMARK: Remark.objects.all()}
        if part in tables and not tables[part].filter(pk=part_id).exists():
            raise NotFound(part=part, id=part_id)
        last = MatterPart.objects.filter(part=part, part_id=part_id).order_by("-pk").select_related("matter").first()
        if last is not None and last.matter_id == matter_id:
            raise Conflict("hangs_there_already")
        left = last.matter if last else None
        _hang(part, part_id, matter=matter, left=left, how=How.BY_HAND, at=at, by=by)
        data = {"part": part.value, "part_id": part_id, "left": left.pk if left else None}
        audit.record(
            "cases.hang_on_matter",
            target_kind="matter",
            target_id=matter_id,
            at=at,
            data=data,
        )


def hang_contact_of_appeal(contact_id: int, *, matter_id: int, by: int, at: datetime) -> None:
    """Hang a contact on the matter of the appeal that was taken in it.

    Where it hung because a case was only looked at it leaves; a second appeal of the same contact leaves it with the
    first one. Raises NotFound.
    """
    with transaction.atomic():
        lock_row("cases_matter", matter_id)
        last = MatterPart.objects.filter(part=Part.CONTACT, part_id=contact_id).order_by("-pk").first()
        if last is not None and (last.how != How.SUGGESTED or last.matter_id == matter_id):
            return
        hang_on_matter(Part.CONTACT, part_id=contact_id, matter_id=matter_id, by=by, at=at)


def join_contact_seen(contact_id: int, *, matter_id: int, by: int, at: datetime) -> bool:
    """Hang a contact on the matter of the case that was opened in it, unless it hangs somewhere already.

    Returns whether it was hung now. Raises NotFound.
    """
    with transaction.atomic():
        lock_row("cases_matter", matter_id)
        if MatterPart.objects.filter(part=Part.CONTACT, part_id=contact_id).exists():
            return False
        matter = _matter(matter_id)
        _hang(Part.CONTACT, contact_id, matter=matter, left=None, how=How.SUGGESTED, at=at, by=by)
        data = {"part": Part.CONTACT.value, "part_id": contact_id, "left": None}
        audit.record("cases.hang_on_matter", target_kind="matter", target_id=matter.pk, at=at, data=data)
    return True


def merge_matters(matter_id: int, *, into_id: int, by: int, at: datetime) -> None:
    """Hang everything of one matter on another; the first stays as a row that says where it went.

    Raises NotFound, Conflict("hangs_there_already") for one and the same.
    """
    with transaction.atomic():
        if matter_id == into_id:
            raise Conflict("hangs_there_already")
        if lock_rows("cases_matter", [matter_id, into_id]) != 2:
            raise NotFound(matter=matter_id)
        old, new = _matter(matter_id), _matter(into_id)
        for case_id in Case.objects.filter(matter=old).order_by("pk").values_list("pk", flat=True):
            case = locked(case_id)
            _hang(Part.CASE, case.pk, matter=new, left=old, how=How.MERGED, at=at, by=by)
            data = {"matter_id": new.pk, "left": old.pk, "how": How.MERGED.value}
            append(case, E.MATTER_JOINED, at=at, by=by, data=data)
        last: dict[tuple[str, int], int] = {}
        others = MatterPart.objects.exclude(part=Part.CASE).filter(matter=old).values_list("part", "part_id")
        for part, part_id in others:
            found = MatterPart.objects.filter(part=part, part_id=part_id).order_by("-pk").first()
            if found is not None and found.matter_id == old.pk and (part, part_id) not in last:
                last[part, part_id] = found.pk
                _hang(Part(part), part_id, matter=new, left=old, how=How.MERGED, at=at, by=by)
        old.merged_into = new
        old.save(update_fields=["merged_into"])
        data = {"into": new.pk}
        audit.record("cases.merge_matters", target_kind="matter", target_id=old.pk, at=at, data=data)
        outbox.record("cases.matters_merged", at=at, account_id=new.account_id, payload={"matter_id": old.pk, **data})


def _is_shared(matter: Matter, case: Case) -> bool:
    others = Case.objects.filter(matter=matter).exclude(pk=case.pk)
    return others.exists() or MatterPart.objects.filter(matter=matter).exclude(part=Part.CASE).exists()


def _matter(matter_id: int) -> Matter:
    found = Matter.objects.filter(pk=matter_id).first()
    if found is None:
        raise NotFound(matter=matter_id)
    return found if found.merged_into_id is None else _matter(found.merged_into_id)


def _hang(
    part: Part, part_id: int, *, matter: Matter, left: Matter | None, how: How, at: datetime, by: int | None
) -> None:
    MatterPart.objects.create(part=part, part_id=part_id, matter=matter, left_matter=left, how=how, at=at, by_id=by)
