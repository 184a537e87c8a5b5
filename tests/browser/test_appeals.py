"""A stranger writes with a file, reads the state by his code, an operator answers, the stranger reads the answer."""

from django.urls import reverse
from playwright.sync_api import expect

from svet.domains.cases import actions
from svet.domains.cases.models import Case
from svet.domains.cases.rules.register import Resolution
from tests import cast, reference, scans
from tests.browser.conftest import PHONE, answer_the_sum, come_back, photograph, scrolls_sideways
from tests.browser.test_every_page import problems


def test_an_appeal_of_a_stranger_from_the_form_to_the_answer_without_script(visit, people):
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    page = visit("/contacts/", java_script_enabled=False)
    page.get_by_role("link", name="Форма обращения").click()
    page.get_by_label("О чём").select_option(label="— Сумма в счёте")
    page.get_by_label("Что случилось").fill("Счёт вырос вдвое, хотя мы уезжали")
    page.get_by_label("Файлы").set_input_files(
        [{"name": "письмо.pdf", "mimeType": "application/pdf", "buffer": scans.pdf()}]
    )
    page.get_by_label("Фамилия, имя").fill("Лесной Пётр")
    page.get_by_label("Электронная почта").fill("petr@example.org")
    answer_the_sum(page)
    page.wait_for_timeout(3_000)
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator(".problems")).to_contain_text("Без согласия")
    expect(page.get_by_text("письмо.pdf").first).to_be_visible()
    photograph(page, "appeals/form-with-errors")
    page.get_by_label("Я согласен").check()
    page.get_by_role("button", name="Отправить").click()
    number = page.locator("dd").nth(0).inner_text()
    code = page.locator("dd").nth(1).inner_text()

    other = visit("/appeals/")
    other.get_by_label("Номер обращения").fill(number)
    other.get_by_label("Код").fill(code)
    other.get_by_role("button", name="Посмотреть").click()
    expect(other.get_by_text("письмо.pdf").first).to_be_visible()
    case = Case.objects.get(number=number)
    operator = people.staff["operator"]
    desk = visit("/")
    come_back(desk, operator.username)
    desk.goto(reverse("desk:case_operation", args=[number, "reply"]))
    desk.locator("textarea[name=text]").fill("Пересчитали, извините.")
    desk.locator("[name=resolution]").first.wait_for(state="attached")
    select_or_check(desk, "resolution", Resolution.SATISFIED.value)
    desk.get_by_role("button", name="Отправить").click()
    expect(desk.get_by_text("отвечено", exact=True).first).to_be_visible()
    other.reload()
    expect(other.get_by_text("Пересчитали, извините.").first).to_be_visible()
    expect(other.get_by_text("Вопрос не решён?").first).to_be_visible()
    case.refresh_from_db()
    assert case.state == "case_answered"
    own = [other.url, other.url + "sent/"]
    found = [one for path in own for one in problems(other, path)]
    other.set_viewport_size(PHONE)
    assert not scrolls_sideways(other)
    assert not found, "\n".join(found)


def select_or_check(page, name, value):
    """Choose a value of a field, a list or buttons."""
    if page.locator(f"select[name={name}]").count():
        page.locator(f"select[name={name}]").select_option(value)
    else:
        page.locator(f"input[name={name}][value={value}]").check()
