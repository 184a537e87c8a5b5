"""An application for a contract on-line: papers uploaded, a stage at the desk, a letter, read by number and code."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from svet.domains.cases import actions
from svet.flows.reactions import deliver_facts
from svet.infra import clock
from tests import cast, letters, reference, scans
from tests.browser.conftest import PHONE, answer_the_sum, come_back, photograph, scrolls_sideways

COMPANY = {"name": "ООО «Ромашка»", "inn": "7722245108", "email": "office@romashka.example"}
PERSON = {"name": "Лесной Пётр", "inn": "", "email": "petr@example.org"}
LACKING = "Не хватает выписки из ЕГРН. Пришлите её в ответ на это письмо."


def filled_in(page: Page, who: dict[str, str], kind: str) -> None:
    page.get_by_label(kind).check()
    page.get_by_label("Фамилия, имя").fill(who["name"])
    page.get_by_label("ИНН").fill(who["inn"])
    page.get_by_label("Электронная почта").fill(who["email"])
    page.get_by_label("Адрес, для которого нужен договор").fill("г. Светлогорье, ул. Новая, д. 3")
    page.get_by_label("Файлы").set_input_files(
        [{"name": "паспорт.pdf", "mimeType": "application/pdf", "buffer": scans.pdf()}]
    )
    answer_the_sum(page)
    page.get_by_label("Я согласен").check()


@pytest.mark.parametrize(("kind", "who"), [("Гражданин", PERSON), ("Организация", COMPANY)])
def test_an_application_is_sent_moved_told_of_and_followed(visit, people, kind, who):
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    page = visit("/contract/apply/", viewport=PHONE, java_script_enabled=False)
    filled_in(page, who, kind)
    page.get_by_label("Адрес, для которого нужен договор").fill("")
    page.wait_for_timeout(3_000)
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.locator(".problems")).to_contain_text("Напишите адрес")
    expect(page.get_by_text("паспорт.pdf").first).to_be_visible()  # what was uploaded is kept
    photograph(page, f"applications/{who['email']}-lacking")
    page.get_by_label("Адрес, для которого нужен договор").fill("г. Светлогорье, ул. Новая, д. 3")
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()
    number, code = (page.locator("dd").nth(place).inner_text() for place in (0, 1))
    photograph(page, f"applications/{who['email']}-sent")
    assert not scrolls_sideways(page)

    desk, operator = visit("/"), people.staff["operator"]
    come_back(desk, operator.username)
    desk.goto(reverse("desk:case_operation", args=[number, "stage"]))
    desk.get_by_label("Не хватает документов").check()
    desk.get_by_label("Что написать заявителю").fill(LACKING)
    photograph(desk, f"applications/{who['email']}-stage")
    desk.get_by_role("button", name="Записать").click()
    expect(desk.get_by_text("Этап записан")).to_be_visible()
    deliver_facts(at=clock.now())
    told = [one for one in letters.taken() if one.kind == "application_moved"]
    assert [(one.address, one.facts["text"]) for one in told] == [(who["email"], LACKING)]

    stranger = visit("/appeals/", viewport=PHONE)
    stranger.get_by_label("Номер обращения").fill(number)
    stranger.get_by_label("Код").fill(code)
    stranger.get_by_role("button", name="Посмотреть").click()
    expect(stranger.get_by_text(LACKING).first).to_be_visible()
    photograph(stranger, f"applications/{who['email']}-followed")
    assert not scrolls_sideways(stranger)
