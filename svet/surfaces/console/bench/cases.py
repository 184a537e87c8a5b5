"""How quickly appeals are taken, shown and found in a register of two years, on one core.

Pages are asked at a thousand cases, a hundred thousand and SIZE, so that a cost that grows with the register shows.
A page's floor is a view that does nothing behind the same middleware, asked by the same person. The floor of taking
appeals is the database alone copying the very rows that a case leaves, case by case, each in a transaction.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from http import HTTPStatus
from typing import Any

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.cases import actions as register
from svet.domains.notifications import actions as messages
from svet.flows import mail_intake
from svet.flows.mail_intake import MailTerms
from svet.infra import clock
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.bench._progress import step
from svet.surfaces.console.bench._register import RARE_CHANNEL, RARE_KIND, RARE_SUBJECT, SAID, build_register
from svet.surfaces.console.bench._town import build_town, vacuum
from svet.surfaces.console.bench.pages import operator

ASKED, TAKEN, ROUNDS, STAFF, WARM = 200, 100, 8, 12, 8
BARE = "does nothing"
STEPS = (1_000, 100_000)
"""Smaller registers whose pages are asked too, each made anew."""
A_PAUSE = 3.5
"""Seconds that the public form wants between being shown and being sent."""
NUMBERS = "ноль один два три четыре пять шесть семь восемь девять десять".split()
OURS = MailTerms(own_addresses=("info@svet.example",), domain="svet.example")
LEFT = ("cases_letter", "cases_applicant", "cases_event", "cases_clock", "cases_words")
"""Tables that hold what belongs to a case by its id."""

LISTS: dict[str, Sequence[dict[str, str]]] = {
    "register": [{}],
    "filters": [
        {"state": "open"},
        {"channel": "by_email", "kind": "grievance"},
        {"subject": "bill", "state": "open"},
        {"assignee": "nobody"},
        {"assignee": "mine"},
        {"state": "overdue"},
    ],
    "rare values": [
        {"channel": RARE_CHANNEL},
        {"kind": RARE_KIND},
        {"subject": RARE_SUBJECT},
        {"state": "unread"},
        {"kind": RARE_KIND, "channel": RARE_CHANNEL},
        {"subject": RARE_SUBJECT, "state": "open"},
    ],
    "search by text": [
        {"text": "счётчик"},
        {"text": "прошу пересчитать пени"},
        {"text": "подстанции телевизор"},
        {"text": "40000123"},
        {"text": "Смирнов Александр"},
        {"text": "Кузнецов холодильник"},
        {"text": "нетакогослова"},
        {"text": "writer77@example.org"},
    ],
}


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Measure pages and search in growing registers, the last of `size` cases, then intake."""
    accounts = max(size // 10, 100)
    with step(f"a town of {accounts:,} accounts"):
        build_town(accounts, at=at, months=1)
    register.load_reference(at=at)
    staff = [access.create_user(f"bench-{n}", password=None, at=at, roles=["operator"]) for n in range(STAFF)]
    figures: dict[str, Figure] = {}
    with override_settings(ALLOWED_HOSTS=["localhost"], SECURE_SSL_REDIRECT=False):
        browser = operator(at=at)
        first: dict[str, Asked] = {}
        for cases in [*(one for one in STEPS if one < size), size]:
            started = time.perf_counter()
            with step(f"a register of {cases:,} cases"):
                build_register(cases, accounts=accounts, staff=staff, at=at)
            figures[f"cases generated, {cases:,}"] = Figure(cases / (time.perf_counter() - started), unit="cases/s")
            vacuum()
            pages = _pages(browser, size=cases)
            first = first or pages
            for name in pages:
                figures |= _told(name, pages, first=first, size=cases)
        return figures | _intake()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page took: the seconds of each view, and the most statements that one of them asked the database."""

    spent: Sequence[float]
    statements: int


def _pages(browser: Client, *, size: int) -> dict[str, Asked]:
    """Return what the pages of a register took, by name."""
    with connection.cursor() as cursor:
        places = [1 + place * max(size // ASKED, 1) for place in range(min(ASKED, size))]
        cursor.execute("SELECT number FROM cases_case WHERE id = ANY(%s) ORDER BY id", [places])
        numbers = [row[0] for row in cursor.fetchall()]
    pages, workload = reverse("desk:cases"), reverse("desk:workload")
    found = {BARE: _asked(BARE, lambda _: browser.get(reverse("healthz")), range(ASKED))}
    found["case"] = _asked("case", lambda one: browser.get(reverse("desk:case", args=[one])), numbers)
    for name, terms in LISTS.items():
        often = ROUNDS * (1 if len(terms) > 1 else 5)
        found[name] = _asked(name, lambda one: browser.get(pages, one), list(terms) * often)
    return found | {"workload": _asked("workload", lambda _: browser.get(workload), range(ROUNDS * 5))}


def _told(name: str, pages: Mapping[str, Asked], *, first: Mapping[str, Asked], size: int) -> dict[str, Figure]:
    """Return what a page costs beside the page that does nothing, and how many times more than in the first register.

    Growth is told of the middle view, each against its own minute's page that does nothing: a machine that became
    busier must not look like a page that became dearer.
    """
    asked, floor, label = pages[name].spent, pages[BARE].spent, f"{name}, {size:,}"
    slow, bare = _p95(asked), _p95(floor)
    told = {
        label: Figure.against(1 / statistics.mean(asked), floor=1 / statistics.mean(floor), unit="views/s"),
        f"{label}, p95": Figure(value=slow, unit="ms", floor=bare, ratio=slow / bare),
        f"{label}, statements": Figure(value=pages[name].statements, unit="a view"),
    }
    if pages is not first and name != BARE:
        grown = _against_bare(name, pages) / _against_bare(name, first)
        told[f"{label}, grown"] = Figure(value=grown, unit=f"times the cost at {STEPS[0]:,}")
    return told


def _against_bare(name: str, pages: Mapping[str, Asked]) -> float:
    return statistics.median(pages[name].spent) / statistics.median(pages[BARE].spent)


def _p95(spent: Sequence[float]) -> float:
    return statistics.quantiles(spent, n=20)[-1] * 1000


def _asked(name: str, ask: Callable[[Any], Any], of: Sequence[Any]) -> Asked:
    """Return what each answer took; the first few, which warm everything and count statements, are asked before."""
    most, spent = 0, []
    with step(f"{name}: {len(of)} views"):
        for one in of[:WARM]:
            with CaptureQueriesContext(connection) as statements:
                ask(one)
            most = max(most, len(statements))
        for one in of:
            started = time.perf_counter()
            answer = ask(one)
            spent.append(time.perf_counter() - started)
            if answer.status_code != HTTPStatus.OK:
                raise RuntimeError(f"{answer.request['PATH_INFO']} answered {answer.status_code}")
    return Asked(spent, most)


def _intake() -> dict[str, Figure]:
    figures = {}
    for name, take in (("taken by the public form", _by_the_form), ("taken from the mailbox", _by_mail)):
        last = _last_case()
        with step(f"{name}: {TAKEN} cases"):
            value = TAKEN / take()
        figures[name] = Figure.against(value, floor=_floor(since=last), unit="cases/s")
    return figures


def _by_the_form() -> float:
    """Return the seconds in which appeals were sent by the public form, each from an address of its own."""
    page, forms = reverse("website:new_appeal"), []
    for place in range(TAKEN):
        shown = Client(HTTP_HOST="localhost", REMOTE_ADDR=f"10.9.0.{place + 1}")
        text = shown.get(page).content.decode()
        mark, asked = (
            re.search(r'name="mark" value="([^"]+)"', text),
            re.search(r"Сколько будет (\w+) плюс (\w+)", text),
        )
        if mark is None or asked is None:
            raise RuntimeError("the form shows no question")
        data = {"mark": mark[1], "sum": str(NUMBERS.index(asked[1]) + NUMBERS.index(asked[2])), "consent": "on"}
        data |= {"kind": "question", "subject": "bill_amount", "text": f"{SAID[place % len(SAID)]} {place}"}
        data |= {"applicant_kind": "person", "name": "Замерова Анна", "email": f"form{place}@example.org"}
        forms.append((shown, data))
    time.sleep(A_PAUSE)
    started = time.perf_counter()
    answers = {shown.post(page, data).status_code for shown, data in forms}
    spent = time.perf_counter() - started
    if answers != {HTTPStatus.FOUND}:
        raise RuntimeError(f"appeals were not taken: {answers}")
    return spent


def _by_mail() -> float:
    """Return the seconds in which letters of a mailbox were kept, read and registered."""
    letters = []
    for place in range(TAKEN):
        letter = EmailMessage()
        letter["From"], letter["To"] = f"mail{place}@example.org", OURS.own_addresses[0]
        letter["Subject"], letter["Message-ID"] = "Вопрос по счёту", f"<bench-{place}@example.org>"
        letter.set_content(f"{SAID[place % len(SAID)]} {SAID[(place * 5) % len(SAID)]} {place}")
        letters.append(bytes(letter))
    started = time.perf_counter()
    for uid, raw in enumerate(letters, 1):
        now = clock.now()
        mail_id = messages.take_mail(raw, mailbox="bench", uidvalidity=1, uid=uid, at=now, size=len(raw))
        mail_intake.settle(mail_id, terms=OURS, at=now)
    return time.perf_counter() - started


def _last_case() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM cases_case")
        return int(cursor.fetchone()[0])


def _floor(*, since: int) -> float:
    """Return how many cases per second the database alone copies of those made after the id `since`."""
    columns = {table: _columns(table) for table in ("cases_case", *LEFT)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM cases_case WHERE id > %s ORDER BY id", [since])
        made = [row[0] for row in cursor.fetchall()]
        if len(made) != TAKEN:
            raise RuntimeError(f"{len(made)} cases were made of {TAKEN}")
        started = time.perf_counter()
        for case_id in made:
            with transaction.atomic():
                for table, (names, values) in columns.items():
                    known_by = "id" if table == "cases_case" else "case_id"
                    query = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {known_by} = %s"  # noqa: S608
                    cursor.execute(query, [case_id])
        return len(made) / (time.perf_counter() - started)


def _columns(table: str) -> tuple[str, str]:
    """Return the columns of a row but its id, and their values in a copy that belongs to the copied case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'"
            " AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        names = [row[0] for row in cursor.fetchall()]
    copied = "currval(pg_get_serial_sequence('cases_case', 'id'))"
    other = {"number": "'copy-' || id", "key": "'copy-' || key", "case_id": copied}
    return ", ".join(names), ", ".join(other.get(name, name) for name in names)
