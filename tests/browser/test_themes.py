"""A person chooses how pages look; the choice holds on every page, and paper stays white."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, come_back, photograph

PAPER = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.parametrize(("title", "name"), [("тёмный", "dark"), ("контрастный", "contrast")])
def test_a_chosen_theme_holds_from_page_to_page(visit, people, title, name):
    page = visit("/")
    light = page.evaluate(PAPER)

    page.get_by_role("button", name=title).click()
    expect(page.get_by_role("button", name=title)).to_have_attribute("aria-pressed", "true")
    come_back(page, people.igor.number)

    chosen = page.evaluate(PAPER)
    assert chosen != light
    expect(page.get_by_role("button", name=title)).to_have_attribute("aria-pressed", "true")
    photograph(page, f"home-{name}-1280")
    page.set_viewport_size(PHONE)
    photograph(page, f"home-{name}-390")
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == "rgb(255, 255, 255)"


def test_a_device_that_asks_for_contrast_gets_it(visit, people):
    page = visit("/tariffs/")
    soft = "getComputedStyle(document.querySelector('.soft')).color"
    before = page.evaluate(soft)

    page.emulate_media(contrast="more")

    assert before != "rgb(0, 0, 0)"
    assert page.evaluate(soft) == "rgb(0, 0, 0)"
