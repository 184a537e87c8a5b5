"""The owner's journey on «Контакты и уведомления»: add a phone, choose ways, agree, seen on the page."""

from tests.browser.conftest import PHONE, SCREENSHOTS, come_back


def test_an_owner_adds_a_phone_and_chooses_how_to_be_told(visit, people):
    page = visit("/")
    come_back(page, people.anna.number)
    page.goto(f"/cabinet/{people.anna.number}/choices/")

    page.get_by_label("Новый телефон или почта").fill("8 (916) 765-43-21")
    page.get_by_role("button", name="Добавить").click()
    page.get_by_role("link", name="Позже").click()
    page.get_by_role("group", name="Выставлен счёт").get_by_label("по СМС").check()
    page.get_by_role("button", name="Сохранить уведомления").click()
    page.get_by_label("Рассказывать мне о новых услугах и предложениях").check()
    page.get_by_role("button", name="Сохранить согласия").click()

    assert page.get_by_role("rowheader", name="+79167654321").is_visible()
    assert page.get_by_role("group", name="Выставлен счёт").get_by_label("по СМС").is_checked()
    assert "дано" in page.get_by_role("main").inner_text()
    page.screenshot(path=SCREENSHOTS / "choices.png", full_page=True)
    page.set_viewport_size(PHONE)
    page.screenshot(path=SCREENSHOTS / "choices-phone.png", full_page=True)
