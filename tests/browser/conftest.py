"""A real browser, Chromium's build without windows, against a live server with the cast. Journeys run in one worker and
share its browser, looks at all pages in another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import os
import re
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pypdf import PdfReader

from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.infra import clock
from svet.surfaces.website.robots import NUMBERS
from tests import cast, reference
from tests.architecture.test_urls import signed_in
from tests.browser.halls import Hall, a_hall

PATIENCE = 10_000
"""Milliseconds until a deed or an expectation is given up: pages that ask by themselves come after some seconds."""
expect.set_options(timeout=PATIENCE)

# Playwright keeps an event loop in this thread; the tests' own few reads are safe in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PICTURES = bool(os.environ.get("SVET_PICTURES"))
"""Whether to keep pictures for people to leaf through: no test looks at them, and they take a fifth of the time."""
SCREENSHOTS = Path(settings.VAR_DIR) / "screenshots"
DESKTOP, PHONE, SMALL_PHONE = (
    {"width": 1280, "height": 900},
    {"width": 390, "height": 844},
    {"width": 360, "height": 740},
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Looking at all pages takes as long as all journeys together: two workers share them.
            item.add_marker(pytest.mark.xdist_group("pages" if item.path.stem == "test_every_page" else "journeys"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {
        "executable_path": "/usr/bin/chromium-headless-shell",
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture
def people(transactional_db, monkeypatch) -> cast.Cast:
    """Bring the cast, prices and offices into the database, and the clock to the day of the tests."""
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


@pytest.fixture
def visit(browser: Browser, live_server, people) -> Callable[..., Page]:
    """Open a page of the site in a browser window of its own; nothing on it may be against the site's policy."""
    opened: list[BrowserContext] = []
    refused: list[str] = []

    def listen(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            refused.append(f"{said.page.url if said.page else ''}: {said.text}")

    def open_window(path: str = "/", **terms: object) -> Page:
        given = {"viewport": DESKTOP, "locale": "ru-RU", "base_url": live_server.url} | terms
        context = browser.new_context(**given)
        context.set_default_timeout(PATIENCE)
        context.on("console", listen)
        opened.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_window
    for context in opened:
        context.close()
    assert refused == []


@pytest.fixture
def hall(people) -> Hall:
    return a_hall()


@pytest.fixture
def at_window(people, hall) -> int:
    operator_id = people.staff["operator"].user_id
    visits.sit_down(hall.window_id, operator_id=operator_id, at=clock.now())
    return operator_id


def violations(page: Page, options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what axe finds on the page; it is brought into a page that lacks it.

    It may not load style sheets again: their copies would be styles of its own in the page, against the site's policy.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(
        "(options) => axe.run(document, options).then((results) => results.violations)",
        options | {"preload": False, "resultTypes": ["violations"]},
    )
    return found


def sheets(page: Page) -> int:
    """Return on how many sheets the page is printed, of the size that it asks for."""
    page.wait_for_load_state()
    return len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def sign_in(page: Page, username: str, *, secret: str = "") -> None:
    """Sign in as people do, with the code of the application where one is asked."""
    page.goto("/sign-in/")
    page.get_by_label("Номер лицевого счёта, телефон или почта").fill(username)
    page.get_by_label("Пароль").fill(cast.PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Войти").click()
    if secret:
        page.get_by_label("Код").fill(code(secret))
        # Whoever goes on before the answer came never gets its cookie.
        with page.expect_navigation():
            page.get_by_role("button", name="Войти").click()


def come_back(page: Page, username: str) -> None:
    """Bring in a person whose browser kept the session of a sign-in, with the second factor where one is set up."""
    keep_session(page, signed_in(get_user_model().objects.get(username=username).pk, proved=True))
    page.goto("/sign-in/")


def keep_session(page: Page, browser: Client) -> None:
    """Give the page's window the session of whoever is signed in in `browser`."""
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": urljoin(page.url, "/")}])


def answer_the_sum(page: Page) -> None:
    """Answer what a form asks to tell people from robots."""
    asked = page.get_by_text(re.compile("Сколько будет")).inner_text()
    first, second = re.search(r"(\w+) плюс (\w+)", asked).groups()
    page.get_by_label("Проверка, что вы не робот").fill(str(NUMBERS.index(first) + NUMBERS.index(second)))


def at_the_desk(visit, people, role: str, path: str) -> Page:
    page = visit("/healthz")
    come_back(page, people.staff[role].username)
    page.goto(path)
    return page


def code(secret: str) -> str:
    """Return what the authenticator application shows now."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the whole page for people to look at, when they are wanted."""
    if not PICTURES:
        return
    kept = SCREENSHOTS / f"{name}.png"
    kept.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=kept, full_page=True)


def scrolls_sideways(page: Page) -> bool:
    """Say whether the page is wider than its window; right after a click there may be no document yet."""
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
