"""The work of the job: what waits is sent, what was sent is asked after, what came is handed to the flow.

Killed at any point, the next run goes on: that a message goes out is written down before it does, it keeps its GUID
through every try, and what the portal acknowledged is only asked after. A refusal of a message that may have been
taken before proves nothing: then a person looks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from lxml import etree

from svet.flows import answering, gis_appeals
from svet.infra import exchange, files, inbox
from svet.infra.context import Actor, Context, acting
from svet.infra.exchange import RequestView
from svet.kernel.errors import DomainError
from svet.surfaces.gates.gis_zhkh import answers, messages
from svet.surfaces.gates.gis_zhkh import files as file_service
from svet.surfaces.gates.gis_zhkh.files import FileRefusedByPortal
from svet.surfaces.gates.gis_zhkh.messages import Unsayable, Uploaded
from svet.surfaces.gates.gis_zhkh.portal import NotReached, Portal, Silent, portal_of_settings
from svet.surfaces.gates.gis_zhkh.signing import CannotSign
from svet.surfaces.gates.gis_zhkh.soap import Element, Fault, Garbage
from svet.surfaces.paper import letter as paper_letter
from svet.surfaces.paper.downloads import letter_name
from svet.surfaces.paper.engine import TypesettingFailed

log = structlog.get_logger("svet.gis")

GATE = gis_appeals.GATE
EXPORT = "export"
DAYS_BACK = 45
"""Appeals made so many days ago are always asked for; older ones by their GUIDs while they are open."""
MOST_AT_ONCE = 200
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 1, 2, 5, 10, 30))
"""How long after each look or failed try the next one follows; the last pause repeats."""
GIVEN_UP_AFTER, EXPORT_GIVEN_UP_AFTER = timedelta(hours=24), timedelta(hours=1)
"""An export that is lost on the portal must not keep new appeals out for long: the next one asks the same."""

Clock = Callable[[], datetime]


def exchange_waiting(now: Clock) -> int:
    """Do what waits; return how many requests were moved. Nothing where the exchange is off."""
    portal = portal_of_settings()
    if portal is None:
        return 0
    moved = 0
    with acting(Context(Actor("gate", GATE))):
        ask_for_appeals(at=now())
        while moved < MOST_AT_ONCE and (request := exchange.claim(GATE, at=now())):
            moved += 1
            if not _move(portal, request, now):
                break  # who waits for a silent portal with each request waits for hours
    return moved


def ask_for_appeals(*, at: datetime) -> None:
    """Put the next question for new and changed appeals, unless one is still open or was asked lately."""
    if exchange.is_in_flight(GATE, kind=EXPORT, at=at):
        return
    slot = int(at.timestamp()) // (settings.GIS_POLL_MINUTES * 60)
    since = at.date() - timedelta(days=DAYS_BACK)
    days = {"since": since.isoformat(), "until": at.date().isoformat()}
    _, is_new = exchange.ask(GATE, kind=EXPORT, key=f"export:{slot}", payload=days, at=at)
    older = gis_appeals.open_before(since)[: messages.MOST_GUIDS] if is_new else []
    if older:
        guids = {"guids": [str(guid) for guid in older]}
        exchange.ask(GATE, kind=EXPORT, key=f"export:{slot}:older", payload=guids, at=at)


def _move(portal: Portal, request: RequestView, now: Clock) -> bool:
    """Take one request one step on and say whether the portal speaks; whatever is wrong with one stops no other."""
    step = _look if request.outside_guid else _send
    try:
        step(portal, request, now)
    except Silent as silence:
        log.warning("gis_is_silent", request=request.id, why=silence.why)
        _later(request, at=now(), problem=silence.why, never_arrived=isinstance(silence, NotReached))
        return False
    except CannotSign as error:
        log.warning("gis_cannot_sign", request=request.id, why=str(error))
        _later(request, at=now(), problem="cannot_sign", text=str(error), never_arrived=True)
    except TypesettingFailed:
        log.exception("gis_paper_failed", request=request.id)
        _later(request, at=now(), problem="paper_failed", never_arrived=True)
    except (Unsayable, FileRefusedByPortal) as error:
        _refused(request, Fault(error.why, ""), at=now())
    except DomainError as error:
        # The case is busy: what the portal said is asked for again once the lease has ended.
        log.warning("gis_outcome_cannot_be_noted", request=request.id, code=error.code)
    return True


def _send(portal: Portal, request: RequestView, now: Clock) -> None:
    element = _message(portal, request, now)
    operation = "exportAppeal" if request.kind == EXPORT else "importAnswer"
    signed = portal.signer.sign(element)
    exchange.begin_sending(request.id, at=now())
    reply = portal.call(operation, signed, guid=request.guid, at=now())
    if isinstance(reply, Fault):
        _faulted(request, reply, at=now())
        return
    try:
        outside = answers.acknowledged(reply, guid=request.guid)
    except Garbage as garbage:
        raise Silent(garbage.why) from garbage
    exchange.acknowledge(request.id, outside_guid=outside, at=now(), next_at=now() + timedelta(seconds=5))


def _look(portal: Portal, request: RequestView, now: Clock) -> None:
    outside = request.outside_guid
    if outside is None:
        raise ValueError(request.id)
    question = messages.get_state(outside)
    reply = portal.call("getState", question, guid=exchange.new_guid(), at=now())
    if isinstance(reply, Fault):
        _later(request, at=now(), problem=reply.code, text=reply.text)
        return
    try:
        state = answers.state(reply, outside_guid=outside)
    except Garbage as garbage:
        raise Silent(garbage.why) from garbage
    if not state.is_ready:
        _later(request, at=now(), problem="")
    elif request.kind == EXPORT:
        _appeals_came(portal, request, reply, state, now)
    else:
        _action_ended(request, state, at=now())


def _message(portal: Portal, request: RequestView, now: Clock) -> Element:
    if request.kind == EXPORT:
        asked = request.payload
        if "guids" in asked:
            return messages.export_by_guids([UUID(guid) for guid in asked["guids"]])
        return messages.export_by_days(
            since=date.fromisoformat(asked["since"]), until=date.fromisoformat(asked["until"])
        )
    uploaded = _uploaded(portal, request, now)
    return messages.action(
        request.kind, payload=request.payload, guid=request.guid, answerer=portal.answerer, files=uploaded
    )


def _uploaded(portal: Portal, request: RequestView, now: Clock) -> tuple[Uploaded, ...]:
    """Return the files of the request at the portal; what a former try gave it is not given twice."""
    given = request.prepared.get("files")
    if given is None:
        given = []
        for name, content in _enclosed(request, at=now()):
            guid = file_service.upload(portal, content, name=name)
            given.append({"guid": str(guid), "name": name, "hash": portal.signer.digest(content)})
        if not given:
            return ()
        exchange.prepare(request.id, at=now(), result={"files": given})
    return tuple(Uploaded(UUID(one["guid"]), one["name"], one["hash"]) for one in given)


def _enclosed(request: RequestView, *, at: datetime) -> Iterator[tuple[str, bytes]]:
    """Return what goes with a message: its letter on letterhead, the files that its author enclosed."""
    letter_id = request.payload.get("paper")
    if isinstance(letter_id, int):
        paper = answering.paper_of_any_letter(letter_id)
        yield letter_name(paper), paper_letter.render(paper, at=at)
    known = files.described(request.payload.get("files", []))
    for file_id in request.payload.get("files", []):
        yield known[file_id].name, files.read(file_id)


def _faulted(request: RequestView, fault: Fault, *, at: datetime) -> None:
    """Judge a refusal at the door: a failure inside the portal passes; other refusals are final."""
    if fault.code.startswith(answers.TRY_AGAIN):
        _later(request, at=at, problem=fault.code, text=fault.text)
    elif request.may_be_taken and request.kind != EXPORT:
        gis_appeals.unclear(request, problem=fault.code, text=fault.text, at=at)
    else:
        _refused(request, fault, at=at)


def _appeals_came(portal: Portal, request: RequestView, reply: Element, state: answers.State, now: Clock) -> None:
    if state.error is not None and state.error.code != answers.NOTHING_FOUND:
        _refused(request, state.error, at=now())
        return
    message, is_new = inbox.receive(
        GATE,
        external_id=_content_of(reply),
        raw=etree.tostring(reply, encoding="UTF-8"),
        at=now(),
        content_type="text/xml",
    )
    counted = {"appeals": len(state.appeals), "new": 0, "changed": 0, "failed": len(state.broken)}
    fetch = _fetcher(portal)
    for appeal in state.appeals:
        try:
            outcome = gis_appeals.take(appeal, fetch=fetch, at=now())
        except Exception:  # one appeal must not stop the others; the next export brings it again
            log.exception("gis_appeal_cannot_be_taken", appeal=str(appeal.guid))
            outcome = "failed"
        counted[outcome] = counted.get(outcome, 0) + 1
    if is_new or counted["failed"]:
        inbox.finish(message, at=now(), result=counted, failed=bool(counted["failed"]))
    exchange.finish(request.id, at=now(), result=counted | {"broken": list(state.broken)})


def _action_ended(request: RequestView, state: answers.State, *, at: datetime) -> None:
    if state.error is not None:
        _refused(request, state.error, at=at)
        return
    ours = set(messages.transport_guids(request.guid))
    about_us = [one for one in state.imported if one.transport in ours]
    errors = [error for one in about_us for error in one.errors]
    if errors:
        _refused(request, errors[0], at=at)
    elif not about_us:
        gis_appeals.unclear(request, problem="no_result_for_us", at=at)
    else:
        result: Mapping[str, Any] = {
            "guid": next((str(one.guid) for one in about_us if one.guid), ""),
            "number": next((one.number for one in about_us if one.number), ""),
        }
        gis_appeals.carried_out(request, result=result, at=at)


def _refused(request: RequestView, fault: Fault, *, at: datetime) -> None:
    log.warning("gis_refused", request=request.id, kind=request.kind, code=fault.code)
    if request.kind == EXPORT:
        exchange.drop(request.id, at=at, problem=fault.code, text=fault.text)
        return
    gis_appeals.refused(request, problem=fault.code, text=fault.text, at=at)


def _later(request: RequestView, *, at: datetime, problem: str, text: str = "", never_arrived: bool = False) -> None:
    """Put the next try or look off a little longer each time; after a day a person is asked."""
    waited = at - request.began_at
    if request.kind == EXPORT and waited > EXPORT_GIVEN_UP_AFTER:
        exchange.drop(request.id, at=at, problem=problem or "no_result", text=text)
        return
    if waited > GIVEN_UP_AFTER:
        gis_appeals.unclear(request, problem=problem or "no_result", text=text, at=at)
        return
    next_at = at + PAUSES[min(request.tries, len(PAUSES) - 1)]
    if request.outside_guid:
        exchange.wait_on(request.id, at=at, next_at=next_at, problem=problem, text=text)
    else:
        exchange.postpone(request.id, at=at, next_at=next_at, problem=problem, text=text, never_arrived=never_arrived)


def _fetcher(portal: Portal) -> gis_appeals.Fetch:
    """Return what fetches a file; once the file service was silent, it is not waited for again in this run."""
    silences: list[str] = []

    def fetch(guid: UUID) -> bytes:
        if silences:
            raise gis_appeals.FileIsLate(silences[0])
        try:
            return file_service.download(portal, guid)
        except Silent as silence:
            silences.append(silence.why)
            raise gis_appeals.FileIsLate(silence.why) from silence
        except FileRefusedByPortal as refusal:
            raise gis_appeals.FileIsRefused(refusal.why) from refusal

    return fetch


def _content_of(reply: Element) -> str:
    """Return what tells one content from another: an export that brings nothing new is kept once."""
    digest = hashlib.sha256()
    for child in reply:
        if isinstance(child.tag, str) and child.tag.endswith("}ExportAppealResult"):
            digest.update(etree.tostring(child, method="c14n", exclusive=True))
    return digest.hexdigest()
