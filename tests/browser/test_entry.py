"""Coming in: a contact confirmed by the code that was really sent."""

from tests import letters
from tests.browser.conftest import PHONE, photograph, sign_in


def test_an_owner_confirms_a_contact_by_its_code(visit, people):
    page = visit("/")
    sign_in(page, people.anna.number)
    page.goto(f"/cabinet/{people.anna.number}/choices/")
    page.get_by_label("Новый телефон или почта").fill("8 (916) 765-43-21")
    page.get_by_role("button", name="Добавить").click()
    photograph(page, "entry/confirm-1280")
    page.get_by_label("Код из сообщения").fill("000000")
    page.get_by_role("button", name="Подтвердить").click()
    page.set_viewport_size(PHONE)
    photograph(page, "entry/confirm-390")

    page.get_by_label("Код из сообщения").fill(letters.code_to("+79167654321"))
    page.get_by_role("button", name="Подтвердить").click()

    page.get_by_text("Контакт подтверждён: +79167654321").wait_for()
    photograph(page, "entry/choices-390")
