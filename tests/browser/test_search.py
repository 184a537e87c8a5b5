"""The search of the desk by keyboard: a slash, a few letters, an arrow, Enter."""

from __future__ import annotations

from playwright.sync_api import expect

from svet.domains.accounts import actions as accounts
from tests import cast
from tests.browser.conftest import PHONE, come_back, photograph, scrolls_sideways


def test_an_operator_finds_a_caller_without_the_mouse(visit, people):
    accounts.index_all(on=cast.NOW.date())
    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)
    expect(page.get_by_role("heading", name="Здравствуйте")).to_be_visible()
    page.wait_for_load_state("load")

    page.keyboard.press("/")
    expect(page.locator("#top-q")).to_be_focused()
    page.keyboard.type("смир анна")
    expect(page.locator("#found-quickly a")).to_have_count(1)
    photograph(page, "search-typing-1280")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Кто обратился?")).to_be_visible()
    page.goto("/desk/find/?q=смернова")
    expect(page.get_by_text("Точно такого нет. Похожие:")).to_be_visible()
    photograph(page, "search-guess-1280")


def test_the_search_at_a_small_window_lies_within_it(visit, people):
    accounts.index_all(on=cast.NOW.date())
    operator = people.staff["operator"]
    page = visit("/desk/", viewport=PHONE)
    come_back(page, operator.username)
    expect(page.get_by_role("heading", name="Здравствуйте")).to_be_visible()
    page.wait_for_load_state("load")
    page.locator("#top-q").press_sequentially("3300")
    expect(page.locator("#found-quickly a").first).to_be_visible()

    photograph(page, "search-typing-390")
    assert not scrolls_sideways(page)
