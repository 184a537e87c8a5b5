"""The exchange with the state portal as people at the desk see it: requests and their fate, appeals as told there.

Who looks after the exchange sees numbers and the portal's words, never what an appeal says: that is behind the case's
door.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from svet.domains.cases import queries as cases
from svet.domains.cases.queries import PortalAppealView
from svet.flows.gis_appeals import GATE
from svet.infra import exchange
from svet.infra.exchange import Health, RequestView, StepView
from svet.kernel.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One request and the appeal it is about; None for an export."""

    request: RequestView
    appeal: PortalAppealView | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of requests; `older_than` asks for the next one, None when this is the last."""

    lines: tuple[Line, ...]
    health: Health
    older_than: int | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request with each step."""

    line: Line
    steps: tuple[StepView, ...]


def ledger(state: str, *, before_id: int | None, at: datetime) -> Ledger:
    """Return a page of requests in this state ("": all; "trouble": those that need a person), the latest first."""
    found = exchange.requests(GATE, state=state, before_id=before_id, limit=PAGE + 1)
    older_than = found[PAGE - 1].id if len(found) > PAGE else None
    return Ledger(_lines(found[:PAGE]), exchange.health(GATE, at=at), older_than)


def request_page(request_id: int) -> RequestPage:
    """Return one request with its steps; raise NotFound."""
    return RequestPage(_lines([exchange.request(request_id)])[0], tuple(exchange.steps(request_id)))


def trouble(*, at: datetime) -> int:
    """Return how many requests need a person."""
    return exchange.health(GATE, at=at).trouble


def appeal_page(case_number: str, *, user_id: int) -> PortalAppealView:
    """Return the appeal that a case came from as the portal tells it, to who may see the case; raise NotFound."""
    case_id = cases.open_for(user_id, case_number)
    found = next((one for one in cases.portal_appeals_of(case_id) if one.case_id == case_id), None)
    if found is None:
        raise NotFound(case=case_number)
    return found


def requests_of(appeal: PortalAppealView) -> tuple[RequestView, ...]:
    """Return what was asked of the portal about an appeal, the latest first."""
    return tuple(exchange.requests_about(GATE, name="appeal", value=str(appeal.guid)))


def _lines(found: list[RequestView]) -> tuple[Line, ...]:
    named = {one.id: UUID(one.payload["appeal"]) for one in found if one.payload.get("appeal")}
    appeals = cases.portal_appeals(named.values())
    return tuple(Line(one, appeals.get(named[one.id]) if one.id in named else None) for one in found)
