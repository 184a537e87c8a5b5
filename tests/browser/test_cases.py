"""An operator takes an appeal from a customer at the window, answers it, and shows why the term ends when it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import expect

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Incoming
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.grounds import Ground
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, CaseKind
from tests import cast, reference
from tests.browser.conftest import PHONE, SCREENSHOTS, come_back, photograph

ANNA = Applicant(kind=ApplicantKind.PERSON, name="Смирнова Анна Павловна", email="anna@example.org")


def some_cases(people) -> str:
    """Fill the register and return the number of a case with everything on it."""
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    operator, boss = people.staff["operator"].user_id, people.staff["supervisor"].user_id
    letter = Incoming(
        channel=CaseChannel.EMAIL,
        text="Здравствуйте! В счёте за октябрь у меня на 400 рублей больше, чем в сентябре, хотя мы были в отъезде.\n"
        "Показания передавали вовремя. Прошу проверить и пересчитать.",
        received_at=cast.NOW - timedelta(days=40),
        key="<1@example.org>",
        title="Счёт за октябрь",
    )
    made = actions.register(
        letter,
        applicant=ANNA,
        at=cast.NOW - timedelta(days=40),
        kind=CaseKind.COMPLAINT,
        subject_code="bill_amount",
        account_id=people.anna.account.id,
    )
    actions.take(made.case_id, by=operator, at=cast.NOW - timedelta(days=39))
    actions.note(made.case_id, text="Проверить показания за октябрь", by=operator, at=cast.NOW - timedelta(days=39))
    actions.join(made.case_id, letter=replace(letter, key="<2>", text="Когда ответите?", title=""), at=cast.NOW)
    actions.tend_clocks(at=cast.NOW)
    for place, subject in enumerate(("interruption_fault", "meter_device", "service_phone", "contract_change")):
        applicant = Applicant(kind=ApplicantKind.PERSON, name="Ковалёв Игорь Сергеевич", phone="+79161234567")
        more = replace(letter, key=f"<m{place}>", channel=CaseChannel.SITE, received_at=cast.NOW, text="Нет света")
        other = actions.register(more, applicant=applicant, at=cast.NOW, subject_code=subject)
    actions.propose_refusal(other.case_id, ground=Ground.REPEATED, note="Уже отвечали", by=boss, at=cast.NOW)
    return made.number


def test_an_appeal_is_taken_at_the_window_and_answered(visit, people):
    number = some_cases(people)
    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)

    page.get_by_role("link", name="Обращения", exact=True).click()
    photograph(page, "cases-1280")
    page.get_by_role("link", name="Принять обращение").click()
    page.get_by_label("О чём").select_option("meter_readings")
    page.get_by_label("Что сказано").fill("Не принимают показания по телефону")
    page.get_by_label("Фамилия, имя, отчество").fill("Орлова Вера Ильинична")
    page.get_by_label("Электронная почта").fill("vera@example.org")
    photograph(page, "new-case-1280")
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.get_by_text("Код для сайта")).to_be_visible()
    photograph(page, "case-taken-1280")
    with page.expect_download() as kept:
        page.get_by_role("link", name="Талон на печать").click()
    kept.value.save_as(SCREENSHOTS / "slip.pdf")

    page.get_by_role("link", name="Открыть обращение").click()
    page.get_by_role("button", name="Взять в работу").click()
    expect(page.get_by_text("Обращение ваше")).to_be_visible()
    page.get_by_role("link", name="Написать заявителю").click()
    page.get_by_label("Текст").fill("Показания приняты, извините за ожидание.")
    page.get_by_label("Да: удовлетворено", exact=True).check()
    photograph(page, "case-reply-1280")
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("отвечено", exact=True).first).to_be_visible()

    with page.expect_response(lambda answer: "/hints/" in answer.url):
        page.goto(f"/desk/cases/{number.removeprefix('ОБ-')}/")
    expect(page.locator("#hints noscript")).to_have_count(0)
    expect(page).to_have_title(f"Обращение {number} · Рабочее место")
    page.get_by_text("Почему эта дата").first.click()
    expect(page.get_by_text("Отсчёт").first).to_be_visible()
    photograph(page, "case-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "case-390")
    page.goto("/desk/cases/")
    photograph(page, "cases-390")
    assert queries.register_page(operator.user_id, filters=queries.Filters(text="показания"), at=cast.NOW).rows
