"""A day of 20 offices, 400 visits each, on the real actions: order kept, nobody starves, how far the forecast is off.

A day before gives the forecast its history. Then: how long a call takes to reach a board while 100 boards ask the real
server every second.
"""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import threading
import time as seconds
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random

import httpx
from django.conf import settings
from django.db import connection
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.offices import queries as offices
from svet.domains.offices.rules import Audience
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.actions import Wanted
from svet.domains.visits.rules import DeviceKind, Reason
from svet.infra.clock import MOSCOW
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.demo.visitors import Call, Day, live_a_day
from svet.surfaces.console.processes import web_command

WARM, LIVED, BUSY = date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19)
OFFICES, A_DAY, WINDOWS = 20, 400, 8
BOARDS, CALLS, EVERY, WAITING = 100, 20, 1.0, 40


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Live the day with `size` visits at most, then measure the boards."""
    count = max(20, min(A_DAY, size // OFFICES))
    windows = max(1, round(WINDOWS * count / A_DAY))
    started, days = seconds.perf_counter(), []
    codes = [one.code for one in offices.directory()][:OFFICES]
    for place, code in enumerate(codes):
        operators = _seated(code, windows, at=_morning(WARM))
        days.append(_lived(code, operators, count=count, place=place))
    took = seconds.perf_counter() - started
    calls = [call for day in days for call in day.calls]
    offices_of_day, _ = queries.wait_figures(since=LIVED, until=LIVED, target=timedelta(minutes=15))
    waits = sorted(_waited(call) for call in calls)
    errors = [
        _minutes(abs(c.at - c.ticket.expected_at)) for c in calls if c.ticket.expected_at and c.ticket.missed == 0
    ]
    figures = {
        "visits": Figure(sum(day.issued for day in days), "visits"),
        "nobody called by closing": Figure(sum(one.expired for one in offices_of_day), "visits"),
        "calls against the order of coming": Figure(_against_order(days), "calls"),
        "wait, half": Figure(statistics.median(waits), "min"),
        "wait, nine of ten": Figure(waits[len(waits) * 9 // 10], "min"),
        "wait, longest": Figure(waits[-1], "min"),
        "wait out of turn, longest": Figure(max(_waited(c) for c in calls if c.ticket.privilege), "min"),
        "forecast off, half": Figure(statistics.median(errors), "min"),
        "forecast off, nine of ten": Figure(sorted(errors)[len(errors) * 9 // 10], "min"),
        "calls owed to who waited long": Figure(_by_reason(calls)[Reason.WAITED_LONG], "calls"),
        "actions": Figure(sum(day.issued + 3 * len(day.calls) for day in days) / took, "actions/s"),
    }
    return figures | _boards(codes[0], at=at)


def _lived(code: str, operators: list[int], *, count: int, place: int) -> Day:
    """Live the warm-up day and the measured one; return the latter."""
    day = Day()
    for on in (WARM, LIVED):
        day = live_a_day(
            code,
            on,
            operators=operators,
            services=queries.services(),
            count=count // 4 if on == WARM else count,
            random=Random(place),  # noqa: S311 — visitors, not secrets
        )
        visits.end_days(at=_morning(on + timedelta(days=1)) - timedelta(hours=7))
        visits.count_paces(at=_morning(on))
        if on == WARM:
            for window, operator in zip(queries.windows(code), operators, strict=True):
                visits.sit_down(window.window_id, operator_id=operator, at=_morning(LIVED))
    return day


def _seated(code: str, windows: int, *, at: datetime) -> list[int]:
    found = []
    for number in range(1, windows + 1):
        operator = _staff(f"{code}-day", number, at=at)
        visits.sit_down(visits.make_window(code, number, at=at), operator_id=operator, at=at)
        found.append(operator)
    return found


def _staff(name: str, number: int, *, at: datetime) -> int:
    return access.create_user(f"{name}-{number}"[:150], password=uuid.uuid4().hex, at=at, roles=["operator"])


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 30), tzinfo=MOSCOW)


def _waited(call: Call) -> float:
    return _minutes(max(call.at - call.ticket.counts_from, timedelta(0)))


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def _by_reason(calls: list[Call]) -> Counter[str]:
    return Counter(call.ticket.call_reason for call in calls)


def _against_order(days: list[Day]) -> int:
    """Count the calls "in turn" of somebody who came after one who was called "in turn" later: there are none."""
    wrong = 0
    for day in days:
        latest: datetime | None = None
        for call in day.calls:
            if call.ticket.call_reason == Reason.IN_TURN:
                wrong += latest is not None and call.ticket.counts_from < latest
                latest = max(latest or call.ticket.counts_from, call.ticket.counts_from)
    return wrong


def _boards(code: str, *, at: datetime) -> dict[str, Figure]:
    """Measure from the press of a button at a kiosk to the answer that shows the ticket, at each of 100 boards.

    The server lives at noon of a day with a full hall, so that each new version is drawn with its whole forecast.
    """
    noon = _morning(BUSY) + timedelta(hours=4, minutes=30)
    _fill(code, at=noon)
    board = visits.make_device(code, DeviceKind.BOARD, name="board", at=at)
    kiosk = visits.make_device(code, DeviceKind.KIOSK, name="kiosk", at=at)
    path = reverse("hall:board_now", kwargs={"device": board})
    with _server(noon) as base:
        seen: dict[int, dict[str, float]] = {place: {} for place in range(BOARDS)}
        stop = threading.Event()
        boards = [
            threading.Thread(target=_watch, args=(base + path, seen[place], stop, place / BOARDS), daemon=True)
            for place in range(BOARDS)
        ]
        for one in boards:
            one.start()
        seconds.sleep(3)
        made = {}
        with httpx.Client(timeout=10, follow_redirects=True) as client:
            for _ in range(CALLS):
                pressed = _press(client, base + reverse("hall:kiosk_service", args=[kiosk, "charges"]))
                made[f'"{queries.version(code)}'] = pressed
                seconds.sleep(1.7)
        stop.set()
        for one in boards:
            one.join()
    delays = sorted(when - made[tag] for one in seen.values() for tag, when in one.items() if tag in made)
    return {
        "kiosk to board with 100 boards, half": Figure(1000 * statistics.median(delays), "ms", floor=500 * EVERY),
        "kiosk to board with 100 boards, 95 %": Figure(1000 * delays[len(delays) * 95 // 100], "ms", floor=950 * EVERY),
        "kiosk to board with 100 boards, longest": Figure(1000 * delays[-1], "ms", floor=1000 * EVERY),
        "changes that boards saw": Figure(len(delays), f"of {CALLS * BOARDS}"),
    }


def _fill(code: str, *, at: datetime) -> None:
    """Open all windows of a hall with a visitor at each, and let many wait."""
    operators = {one.window_id: _staff(code, one.number, at=at) for one in queries.windows(code)}
    for window_id, operator in operators.items():
        visits.sit_down(window_id, operator_id=operator, at=at - timedelta(hours=1))
    for place in range(WAITING):
        wanted = Wanted(code, "charges", Audience.INDIVIDUALS, uuid.uuid4().hex)
        visits.issue(wanted, at=at - timedelta(minutes=30) + timedelta(seconds=30 * place))
    for operator in operators.values():
        visits.call_next(operator, at=at - timedelta(minutes=2))


def _press(client: httpx.Client, address: str) -> float:
    """Take a ticket at a kiosk; return when the button was pressed."""
    page = client.get(address).text
    given = dict(re.findall(r'name="(csrfmiddlewaretoken|request_key|audience)" value="([^"]+)"', page))
    pressed = seconds.monotonic()
    client.post(address, data=given | {"privilege": ""}).raise_for_status()
    return pressed


def _watch(url: str, seen: dict[str, float], stop: threading.Event, lag: float) -> None:
    """Ask as a board does; note when each version was first seen."""
    seconds.sleep(lag)
    tag = ""
    with httpx.Client(timeout=10) as client:
        while not stop.is_set():
            answer = client.get(url, headers={"If-None-Match": tag} if tag else {})
            if answer.status_code == httpx.codes.OK:
                tag = answer.headers["ETag"]
                seen.setdefault(tag.removeprefix("W/").rpartition("-")[0], seconds.monotonic())
            seconds.sleep(EVERY)


@contextmanager
def _server(now: datetime) -> Iterator[str]:
    """Run the real server over the database of the measurement, at a moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    terms = os.environ | {
        "SVET_DB_NAME": str(connection.settings_dict["NAME"]),
        "SVET_VAR": str(settings.VAR_DIR),
        "SVET_CLOCK_OFFSET": str(now.timestamp() - seconds.time()),
    }
    server = subprocess.Popen(  # noqa: S603 (our own server)
        web_command(host="127.0.0.1", port=port, workers=1, threads=8),
        env=terms,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            seconds.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)
