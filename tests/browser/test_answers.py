"""An appeal with two questions is answered from a template, approved, printed, rated by a link, and opened again."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Incoming
from svet.domains.cases.models import CaseAsking
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, CaseKind
from svet.flows.asking import ask_about_answers
from tests import cast, reference
from tests.browser.conftest import PHONE, SCREENSHOTS, come_back, photograph, scrolls_sideways

ANNA = Applicant(
    kind=ApplicantKind.PERSON,
    name="Смирнова Анна Павловна",
    email="anna@example.org",
    postal_address="г. Лес, ул. Садовая, д. 1, кв. 5",
)


def test_an_appeal_is_answered_by_two_rated_and_opened_again(visit, people):
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    letter = Incoming(
        channel=CaseChannel.EMAIL,
        text="Почему меня отключили 10 ноября, если долга нет? И когда вернут плату за подключение?",
        received_at=cast.NOW,
    )
    made = actions.register(
        letter,
        applicant=ANNA,
        at=cast.NOW,
        kind=CaseKind.COMPLAINT,
        subject_code="restriction",
        account_id=people.anna.account.id,
    )
    operator, boss = people.staff["operator"], people.staff["supervisor"]
    page = visit(f"/desk/cases/{made.number.removeprefix('ОБ-')}/")
    come_back(page, operator.username)
    page.goto(f"/desk/cases/{made.number.removeprefix('ОБ-')}/")
    page.get_by_role("button", name="Взять в работу").click()
    expect(page.get_by_text("Обращение ваше")).to_be_visible()
    write_by_points(page)

    other = visit("/desk/")
    come_back(other, boss.username)
    other.goto("/desk/cases/answers/")
    both(other, "waiting-answers")
    other.get_by_role("link", name="Посмотреть и решить").click()
    other.get_by_label("Согласовать и отправить").check()
    both(other, "decide-answer")
    other.get_by_role("button", name="Решить").click()
    expect(other.get_by_text("Ответ согласован и отправлен")).to_be_visible()
    with other.expect_download() as kept:
        other.get_by_role("link", name="ИСХ-26-00-000001").click()
    kept.value.save_as(SCREENSHOTS / "letter.pdf")

    other.goto("/desk/cases/report/")
    both(other, "case-report")
    other.goto("/desk/cases/templates/")
    both(other, "answer-templates")
    other.get_by_role("link", name="Общий ответ").click()
    expect(other.get_by_role("heading", name="Общий ответ")).to_be_visible()
    both(other, "answer-template")
    rate_and_open_again(visit, other, made.number)


def write_by_points(page: Page) -> None:
    page.get_by_role("link", name="Подготовить ответ").click()
    for asked in ("Почему отключили, если долга нет?", "Когда вернут плату за подключение?"):
        page.get_by_label("Ещё вопрос заявителя").fill(asked)
        page.get_by_role("button", name="Добавить вопрос").click()
        expect(page.get_by_label(asked)).to_be_visible()
    page.get_by_label("Начать с шаблона").select_option("general")
    page.get_by_role("button", name="Подставить").click()
    page.wait_for_url("**?template=general*")
    page.get_by_label("1. Почему отключили, если долга нет?").fill("Это была ошибка: платёж учли на день позже.")
    page.get_by_label("2. Когда вернут плату за подключение?").fill("До 1 декабря, на лицевой счёт.")
    page.get_by_label("Удовлетворено", exact=True).check()
    page.get_by_role("button", name="Сохранить и посмотреть").click()
    expect(page.get_by_text("Так прочтёт заявитель")).to_be_visible()
    both(page, "answer")
    page.get_by_role("button", name="Передать на согласование").click()
    expect(page.get_by_text("передан на согласование второму сотруднику")).to_be_visible()


def rate_and_open_again(visit, desk: Page, number: str) -> None:
    for days in (2, 22):
        at = cast.NOW + timedelta(days=days)
        ask_about_answers(rating_after=timedelta(days=1), solved_after=timedelta(days=21), at=at)
    rating, solved = CaseAsking.objects.order_by("pk")
    phone = visit(f"/asked/{queries.asking_token(rating.pk)}/", viewport=PHONE)
    photograph(phone, "asked-rating-390")
    phone.get_by_role("button", name="5", exact=True).click()
    expect(phone.get_by_text("Ваша оценка: 5 из 5")).to_be_visible()
    phone.goto(f"/asked/{queries.asking_token(solved.pk)}/")
    phone.get_by_label("Что осталось нерешённым").fill("Плату так и не вернули")
    both(phone, "asked-solved")
    phone.get_by_role("button", name="Нет, не решён").click()
    expect(phone.get_by_text("Мы открыли обращение снова")).to_be_visible()
    desk.goto(f"/desk/cases/{number.removeprefix('ОБ-')}/")
    expect(desk.get_by_text("открыто снова: 1")).to_be_visible()
    both(desk, "case-rated")


def both(page: Page, name: str) -> None:
    """Keep pictures of a page wide and narrow; no page scrolls sideways."""
    kept = page.viewport_size
    for size in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(size)
        photograph(page, f"{name}-{size['width']}")
        assert not scrolls_sideways(page), name
    page.set_viewport_size(kept)
