"""What the gate says to the service of appeals: each kind of message as its element. Pure.

A request is known by its own GUID; the transport GUIDs inside it come from that one, so that the same request says the
same thing however often it is sent. What the portal could not take is refused here, before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from svet.domains.cases.rules.portal import LONGEST_ANSWER, LONGEST_COMMENT
from svet.surfaces.gates.gis_zhkh.soap import APPEALS, BASE, ORGANIZATIONS, Element, add, root
from svet.surfaces.web import gis_words

EXPORT_VERSION, IMPORT_VERSION = "13.2.5.0", "13.2.1.0"
MOST_GUIDS = 1000
MOST_FILE_NAME, MOST_FILE_DESCRIPTION = 1024, 500


class Unsayable(ValueError):
    """The portal has no place for this; `why` is a code for words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that is in the portal's file service already; `hash` is the provider's digest of its content."""

    guid: UUID
    name: str
    hash: str


def export_by_days(*, since: date, until: date) -> Element:
    """Return the question for all appeals made in these days, both included."""
    request = root("exportAppealRequest", version=EXPORT_VERSION)
    add(request, APPEALS, "StartDate", since)
    add(request, APPEALS, "EndDate", until)
    return request


def export_by_guids(guids: Sequence[UUID]) -> Element:
    """Return the question for these appeals, at most `MOST_GUIDS`."""
    request = root("exportAppealRequest", version=EXPORT_VERSION)
    if not 0 < len(guids) <= MOST_GUIDS:
        raise Unsayable("too_many")
    for guid in guids:
        add(request, APPEALS, "AppealGUID", guid)
    return request


def get_state(outside_guid: UUID) -> Element:
    """Return the question what became of a message."""
    request = root("getStateRequest", namespace=BASE)
    add(request, BASE, "MessageGUID", outside_guid)
    return request


def action(
    kind: str, *, payload: Mapping[str, Any], guid: UUID, answerer: UUID, files: Sequence[Uploaded] = ()
) -> Element:
    """Return the message that does one thing with one appeal; `payload` is the request's, `guid` its own.

    Raise Unsayable for what the portal cannot take, or for an unknown kind.
    """
    request = root("importAnswerRequest", version=IMPORT_VERSION)
    appeal = UUID(str(payload["appeal"]))
    if kind == "answer":
        _answer(request, appeal, payload=payload, guid=guid, answerer=answerer, files=files)
        return request
    if kind not in _ACTIONS:
        raise Unsayable("unknown_kind")
    element = add(request, APPEALS, "AppealAction")
    add(element, BASE, "TransportGUID", transport_guids(guid)[0])
    add(element, APPEALS, "AppealGUID", appeal)
    _ACTIONS[kind](element, payload, answerer, files)
    return request


def transport_guids(guid: UUID) -> tuple[UUID, UUID]:
    """Return the transport GUIDs of a request: of its action, and of the answer inside it."""
    return uuid5(guid, "action"), uuid5(guid, "answer")


def _answer(
    request: Element,
    appeal: UUID,
    *,
    payload: Mapping[str, Any],
    guid: UUID,
    answerer: UUID,
    files: Sequence[Uploaded],
) -> None:
    outer, inner = transport_guids(guid)
    element = add(request, APPEALS, "AnswerAction")
    add(element, BASE, "TransportGUID", outer)
    add(element, APPEALS, "AppealGUID", appeal)
    answer = add(element, APPEALS, "Answer")
    add(answer, BASE, "TransportGUID", inner)
    add(answer, APPEALS, "AnswererGUID", answerer)
    loaded = add(answer, APPEALS, "LoadAnswer")
    text = _told(payload["text"], LONGEST_ANSWER, payload, files)
    add(loaded, APPEALS, "AnswerText", _within(text, LONGEST_ANSWER, "answer_too_long"))
    _attach(loaded, files)
    add(answer, APPEALS, "SendAnswer", True)


def _told(text: str, most: int, payload: Mapping[str, Any], files: Sequence[Uploaded]) -> str:
    """Return the text, or where it is too long for the portal, that it stands in its letter, the first file."""
    if len(text) <= most or not payload.get("paper") or not files:
        return text
    return gis_words.WHOLE_IN_FILE.format(name=files[0].name[:MOST_FILE_NAME])


def _assign(element: Element, payload: Mapping[str, Any], answerer: UUID, files: Sequence[Uploaded]) -> None:
    performer = add(element, APPEALS, "Performer")
    add(performer, APPEALS, "AnswererGUID", answerer)
    if payload.get("planned_on"):
        add(performer, APPEALS, "DateOfAppointment", date.fromisoformat(payload["planned_on"]))


def _executed(element: Element, payload: Mapping[str, Any], answerer: UUID, files: Sequence[Uploaded]) -> None:
    add(add(element, APPEALS, "Executed"), APPEALS, "AnswererGUID", answerer)


def _redirect(element: Element, payload: Mapping[str, Any], answerer: UUID, files: Sequence[Uploaded]) -> None:
    redirect = add(element, APPEALS, "RedirectAppeal")
    receiver = add(redirect, APPEALS, "Receiver")
    add(receiver, ORGANIZATIONS, "orgRootEntityGUID", UUID(str(payload["receiver"])))
    if payload.get("comment"):
        add(redirect, APPEALS, "Comment", _within(payload["comment"], LONGEST_COMMENT, "comment_too_long"))
    _attach(redirect, files)
    add(redirect, APPEALS, "AnswererGUID", answerer)


def _extend(element: Element, payload: Mapping[str, Any], answerer: UUID, files: Sequence[Uploaded]) -> None:
    extended = add(element, APPEALS, "RollOverAppeal")
    add(extended, APPEALS, "ExecutionDate", date.fromisoformat(payload["until"]))
    comment = _told(payload["comment"], LONGEST_COMMENT, payload, files)
    add(extended, APPEALS, "Comment", _within(comment, LONGEST_COMMENT, "comment_too_long"))
    _attach(extended, files)
    add(extended, APPEALS, "AnswererGUID", answerer)


def _not_required(element: Element, payload: Mapping[str, Any], answerer: UUID, files: Sequence[Uploaded]) -> None:
    unneeded = add(element, APPEALS, "AnswerIsNotRequired")
    add(unneeded, APPEALS, "Cause", _within(payload["cause"], LONGEST_COMMENT, "comment_too_long"))
    add(unneeded, APPEALS, "AnswererGUID", answerer)


_ACTIONS: dict[str, Callable[[Element, Mapping[str, Any], UUID, Sequence[Uploaded]], None]] = {
    "assign": _assign,
    "executed": _executed,
    "redirect": _redirect,
    "extend": _extend,
    "not_required": _not_required,
}
KINDS = ("answer", *_ACTIONS)


def _attach(element: Element, files: Sequence[Uploaded]) -> None:
    for file in files:
        attachment = add(element, APPEALS, "Attachment")
        add(attachment, BASE, "Name", file.name[:MOST_FILE_NAME])
        add(attachment, BASE, "Description", file.name[:MOST_FILE_DESCRIPTION])
        add(add(attachment, BASE, "Attachment"), BASE, "AttachmentGUID", file.guid)
        add(attachment, BASE, "AttachmentHASH", file.hash)


def _within(text: str, most: int, why: str) -> str:
    if not text.strip():
        raise Unsayable("empty")
    if len(text) > most:
        raise Unsayable(why)
    return text
