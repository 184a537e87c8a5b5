"""Requests to outside systems that acknowledge at once and answer later: what was asked, and each step of its fate.

A request gets its own GUID before anything is sent and keeps it through every try, so that the outside system can tell
a repetition from a new message. Nothing here is rewritten: the state is the last step. What may have been taken is
never asked anew under another GUID without a person's word.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from svet.infra import audit
from svet.infra.locking import lock_row
from svet.infra.models import ENDED, IN_TROUBLE, ExchangeRequest, ExchangeState, ExchangeStep
from svet.kernel.errors import Conflict, NotFound

LEASE = timedelta(minutes=5)
"""How long who took a request may work on it before it is taken from him (he was killed)."""
BY_HAND = "by_hand"
LOOKED_AFTER = timedelta(days=30)
"""Older requests are not tried by themselves any more; nobody outside remembers them either."""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of a request."""

    at: datetime
    state: ExchangeState
    next_at: datetime | None
    outside_guid: uuid.UUID | None
    problem: str
    text: str
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with its last step (None: nothing was tried yet) and what its steps come to.

    `sent` counts how often it went out, `may_be_taken` says that one of those may have arrived, `prepared` is what was
    made ready for it before. Tries and time count anew from what moved it on: the acknowledgement, a person's word.
    """

    id: int
    kind: str
    key: str
    guid: uuid.UUID
    payload: Mapping[str, Any]
    asked_at: datetime
    last: StepView | None
    outside_guid: uuid.UUID | None
    began_at: datetime
    tries: int
    sent: int
    may_be_taken: bool
    prepared: Mapping[str, Any]
    was_repeated: bool

    @property
    def state(self) -> str:
        """What became of it; "new" before the first try."""
        return self.last.state.value if self.last else "new"

    @property
    def is_over(self) -> bool:
        """Whether nothing follows any more."""
        return self.last is not None and self.last.state in ENDED


def new_guid() -> uuid.UUID:
    """Return the GUID of a message that asks for nothing but an answer at once."""
    return uuid.uuid4()


def ask(gate: str, *, kind: str, key: str, payload: Mapping[str, Any], at: datetime) -> tuple[int, bool]:
    """Put a request; return its id and whether it is new (False: this key was asked before and nothing changes)."""
    request, is_new = ExchangeRequest.objects.get_or_create(
        gate=gate,
        key=key,
        defaults={"kind": kind, "guid": uuid.uuid4(), "payload": dict(payload), "asked_at": at},
    )
    return request.pk, is_new


def is_in_flight(gate: str, *, kind: str, at: datetime) -> bool:
    """Say whether a request of this kind waits for its end."""
    return _unfinished(gate, at=at).filter(kind=kind).exists()


def claim(gate: str, *, at: datetime) -> RequestView | None:
    """Take the next request whose time has come, oldest first; it belongs to the taker for `LEASE`."""
    due = _unfinished(gate, at=at).filter(Q(last_state=None) | Q(last_next_at__lte=at))
    for request_id in due.order_by("pk").values_list("pk", flat=True)[:50]:
        with transaction.atomic():
            lock_row("infra_exchange_request", request_id)
            found = request(request_id)
            if found.is_over or (found.last and (found.last.next_at is None or found.last.next_at > at)):
                continue
            _step(request_id, ExchangeState.TAKEN, at=at, next_at=at + LEASE)
            return found
    return None


def prepare(request_id: int, *, at: datetime, result: Mapping[str, Any]) -> None:
    """Note what was made ready for the message (files given outside), so that a later try says the same."""
    _step(request_id, ExchangeState.PREPARED, at=at, next_at=at + LEASE, result=dict(result))


def begin_sending(request_id: int, *, at: datetime) -> None:
    """Note, before it is done, that the message goes out: after a kill it is known that it may have arrived."""
    _step(request_id, ExchangeState.SENDING, at=at, next_at=at + LEASE)


def acknowledge(request_id: int, *, outside_guid: uuid.UUID, at: datetime, next_at: datetime) -> None:
    """Note that the outside system took the message under its own GUID, and when to ask for the result."""
    _step(request_id, ExchangeState.WAITING, at=at, next_at=next_at, outside_guid=outside_guid)


def wait_on(request_id: int, *, at: datetime, next_at: datetime, problem: str = "", text: str = "") -> None:
    """Note that there is no result yet, and when to ask again."""
    _step(request_id, ExchangeState.WAITING, at=at, next_at=next_at, problem=problem, text=text)


def postpone(
    request_id: int, *, at: datetime, next_at: datetime, problem: str, text: str = "", never_arrived: bool = False
) -> None:
    """Note that sending failed and when the same message is sent again; `never_arrived` when that is sure."""
    result = {"never_arrived": True} if never_arrived else {}
    _step(request_id, ExchangeState.POSTPONED, at=at, next_at=next_at, problem=problem, text=text, result=result)


def finish(request_id: int, *, at: datetime, result: Mapping[str, Any]) -> None:
    """Note that it was carried out."""
    _step(request_id, ExchangeState.DONE, at=at, result=dict(result))


def refuse(request_id: int, *, at: datetime, problem: str, text: str) -> None:
    """Note that the outside system surely did not carry it out and will not."""
    _step(request_id, ExchangeState.REFUSED, at=at, problem=problem, text=text)


def drop(request_id: int, *, at: datetime, problem: str, text: str = "") -> None:
    """End a request that did not succeed and that nobody misses: a later one asks the same."""
    _step(request_id, ExchangeState.SETTLED, at=at, problem=problem, text=text)


def leave_to_people(request_id: int, *, at: datetime, problem: str, text: str = "") -> None:
    """Note that nobody knows whether it was carried out: a person has to look."""
    _step(request_id, ExchangeState.UNCLEAR, at=at, problem=problem, text=text)


@transaction.atomic
def try_again(request_id: int, *, at: datetime, reason: str) -> int:
    """Try once more by a person's word; return the id of the request that is tried.

    What was refused was surely not done, so it is asked anew under a new GUID; what is unclear or waits keeps its own.
    Raise Conflict("exchange_is_over") for what is done or too old, ("exchange_was_repeated") for a second press.
    """
    lock_row("infra_exchange_request", request_id)
    found = request(request_id)
    if found.was_repeated:
        raise Conflict("exchange_was_repeated", request=request_id)
    if found.state in {ExchangeState.DONE, ExchangeState.SETTLED} or found.asked_at < at - LOOKED_AFTER:
        raise Conflict("exchange_is_over", request=request_id)
    tried = request_id
    if found.state == ExchangeState.REFUSED:
        row = ExchangeRequest.objects.get(pk=request_id)
        again = ExchangeRequest.objects.create(
            gate=row.gate,
            kind=row.kind,
            key=f"{row.key[:180]}~{row.pk}",
            guid=uuid.uuid4(),
            payload=row.payload,
            repeats=row,
            asked_at=at,
        )
        tried = again.pk
    elif found.last is not None:
        state = ExchangeState.WAITING if found.outside_guid else ExchangeState.POSTPONED
        _step(request_id, state, at=at, next_at=at, problem=BY_HAND, text=reason)
    _audit("exchange.try_again", found, at=at, reason=reason, tried=tried)
    return tried


@transaction.atomic
def settle(request_id: int, *, at: datetime, reason: str) -> None:
    """End a request by a person's word; raise Conflict("exchange_is_over") for one that needs nobody any more."""
    lock_row("infra_exchange_request", request_id)
    found = request(request_id)
    if found.was_repeated or found.state in {ExchangeState.DONE, ExchangeState.SETTLED}:
        raise Conflict("exchange_is_over", request=request_id)
    _step(request_id, ExchangeState.SETTLED, at=at, text=reason)
    _audit("exchange.settle", found, at=at, reason=reason)


def request(request_id: int) -> RequestView:
    """Return one request; raise NotFound."""
    found = _with_last(ExchangeRequest.objects.filter(pk=request_id)).first()
    if found is None:
        raise NotFound(exchange=request_id)
    return _views([found])[0]


def requests(gate: str, *, state: str = "", before_id: int | None = None, limit: int = 50) -> list[RequestView]:
    """Return requests of a gate, the latest first, of one state where it is given, older than `before_id`."""
    rows = _with_last(ExchangeRequest.objects.filter(gate=gate))
    if state == "new":
        rows = rows.filter(last_state=None)
    elif state == "trouble":
        rows = _in_trouble(gate)
    elif state:
        rows = rows.filter(last_state=state)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return _views(list(rows.order_by("-pk")[:limit]))


def requests_about(gate: str, *, name: str, value: str, limit: int = 50) -> list[RequestView]:
    """Return a gate's requests whose payload says this, the latest first."""
    rows = _with_last(ExchangeRequest.objects.filter(gate=gate, payload__contains={name: value}))
    return _views(list(rows.order_by("-pk")[:limit]))


def steps(request_id: int) -> list[StepView]:
    """Return what became of a request, step by step."""
    return [_step_view(row) for row in ExchangeStep.objects.filter(request_id=request_id).order_by("pk")]


@dataclass(frozen=True, slots=True)
class Health:
    """How the exchange goes: requests that need a person, that wait, and when something was carried out last."""

    trouble: int
    open: int
    done_at: datetime | None


def trouble(gate: str) -> int:
    """Return how many requests of a gate need a person."""
    return _in_trouble(gate).count()


def last_problem(gate: str) -> StepView | None:
    """Return the last step of a gate's requests at which something went wrong, None where nothing ever did."""
    rows = ExchangeStep.objects.filter(request__gate=gate).exclude(problem="").order_by("-pk")
    found = rows.first()
    return None if found is None else _step_view(found)


def health(gate: str, *, at: datetime) -> Health:
    """Return how the exchange with an outside system goes."""
    counts = _unfinished(gate, at=at).aggregate(open=Count("pk"))
    done = ExchangeStep.objects.filter(request__gate=gate, state=ExchangeState.DONE).order_by("-pk").first()
    return Health(trouble=trouble(gate), open=counts["open"], done_at=None if done is None else done.at)


def _in_trouble(gate: str) -> QuerySet[Any]:
    """Return the requests that need a person: unclear ones, and refused ones that were not asked anew."""
    once = ExchangeStep.objects.filter(state__in=IN_TROUBLE).values("request")
    rows = _with_last(ExchangeRequest.objects.filter(gate=gate, pk__in=once))
    return rows.filter(Q(last_state=ExchangeState.UNCLEAR) | Q(last_state=ExchangeState.REFUSED, repeated_by=None))


def _unfinished(gate: str, *, at: datetime) -> QuerySet[Any]:
    rows = ExchangeRequest.objects.filter(gate=gate, asked_at__gt=at - LOOKED_AFTER)
    ended = ExchangeStep.objects.filter(request=OuterRef("pk"), state__in=ENDED)
    return _with_last(rows.filter(~Exists(ended))).filter(Q(last_state=None) | ~Q(last_state=ExchangeState.UNCLEAR))


def _with_last(rows: QuerySet[ExchangeRequest]) -> QuerySet[Any]:
    of_request = ExchangeStep.objects.filter(request=OuterRef("pk")).order_by("-pk")
    return rows.annotate(last_state=Subquery(of_request.values("state")[:1])).annotate(
        last_next_at=Subquery(of_request.values("next_at")[:1])
    )


def _step(request_id: int, state: ExchangeState, *, at: datetime, **what: Any) -> None:
    ExchangeStep.objects.create(request_id=request_id, state=state, at=at, **what)


def _views(rows: list[Any]) -> list[RequestView]:
    ids = [row.pk for row in rows]
    all_steps: dict[int, list[StepView]] = {request_id: [] for request_id in ids}
    for step in ExchangeStep.objects.filter(request_id__in=ids).order_by("pk"):
        all_steps[step.request_id].append(_step_view(step))
    repeated = set(ExchangeRequest.objects.filter(repeats_id__in=ids).values_list("repeats_id", flat=True))
    return [_view(row, all_steps[row.pk], was_repeated=row.pk in repeated) for row in rows]


def _view(row: ExchangeRequest, all_steps: list[StepView], *, was_repeated: bool) -> RequestView:
    moves = [place for place, step in enumerate(all_steps) if step.outside_guid or step.problem == BY_HAND]
    since_then = all_steps[moves[-1] :] if moves else all_steps
    return RequestView(
        id=row.pk,
        kind=row.kind,
        key=row.key,
        guid=row.guid,
        payload=row.payload,
        asked_at=row.asked_at,
        last=all_steps[-1] if all_steps else None,
        outside_guid=next((step.outside_guid for step in all_steps if step.outside_guid), None),
        began_at=since_then[0].at if moves else row.asked_at,
        tries=sum(step.state == ExchangeState.TAKEN for step in since_then),
        sent=sum(step.state == ExchangeState.SENDING for step in all_steps),
        may_be_taken=_may_be_taken(all_steps),
        prepared=next((step.result for step in reversed(all_steps) if step.state == ExchangeState.PREPARED), {}),
        was_repeated=was_repeated,
    )


def _may_be_taken(all_steps: list[StepView]) -> bool:
    """Say whether any sending may have arrived; one that surely did not is told by the step after it."""
    is_out = in_doubt = False
    for step in all_steps:
        if step.state == ExchangeState.TAKEN:
            in_doubt, is_out = in_doubt or is_out, False
        elif step.state == ExchangeState.SENDING:
            is_out = True
        elif step.result.get("never_arrived"):
            is_out = False
    return in_doubt or is_out


def _step_view(row: ExchangeStep) -> StepView:
    return StepView(
        at=row.at,
        state=ExchangeState(row.state),
        next_at=row.next_at,
        outside_guid=row.outside_guid,
        problem=row.problem,
        text=row.text,
        result=row.result,
    )


def _audit(verb: str, found: RequestView, *, at: datetime, reason: str, **data: Any) -> None:
    audit.record(
        verb,
        target_kind="exchange",
        target_id=found.id,
        at=at,
        reason=reason,
        data={"kind": found.kind, "state": found.state, **data},
    )
