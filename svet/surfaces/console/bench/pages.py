"""How quickly the pages answer where people spend their days, each asked of many accounts in turn on one core.

A page's floor is a view that does nothing behind the same middleware. The reading form's is a bare view behind that
middleware, asked by the same signed-in person, which inserts the very rows that a submission leaves; how quickly the
database takes such rows with no web around is told beside it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, path, reverse

from svet.domains.access import actions as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as known
from svet.domains.accounts.queries import AccountView
from svet.domains.accounts.rules import GrantRole
from svet.domains.cases import actions as cases
from svet.domains.cases.rules.identity import DocumentKind
from svet.domains.metering import queries as metering
from svet.kernel.period import Month
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.bench._town import build_town, vacuum
from svet.surfaces.console.bench.bills import bill
from svet.surfaces.web.middleware import SECOND_FACTOR

ASKED, SUBMITTED, TURN = 200, 100, 10
HISTORY, LAST = 24, Month("2026-09")
BILLED_FOR_ALL = 2
"""Months billed for everybody; those before only for the accounts that are asked, so that they have their 24 bills."""
PASSWORD = "zamer-skorosti-stranic"  # noqa: S105 (of a town that is dropped after the measurement)
WRITTEN = ("metering_receipt", "metering_reading", "infra_fact", "infra_audit")
BARE, FORM = "bare/", "application/x-www-form-urlencoded"
Written = tuple[str, int]
"""A row that was written: its table and id."""


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Measure pages over `size` accounts with 24 months of readings; those that are asked have 24 bills too."""
    step = max(size // ASKED, 1)
    months = [LAST.plus(-back) for back in reversed(range(HISTORY))]
    build_town(size, at=at, months=HISTORY + 2, part=f"n % {step} = 1 % {step}")
    for month in months[:-BILLED_FOR_ALL]:
        bill(month, at=at, workers=1)
    build_town(size, at=at, months=HISTORY + 2, part=f"n % {step} <> 1 % {step}")
    billed = {}
    for month in months[-BILLED_FOR_ALL:]:
        _, rating, issuing = bill(month, at=at, workers=2)
        told = Figure(value=size / (rating + issuing), unit=f"bills/s ({rating:.0f} s rated, {issuing:.0f} s issued)")
        billed[f"{month.text} for everybody, two workers"] = told
    accounts.index_all(on=at.date())
    vacuum()
    asked = _sample(size)
    with override_settings(ALLOWED_HOSTS=["localhost"], SECURE_SSL_REDIRECT=False):
        return billed | _measured(asked, at=at)


def _measured(asked: Sequence[AccountView], *, at: datetime) -> dict[str, Figure]:
    customer, staff = _customer(asked, at=at), operator(at=at)
    floor = _p95(lambda _: customer.get(reverse("healthz")), asked)
    figures = {"does nothing, p95": Figure(value=floor, unit="ms")}
    pages: dict[str, Callable[[AccountView], Any]] = {
        "account home": lambda one: customer.get(reverse("cabinet:home", args=[one.number])),
        "reading form": lambda one: customer.get(reverse("cabinet:give_reading", args=[one.number])),
        "bills": lambda one: customer.get(reverse("cabinet:bills", args=[one.number])),
        "card at the desk": lambda one: _card(staff, one, at=at),
        "search while typing": lambda one: staff.get(
            reverse("desk:find"), {"q": one.number[:7]}, HTTP_HX_REQUEST="true"
        ),
    }
    for name, ask in pages.items():
        value = _p95(ask, asked)
        figures[f"{name}, p95"] = Figure(value=value, unit="ms", floor=floor, ratio=value / floor)
        figures[f"{name}, weight"] = Figure(value=len(ask(asked[0]).content) / 1024, unit="KiB of HTML")
    given, bare, naked = _submissions(customer, asked[:SUBMITTED], at=at)
    figures["readings given by the form"] = Figure.against(given, floor=bare, unit="requests/s")
    figures["the same rows without a web around"] = Figure(value=naked, unit="inserts/s")
    figures["sign-ins"] = Figure(value=_sign_ins(asked[:20]), unit="sign-ins/s")
    return figures


def _sample(size: int) -> list[AccountView]:
    step = max(size // ASKED, 1)
    numbers = (f"78{place * step + 1:08d}" for place in range(min(ASKED, size)))
    found = (known.account_by_number(number) for number in numbers)
    return [one for one in found if one is not None]


def _customer(asked: Sequence[AccountView], *, at: datetime) -> Client:
    user_id = access.create_user("bench-customer", password=PASSWORD, at=at)
    for one in asked:
        accounts.grant_access(one.id, user_id=user_id, role=GrantRole.OWNER, from_on=one.opened_on, at=at)
    return _browser(user_id)


def operator(*, at: datetime) -> Client:
    """Return the browser of an operator who has signed in with his second factor."""
    user_id = access.create_user("bench-operator", password=PASSWORD, at=at, roles=["operator"])
    access.set_up_authenticator(user_id, secret="JBSWY3DPEHPK3PXP", at=at)  # noqa: S106 (the same)
    browser = _browser(user_id)
    session = browser.session
    session[SECOND_FACTOR] = user_id
    session.save()
    return browser


def _browser(user_id: int) -> Client:
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(get_user_model().objects.get(pk=user_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def _card(browser: Client, one: AccountView, *, at: datetime) -> Any:
    """Ask for the card of a customer who was identified."""
    session = browser.session
    identified = cases.identify_by_document(
        one.number, operator_id=int(session["_auth_user_id"]), document=DocumentKind.PASSPORT, at=at
    )
    session["identified"] = {one.number: identified}
    session.save()
    started = time.perf_counter()
    answer: Any = browser.get(reverse("desk:account", args=[one.number]))
    answer.took = time.perf_counter() - started
    return answer


def _p95(ask: Callable[[AccountView], Any], asked: Sequence[AccountView]) -> float:
    took = []
    for one in asked:
        started = time.perf_counter()
        answer = ask(one)
        spent = time.perf_counter() - started
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(
                f"{answer.request['PATH_INFO']} answered {answer.status_code} {answer.headers.get('Location', '')}"
            )
        took.append(getattr(answer, "took", spent) * 1000)
    return statistics.quantiles(took, n=20)[-1]


def _submissions(browser: Client, asked: Sequence[AccountView], *, at: datetime) -> tuple[float, float, float]:
    """Return submissions per second of the form, of a bare view that inserts as many such rows, of the database alone.

    They take turns by tens, so that a machine which others use is as fast for each. The bare view stands among the
    pages all the time: a change of addresses would make the next page resolve every address anew.
    """
    forms, bare = list(_filled(asked, at=at)), _Bare()
    spent = dict.fromkeys(("form", "bare", "naked"), 0.0)
    with override_settings(ROOT_URLCONF=(path(BARE, bare.view), *get_resolver().url_patterns)):
        browser.get(forms[0][0])
        for start in range(0, len(forms), TURN):
            turn, before = forms[start : start + TURN], _last_ids()
            spent["form"] += _posted(browser, turn, expected=HTTPStatus.FOUND)
            rows = _rows_since(before)
            bare.shares = [rows[place :: len(turn)] for place in range(len(turn))]
            spent["naked"] += bare.inserted_alone()
            places = [(f"/{BARE}", f"place={place}") for place in range(len(turn))]
            spent["bare"] += _posted(browser, places, expected=HTTPStatus.OK)
    form, floor, naked = (len(forms) / seconds for seconds in spent.values())
    return form, floor, naked


def _filled(asked: Sequence[AccountView], *, at: datetime) -> Iterator[tuple[str, str]]:
    """Yield the page and the typed form of each meter of these accounts."""
    for one in asked:
        for meter in metering.form_for(one.id, on=at.date()):
            values = {f"t{field.position}": str(int(field.previous or 0) + 90) for field in meter.registers}
            known_by = {"meter": meter.meter_serial, "source_id": f"bench-{one.number}", "taken_on": at.date()}
            yield reverse("cabinet:give_reading", args=[one.number]), urlencode({**known_by, **values})


def _posted(browser: Client, forms: Sequence[tuple[str, str]], *, expected: HTTPStatus) -> float:
    """Send forms as a browser sends those without files; return how many seconds that took."""
    started = time.perf_counter()
    answers = {browser.post(page, typed, content_type=FORM).status_code for page, typed in forms}
    spent = time.perf_counter() - started
    if answers != {expected}:
        raise RuntimeError(f"{forms[0][0]} answered {answers}")
    return spent


class _Bare:
    """Inserts rows like given ones (`shares`: those of each submission), with a web around or without."""

    def __init__(self) -> None:
        self.columns = {table: _columns(table) for table in WRITTEN}
        self.shares: list[list[Written]] = []

    def view(self, request: HttpRequest) -> HttpResponse:
        self._insert(int(request.POST["place"]), "b")
        return HttpResponse(f"ok, {request.user.pk}")

    def inserted_alone(self) -> float:
        """Return how many seconds the rows take with no web around."""
        started = time.perf_counter()
        for place in range(len(self.shares)):
            self._insert(place, "a")
        return time.perf_counter() - started

    def _insert(self, place: int, mark: str) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, row_id in self.shares[place]:
                names, values = self.columns[table]
                query = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE id = %(id)s"  # noqa: S608
                cursor.execute(query, {"id": row_id, "mark": mark})


def _last_ids() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for table in WRITTEN:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def _rows_since(before: dict[str, int]) -> list[Written]:
    rows = []
    with connection.cursor() as cursor:
        for table, last in before.items():
            cursor.execute(f"SELECT id FROM {table} WHERE id > %s ORDER BY id", [last])  # noqa: S608
            rows += [(table, row[0]) for row in cursor.fetchall()]
    return rows


def _columns(table: str) -> tuple[str, str]:
    """Return the columns of a row but its id, and their values in a second such row that breaks no unique key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'id'", [table]
        )
        names = [row[0] for row in cursor.fetchall()]
    other = {"number": "number || %(mark)s", "source_id": "source_id || %(mark)s", "receipt_id": "NULL"}
    return ", ".join(names), ", ".join(other.get(name, name) for name in names)


def _sign_ins(asked: Sequence[AccountView]) -> float:
    started = time.perf_counter()
    for _ in asked:
        browser = Client(HTTP_HOST="localhost")
        answer = browser.post(reverse("account_login"), {"login": "bench-customer", "password": PASSWORD})
        if answer.status_code != HTTPStatus.FOUND:
            raise RuntimeError(f"nobody signed in: {answer.status_code}")
    return len(asked) / (time.perf_counter() - started)
