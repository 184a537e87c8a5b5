"""The owner's journey on «Контакты и уведомления»: add a phone, choose ways, agree, seen on the page."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, come_back, photograph


def test_an_owner_adds_a_phone_and_chooses_how_to_be_told(visit, people):
    page = visit("/")
    come_back(page, people.anna.number)
    page.goto(f"/cabinet/{people.anna.number}/choices/")

    page.get_by_label("Новый телефон или почта").fill("8 (916) 765-43-21")
    page.get_by_role("button", name="Добавить").click()
    page.get_by_role("link", name="Позже").click()
    page.get_by_role("group", name="Выставлен счёт").get_by_label("по СМС").check()
    # The page that answers looks the same.
    with page.expect_navigation():
        page.get_by_role("button", name="Сохранить уведомления").click()
    page.get_by_label("Рассказывать мне о новых услугах и предложениях").check()
    page.get_by_role("button", name="Сохранить согласия").click()

    expect(page.get_by_role("main")).to_contain_text("дано")
    expect(page.get_by_role("rowheader", name="+79167654321")).to_be_visible()
    expect(page.get_by_role("group", name="Выставлен счёт").get_by_label("по СМС")).to_be_checked()
    photograph(page, "choices-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "choices-390")
