"""How the services are: for everybody whether work and messages are taken in time, for staff each gate in figures.

A quiet service is not a broken one: only what waits too long speaks against it. Both pages ask the same rules, so the
public one never says that all is well of what the other shows as late.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from svet.domains.notifications import queries as messages
from svet.domains.notifications.rules import Channel
from svet.domains.payments import queries as payments
from svet.flows.gis_appeals import GATE as PORTAL
from svet.infra import exchange, inbox, jobs

LONGEST = timedelta(minutes=15)
SMS, MAIL, LETTERS, TEXTS, RECEIPTS, GIS = "sms", "mail", "letters", "texts", "receipts", "portal"
"""Gates: SMS and letters that come, letters and SMS that go out, receipts of tills, the state portal."""
_OUT = {LETTERS: Channel.EMAIL, TEXTS: Channel.SMS}


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """A service by its code; `late_since` None: it keeps up."""

    code: str
    late_since: datetime | None


@dataclass(frozen=True, slots=True)
class GateHealth:
    """A gate: when it worked last, what waits, what went wrong last and when; `late_since` as the public page says it.

    `problem` is the gate's own code, `problem_text` the other side's words; `for_people` waits for a person's word.
    """

    code: str
    done_at: datetime | None
    waiting: int
    late_since: datetime | None
    problem: str = ""
    problem_text: str = ""
    problem_at: datetime | None = None
    for_people: int = 0


def statuses(*, at: datetime) -> tuple[ServiceStatus, ...]:
    """Return the site (it answers, or nobody reads this), background work and each gate."""
    late = _gates_late(at)
    work = _late(jobs.waiting_since(at), at)
    return (
        ServiceStatus("site", None),
        ServiceStatus("work", work),
        *(ServiceStatus(code, since) for code, since in late.items()),
    )


def gates(*, at: datetime) -> tuple[GateHealth, ...]:
    """Return each gate with its figures, for those who look after the exchange."""
    late = _gates_late(at)
    broken = next((one for one in messages.looks() if one.error), None)
    problem = ("mailbox", broken.error, broken.looked_at) if broken else ("", "", None)
    return (
        _incoming(MAIL, late, *problem),
        *(_outgoing(code, late) for code in _OUT),
        _incoming(SMS, late),
        _portal(late, at),
        _receipts(late),
    )


def _gates_late(at: datetime) -> dict[str, datetime | None]:
    arrived, stuck = inbox.waiting_since(), messages.stuck_since(at)
    broken = [one.looked_at for one in messages.looks() if one.error]
    late = {SMS: _late(arrived.get(SMS), at), MAIL: _late(arrived.get(MAIL), at) or min(broken, default=None)}
    late |= {code: _late(stuck.get(channel), at) for code, channel in _OUT.items()}
    late[RECEIPTS] = _late(payments.receipts_wait_since(), at)
    return late | {GIS: at if exchange.trouble(PORTAL) else None}


def _incoming(
    code: str,
    late: Mapping[str, datetime | None],
    problem: str = "",
    problem_text: str = "",
    problem_at: datetime | None = None,
) -> GateHealth:
    flow = inbox.inflow(code)
    if not problem and flow.failed_at is not None:
        problem, problem_at = "not_read", flow.failed_at
    return GateHealth(code, flow.done_at, flow.waiting, late[code], problem, problem_text, problem_at)


def _outgoing(code: str, late: Mapping[str, datetime | None]) -> GateHealth:
    flow = messages.outflow(_OUT[code])
    return GateHealth(code, flow.done_at, flow.waiting, late[code], flow.problem, "", flow.problem_at)


def _portal(late: Mapping[str, datetime | None], at: datetime) -> GateHealth:
    health, wrong = exchange.health(PORTAL, at=at), exchange.last_problem(PORTAL)
    return GateHealth(
        GIS,
        health.done_at,
        health.open,
        late[GIS],
        problem=wrong.problem if wrong else "",
        problem_text=wrong.text if wrong else "",
        problem_at=wrong.at if wrong else None,
        for_people=health.trouble,
    )


def _receipts(late: Mapping[str, datetime | None]) -> GateHealth:
    flow = payments.receipts()
    return GateHealth(
        RECEIPTS, flow.done_at, flow.waiting, late[RECEIPTS], flow.problem, flow.problem_text, flow.problem_at
    )


def _late(since: datetime | None, at: datetime) -> datetime | None:
    return since if since is not None and at - since > LONGEST else None
