"""What the portal says: acknowledgements, states, results, appeals. Pure; one broken appeal spoils no other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from svet.domains.cases.rules.portal import (
    Applicant,
    AppliesAs,
    PortalAppeal,
    PortalEvent,
    PortalFile,
    PortalStatus,
)
from svet.surfaces.gates.gis_zhkh.soap import APPEALS, BASE, NAMESPACES, Element, Fault, Garbage, guid_of, tag, text_of

NOTHING_FOUND = "INT002012"
"""«Нет объектов для экспорта»: an empty answer, no error (known from public code of other systems)."""
TRY_AGAIN = "EXP"
"""Codes that begin so are failures inside the portal: the same message is sent again later."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of what a transport GUID names: the portal's GUID and number, or its errors."""

    transport: UUID
    guid: UUID | None
    number: str
    errors: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What became of a message: `is_ready` once it is worked through, with an error, results or appeals."""

    is_ready: bool
    error: Fault | None = None
    imported: tuple[Imported, ...] = ()
    appeals: tuple[PortalAppeal, ...] = ()
    broken: tuple[str, ...] = ()


def acknowledged(element: Element, *, guid: UUID) -> UUID:
    """Return the portal's GUID of our message `guid`; raise Garbage for what acknowledges nothing or another's."""
    outside = guid_of(element, "base:Ack/base:MessageGUID")
    if element.tag != tag(BASE, "AckRequest") or outside is None:
        raise Garbage("no_acknowledgement")
    if guid_of(element, "base:Ack/base:RequesterMessageGUID") != guid:
        raise Garbage("anothers_acknowledgement")
    return outside


def state(element: Element, *, outside_guid: UUID) -> State:
    """Return what became of the message that the portal knows as `outside_guid`; raise Garbage."""
    if element.tag != tag(APPEALS, "getStateResult") or guid_of(element, "base:MessageGUID") != outside_guid:
        raise Garbage("no_state")
    code = text_of(element, "base:RequestState")
    if code not in {"1", "2", "3"}:
        raise Garbage("no_state")
    if code != "3":
        return State(is_ready=False)
    error = element.find(tag(BASE, "ErrorMessage"))
    appeals, broken = _appeals(element)
    return State(
        is_ready=True,
        error=None if error is None else _error(error),
        imported=tuple(
            _imported(one)
            for one in element.findall(tag(APPEALS, "ImportResult"))
            if guid_of(one, "base:TransportGUID")
        ),
        appeals=appeals,
        broken=broken,
    )


def _appeals(element: Element) -> tuple[tuple[PortalAppeal, ...], tuple[str, ...]]:
    appeals, broken = [], []
    for one in element.findall(tag(APPEALS, "ExportAppealResult")):
        try:
            appeals.append(appeal(one))
        except (ValueError, KeyError):
            broken.append(text_of(one, "appeals:AppealNumber")[:30] or "?")
    return tuple(appeals), tuple(broken)


def appeal(element: Element) -> PortalAppeal:
    """Return one appeal; raise ValueError for what has no GUID, number, day, state or applicant."""
    number = text_of(element, "appeals:AppealNumber")
    applicant = element.find(tag(APPEALS, "ApplicantInfo"))
    if not number or applicant is None:
        raise ValueError(number)
    return PortalAppeal(
        guid=UUID(text_of(element, "appeals:AppealGUID")),
        number=number,
        created_on=_needed_day(element, "appeals:AppealCreateDate"),
        topic=text_of(element, "appeals:AnotherTopic") or _topic(element),
        text=text_of(element, "appeals:AppealText"),
        status=PortalStatus(text_of(element, "appeals:AppealStatus")),
        applicant=_applicant(applicant),
        parent=guid_of(element, "appeals:ParentAppealGUID"),
        house=guid_of(element, "appeals:FIASHouseGuid"),
        files=tuple(_files(element)),
        answerer=guid_of(element, "appeals:AnswererGUID"),
        events=tuple(_event(one) for one in element.findall(tag(APPEALS, "AppealHistory"))),
        due_on=_day(element, "appeals:ExecutionEndDate"),
        planned_on=_day(element, "appeals:DateOfAppointment"),
        legal_basis=text_of(element, "appeals:NPARequirements"),
        withdrawn_because=text_of(element, "appeals:AppealWithdrawn/appeals:Comment"),
        was_redirected=_has(element, "Redirected") or _has(element, "RedirectedIsNotHCS"),
        was_extended=_has(element, "RolledOver"),
        needs_no_answer=_has(element, "AnswerIsNotRequired"),
        from_phone=_has(element, "FromMobile"),
        is_collective=_has(element, "Collective"),
        neighbours=tuple(_applicant(one) for one in element.findall(tag(APPEALS, "NeighbourInfo"))),
    )


def _applicant(element: Element) -> Applicant:
    person = element.find(tag(APPEALS, "Person"))
    known: dict[str, Any] = {
        "post_address": text_of(element, "appeals:PostAddress"),
        "flat": text_of(element, "appeals:ApartmentNumber"),
        "email": text_of(element, "appeals:Email"),
        "phone": text_of(element, "appeals:PhoneNumber"),
    }
    if person is not None:
        return Applicant(
            AppliesAs.PERSON,
            family_name=text_of(person, "appeals:Surname"),
            given_name=text_of(person, "appeals:FirstName"),
            patronymic=text_of(person, "appeals:Patronymic"),
            **known,
        )
    if _has(element, "Org"):
        guid = guid_of(element, "appeals:Org/organizations:orgRootEntityGUID")
        return Applicant(AppliesAs.ORGANIZATION, organization=guid, **known)
    if _has(element, "HCS"):
        return Applicant(AppliesAs.PORTAL)
    raise ValueError("applicant")


def _event(element: Element) -> PortalEvent:
    on = str(_day(element, "appeals:ChangeDate") or "")
    answer = element.find(tag(APPEALS, "Answer"))
    if answer is not None:
        return PortalEvent(on, "answer", text_of(answer, "appeals:AnswerText"), guid_of(answer, "appeals:AnswerGUID"))
    for name, what, path in _EVENTS:
        found = element.find(tag(APPEALS, name))
        if found is not None:
            return PortalEvent(on, what, text_of(found, path))
    return PortalEvent(on, "changed")


_EVENTS = (
    ("Redirected", "redirected", "appeals:Comment"),
    ("RolledOver", "rolled_over", "appeals:Comment"),
    ("IsNotRequired", "not_required", "appeals:Cause"),
    ("Assesment", "assessed", "appeals:DeclineComment"),
)


def _files(element: Element) -> list[PortalFile]:
    found = []
    for one in element.findall(tag(APPEALS, "Attachment")):
        guid = guid_of(one, "base:Attachment/base:AttachmentGUID")
        if guid is not None:
            found.append(PortalFile(guid, text_of(one, "base:Name"), text_of(one, "base:Description")))
    return found


def _imported(element: Element) -> Imported:
    transport = guid_of(element, "base:TransportGUID")
    if transport is None:
        raise Garbage("no_transport_guid")
    return Imported(
        transport=transport,
        guid=guid_of(element, "base:GUID"),
        number=text_of(element, "base:UniqueNumber"),
        errors=tuple(_error(one) for one in element.findall(tag(BASE, "Error"))),
    )


def _error(element: Element) -> Fault:
    return Fault(text_of(element, "base:ErrorCode")[:80] or "?", text_of(element, "base:Description")[:2000])


def _topic(element: Element) -> str:
    found = element.find(tag(APPEALS, "AppealTopic"))
    if found is None:
        return ""
    inside = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in found if isinstance(child.tag, str)}
    return inside.get("Name") or f"НСИ 220, {inside.get('Code', '')}"


def _needed_day(element: Element, path: str) -> date:
    found = _day(element, path)
    if found is None:
        raise ValueError(path)
    return found


def _day(element: Element, path: str) -> date | None:
    """Return a day; a zone that xs:date may carry says nothing more."""
    text = text_of(element, path)[:10]
    return date.fromisoformat(text) if text else None


def _has(element: Element, name: str) -> bool:
    return element.find(f"appeals:{name}", namespaces=NAMESPACES) is not None
