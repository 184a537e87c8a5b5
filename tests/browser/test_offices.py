"""A visitor finds an office: by town, on the map by keyboard, by the phone's position."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, photograph, scrolls_sideways


def test_a_visitor_finds_the_nearest_office_and_its_hours(visit):
    page = visit("/offices/")
    photograph(page, "offices")
    page.get_by_label("Город, посёлок или улица").fill("Покров")
    page.get_by_role("button", name="Найти").click()
    expect(page.locator("section.card h2").first).to_contain_text("Городищи")

    page.goto("/offices/")
    page.get_by_role("link", name="Суздаль", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/offices/suzdal-krasnaya-10/")
    photograph(page, "office")
    expect(page.get_by_text("открыто").first).to_be_visible()

    phone = visit(
        "/offices/",
        viewport=PHONE,
        geolocation={"latitude": 56.4, "longitude": 41.3},
        permissions=["geolocation"],
    )
    assert not scrolls_sideways(phone)
    photograph(phone, "offices-phone")
    phone.get_by_role("button", name="Ближайшие ко мне").click()
    phone.wait_for_url("**near=56.40%2C41.30*")
    expect(phone.locator("section.card h2").first).to_contain_text("Ковров")
    phone.get_by_role("link", name="пр. Ленина, д. 49/1").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Офис: ")
    photograph(phone, "office-phone")
    assert not scrolls_sideways(phone)
