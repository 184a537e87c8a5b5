"""Every page for everybody: axe finds nothing on it in any theme, it never scrolls sideways, small or magnified.

`SVET_PICTURES=1 make test` also keeps pictures of all pages in var/screenshots/pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from svet.domains.offices.models import Company
from svet.domains.visits import actions as visits
from svet.flows import hall_window
from svet.infra import clock
from tests import cast, doors
from tests.architecture.test_urls import ALL, SAMPLES, address, signed_in
from tests.browser.busy import HALL, busy_town, moved_to, samples, till_of_the_day, view_and_files
from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    PICTURES,
    SMALL_PHONE,
    keep_session,
    photograph,
    scrolls_sideways,
    violations,
)

MAGNIFIED = {"width": 640, "height": 450}
"""A window of 1,280 pixels at 200 % zoom."""
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
"""What a theme can break: it changes colours and nothing else (surfaces/web/tests/test_themes.py)."""
THEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "contrast": "no-preference"},
    "dark": {"color_scheme": "dark", "contrast": "no-preference"},
    "high contrast": {"color_scheme": "light", "contrast": "more"},
}
SPACES = ("website:", "cabinet:", "desk:", "hall:")
SPACES += ("account_", "mfa_", "usersessions", "components", "sign_", "forgotten")


@pytest.fixture
def busy(people) -> cast.Cast:
    return busy_town(people)


def shown(browser: Client, people: cast.Cast) -> Iterator[str]:
    """Yield the addresses that show this person a page, by the site's own list of addresses."""
    given = samples(people)
    for name, pattern in ALL.items():
        if not name.startswith(SPACES) or not set(pattern.pattern.converters) <= set(given):
            continue
        device = {}
        if name.startswith("hall:") and "device" in pattern.pattern.converters:
            device["device"] = HALL[name.removeprefix("hall:").partition("_")[0]]
        asked = address(name, pattern, **given | device)
        # A device forgets whoever used it: it must not sign this person out.
        answer = (Client() if device else browser).get(asked)
        is_page = answer.status_code == 200 and not answer.streaming  # what comes by pieces is a file
        if is_page and answer.content.lstrip().lower().startswith(b"<!doctype html"):
            yield asked


def problems(page: Page, path: str) -> list[str]:
    """Return what is wrong with one page in all windows and themes, as lines to read."""
    found = []
    page.emulate_media(color_scheme="light", contrast="no-preference", reduced_motion="reduce")
    page.set_viewport_size(DESKTOP)
    page.goto(path)
    if page.url.partition("#")[0] != urljoin(_home(page), path):
        return [f"{path} leads to {page.url}"]
    photograph(page, f"pages/{_file_name(path)}-1280")
    if PICTURES:
        page.set_viewport_size(PHONE)
        photograph(page, f"pages/{_file_name(path)}-390")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    for window in (DESKTOP, PHONE):
        page.set_viewport_size(window)
        for theme, media in THEMES.items():
            if theme == "dark" and window is DESKTOP:
                continue  # its colours are the same in any window; each look at a page costs a tenth of a second
            page.emulate_media(**media)
            for one in violations(page, RULES if theme == "light" else COLOURS):
                where = ", ".join(str(node["target"][0]) for node in one["nodes"][:3])
                found.append(f"{path} at {window['width']}, {theme}: {one['id']} at {where}")
    for window in (PHONE, SMALL_PHONE, MAGNIFIED):
        page.set_viewport_size(window)
        if scrolls_sideways(page):
            found.append(f"{path} at {window['width']}: scrolls sideways")
    return found


def _home(page: Page) -> str:
    return str(page.evaluate("location.origin"))


def _file_name(path: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"


def looked_at(visit, browser: Client, paths: list[str]) -> list[str]:
    """Look at the pages with the eyes of whoever is signed in in `browser`."""
    page = visit("/healthz")
    page.context.add_init_script(AXE_SCRIPT)
    if settings.SESSION_COOKIE_NAME in browser.cookies:
        keep_session(page, browser)
    return [one for path in sorted(paths, key=_of_a_device) for one in problems(page, path)]


def _of_a_device(path: str) -> bool:
    """Say whether whoever opens this page is signed out by it: such pages are looked at last."""
    return path.startswith("/hall/")


def book_by_steps() -> list[str]:
    """Return the steps of a booking that stand in the address."""
    steps = f"/queue/book/?office={SAMPLES['code']}"
    return [steps, f"{steps}&service=contract", f"{steps}&service=contract&time=2026-11-19T10:00"]


def test_pages_of_a_visitor(visit, busy):
    browser = Client()
    paths = [*shown(browser, busy), "/no-such-page/"]

    assert {"/", "/offices/", "/tariffs/", "/contacts/", "/sign-in/"} <= set(paths)
    assert len([path for path in paths if path.startswith("/hall/")]) == 9
    paths += book_by_steps()
    found = looked_at(visit, browser, paths)
    assert not found, "\n".join(found)


def test_pages_of_a_customer(visit, busy):
    browser = signed_in(busy.igor.user_id)
    paths = [*(path for path in shown(browser, busy) if not path.startswith(("/contacts", "/offices", "/tariffs")))]

    assert len([path for path in paths if path.startswith(f"/cabinet/{busy.igor.number}/")]) >= 7
    found = looked_at(visit, browser, paths)
    assert not found, "\n".join(found)


def test_pages_of_the_desk(visit, busy):
    everybody = sorted({one.role for one in cast.names.STAFF})
    chief = cast.access.create_user(
        "chief", password=cast.PASSWORD, at=cast.NOW, family_name="Главная", given_name="Инна", roles=everybody
    )
    cast.access.set_up_authenticator(chief, secret=cast.names.STAFF[0].secret, at=cast.NOW)
    till_of_the_day(busy, cashier_id=chief)
    visits.sit_down(HALL["window_id"], operator_id=chief, at=cast.NOW)
    visits.call_next(chief, at=clock.now())
    hall_window.begin_visit(chief, at=clock.now())
    browser = signed_in(chief, proved=True)
    doors.identified(browser, busy.igor.number)
    view_id = view_and_files(chief)
    paths = [path for path in shown(browser, busy) if path.startswith("/desk/")]
    paths.append(f"/desk/accounts/{busy.igor.number}/payments/{moved_to(busy.igor)}/")
    paths += [f"/desk/cases/views/{view_id}/", f"/desk/cases/?view={view_id}"]

    assert len(paths) >= 12
    found = looked_at(visit, browser, paths)
    assert not found, "\n".join(found)


def test_pages_of_reference_data(visit, busy):
    browser = signed_in(busy.staff["administrator"].user_id, proved=True)
    paths = [
        reverse("admin:index"),
        reverse("admin:tariffs_dayoff_changelist"),
        reverse("admin:tariffs_dayoff_add"),
        reverse("admin:offices_company_change", args=[Company.objects.get().pk]),
    ]

    found = looked_at(visit, browser, paths)
    assert not found, "\n".join(found)
