"""A billing engineer signs in with the second factor, runs a month, watches it, closes it; operators decide."""

from __future__ import annotations

from playwright.sync_api import expect

from svet.domains.access import queries as access
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as billing
from svet.domains.ledger import queries as ledger
from svet.domains.metering import actions as metering
from svet.domains.metering.rules import Channel
from svet.domains.payments import actions as payments
from svet.domains.payments import queries as money
from svet.domains.supply import actions as supply
from svet.kernel.energy import ConsumerCategory
from svet.kernel.period import Month
from tests import cast
from tests.browser.conftest import PHONE, code, come_back, photograph, sign_in

OCTOBER = Month("2026-10")


def test_staff_set_up_the_second_factor_before_anything_else(visit, people):
    newcomer = cast.employee(
        cast.names.Staff("novikova", ("Новикова", "Инна", "Сергеевна"), "специалист", "operator", ""),
        second_factor=False,
    )
    page = visit("/desk/")
    sign_in(page, newcomer.username)

    expect(page.get_by_role("heading", name="Включите второй фактор")).to_be_visible()
    photograph(page, "second-factor-1280")
    page.get_by_label("Код", exact=True).fill(code(page.locator("#totp-secret").inner_text()))
    page.get_by_role("button", name="Включить").click()

    expect(page.get_by_role("heading", name="Запасные коды")).to_be_visible()
    page.get_by_role("link", name="Продолжить").click()
    expect(page.get_by_role("heading", name="Здравствуйте, Инна Сергеевна")).to_be_visible()


def test_a_month_from_the_start_of_the_run_to_its_close(visit, people):
    price(people.igor, territory="nowhere", category=ConsumerCategory.RURAL)
    engineer = people.staff["billing_engineer"]
    page = visit("/desk/")
    sign_in(page, engineer.username, secret=engineer.secret)

    page.get_by_role("link", name="Расчёты").click()
    page.get_by_role("link", name="Начать расчёт").click()
    page.get_by_label("Месяц", exact=True).select_option("2026-10")
    page.get_by_label("Настоящий").check()
    page.get_by_role("button", name="Начать").click()
    expect(page.get_by_text("Страница обновляется сама")).to_be_visible()
    photograph(page, "run-moving-1280")

    run_id = billing.runs(limit=1)[0].run_id
    billing_jobs.work_off(run_id, at=cast.NOW)
    # Nobody touches the page: it asks by itself and shows the end.
    expect(page.get_by_text("сошлись", exact=True)).to_be_visible()
    parked = billing.parked(run_id)
    assert [one.account_number for one in parked] == [people.igor.number]
    page.get_by_role("link", name="Разобрать").click()
    expect(page.get_by_role("link", name=parked[0].account_number)).to_be_visible()
    expect(page.get_by_text("нет категории потребителя или опубликованного тарифа").first).to_be_visible()
    photograph(page, "run-rated-1280")

    price(people.igor, territory="nn", category=ConsumerCategory.URBAN_GAS)
    page.get_by_role("button", name="Рассчитать все 1").click()
    expect(page.get_by_text("Осталось: 1")).to_be_visible()
    billing_jobs.retry_waiting(run_id, codes=list(billing.parked_causes(run_id)[0].codes))
    # The page notices by itself that nothing waits any more.
    expect(page.get_by_text("По этой причине больше никто не ждёт.")).to_be_visible()
    page.goto(f"/desk/billing/{run_id}/")
    page.get_by_role("button", name="Выставить счета").click()
    expect(page.get_by_text("Выставлено 0 из")).to_be_visible()
    billing_jobs.work_off(run_id, at=cast.NOW)
    page.get_by_role("link", name="Проверить итоги").click()
    photograph(page, "close-1280")
    page.get_by_role("button", name="Закрыть месяц").click()
    expect(page.get_by_role("alert")).to_contain_text("Подтвердите, что итоги проверены")
    page.get_by_label("Я проверил итоги").check()
    page.get_by_role("button", name="Закрыть месяц").click()

    expect(page.get_by_text("Месяц закрыт.")).to_be_visible()
    assert ledger.is_closed(OCTOBER)


def test_a_dry_run_ranks_what_would_change(visit, people):
    engineer = people.staff["billing_engineer"]
    page = visit("/desk/")
    come_back(page, engineer.username)
    page.goto("/desk/billing/start/")
    page.get_by_label("Месяц", exact=True).select_option("2026-10")
    page.get_by_label("Пробный").check()
    page.get_by_role("button", name="Начать").click()
    expect(page.get_by_text("Страница обновляется сама")).to_be_visible()
    billing_jobs.work_off(billing.runs(limit=1)[0].run_id, at=cast.NOW)

    expect(page.get_by_role("heading", name="Что изменится сильнее всего")).to_be_visible()
    expect(page.get_by_role("button", name="Выставить счета")).to_have_count(0)
    assert ledger.balance(people.anna.account.id) == 0


def test_an_operator_opens_an_account_with_a_purpose_and_decides_about_a_reading(visit, people):
    metering.submit_reading(
        account_id=people.anna.account.id,
        values={"1": "99000"},
        taken_on=cast.NOW.date(),
        received_at=cast.NOW,
        channel=Channel.CABINET,
        source_id="large",
    )
    operator = people.staff["operator"]
    page = visit("/desk/")
    come_back(page, operator.username)

    page.get_by_role("link", name="Проверить").click()
    photograph(page, "held-1280")
    page.get_by_role("link", name=people.anna.number, exact=True).click()
    page.get_by_role("link", name="Без клиента").click()
    page.get_by_label("Проверка показаний").check()
    page.get_by_role("button", name="Открыть").click()
    expect(page.get_by_role("heading", name="Смирнова Анна Павловна")).to_be_visible()
    photograph(page, "desk-account-1280")

    page.goto("/desk/readings/")
    page.get_by_role("link", name="Решить").first.click()
    page.get_by_label("Не принять").check()
    page.get_by_role("button", name="Записать решение").click()
    expect(page.get_by_role("alert")).to_contain_text("Напишите, почему показание не принято")
    page.get_by_label("Почему").fill("Лишняя цифра, клиент подтвердил по телефону")
    page.get_by_role("button", name="Записать решение").click()

    expect(page.get_by_text("Всё проверено")).to_be_visible()
    assert {look.purpose for look in access.looks(account_id=people.anna.account.id)} == {"reading_check"}


def test_a_cashier_gives_unidentified_money_to_its_owner(visit, people):
    payments.accept_payment(
        source_code="sberbank",
        external_id="777",
        account_number="3300000018",
        amount=cast.Decimal("512.30"),
        paid_at=cast.moment(cast.date(2026, 11, 10)),
        received_at=cast.moment(cast.date(2026, 11, 11)),
    )
    cashier = people.staff["cashier"]
    page = visit("/desk/")
    come_back(page, cashier.username)

    page.get_by_role("link", name="Разобрать").click()
    photograph(page, "unidentified-1280")
    page.get_by_role("link", name="Зачислить").click()
    page.get_by_label("Лицевой счёт", exact=True).fill("3300000000")
    page.get_by_label("Как вы это узнали").fill("Позвонил плательщик, ошибся в последней цифре")
    page.get_by_role("button", name="Зачислить").click()
    expect(page.get_by_role("alert")).to_contain_text("Лицевого счёта 3300000000 нет")
    page.get_by_label("Лицевой счёт", exact=True).fill(people.anna.number)
    page.get_by_role("button", name="Зачислить").click()

    expect(page.get_by_text(f"Платёж зачислен на счёт {people.anna.number}")).to_be_visible()
    assert money.unidentified_total()[0] == 0


def test_a_cashier_moves_a_payment_and_takes_a_mistaken_move_back(visit, people):
    payments.accept_payment(
        source_code="sberbank",
        external_id="778",
        account_number=people.anna.number,
        amount=cast.Decimal("512.30"),
        paid_at=cast.moment(cast.date(2026, 11, 10)),
        received_at=cast.moment(cast.date(2026, 11, 11)),
    )
    cashier = people.staff["cashier"]
    page = visit("/desk/")
    come_back(page, cashier.username)
    page.goto(f"/desk/accounts/{people.anna.number}/")
    page.get_by_role("link", name="Без клиента").click()
    page.get_by_label("Поиск платежа").check()
    page.get_by_role("button", name="Открыть").click()
    page.get_by_role("link", name="10.11.2026").click()
    page.get_by_label("На какой лицевой счёт").fill(people.igor.number)
    page.get_by_role("button", name="Перенести").click()
    expect(page.get_by_role("alert")).to_contain_text("Напишите, почему платёж переносится")
    photograph(page, "move-payment-1280")
    page.get_by_label("Почему").fill("Плательщик ошибся в номере, показал чек")
    page.get_by_role("button", name="Перенести").click()
    expect(page.get_by_text(f"Платёж перенесён на счёт {people.igor.number}")).to_be_visible()
    assert ledger.balance(people.igor.account.id) == cast.Decimal("-512.30")

    page.goto(f"/desk/accounts/{people.igor.number}/")
    page.get_by_role("link", name="Без клиента").click()
    page.get_by_label("Поиск платежа").check()
    page.get_by_role("button", name="Открыть").click()
    page.get_by_role("link", name="10.11.2026").click()
    page.get_by_role("link", name=f"Вернуть на счёт {people.anna.number}").click()
    photograph(page, "move-back-1280")
    page.set_viewport_size(PHONE)
    photograph(page, "move-back-390")
    page.get_by_label("Почему").fill("Перенесли по ошибке")
    page.get_by_role("button", name="Перенести").click()

    expect(page.get_by_text(f"Платёж перенесён на счёт {people.anna.number}")).to_be_visible()
    assert ledger.balance(people.igor.account.id) == 0


def test_a_supervisor_sees_who_looked(visit, people):
    cast.access.record_look(
        people.staff["operator"].user_id, account_id=people.anna.account.id, purpose="customer_call", at=cast.NOW
    )
    supervisor = people.staff["supervisor"]
    page = visit("/desk/")
    come_back(page, supervisor.username)

    page.get_by_role("link", name="Журнал").click()

    expect(page.get_by_role("row").filter(has_text=people.anna.number)).to_contain_text("звонок клиента")
    photograph(page, "access-log-1280")


def price(householder: cast.Householder, *, territory: str, category: ConsumerCategory) -> None:
    """Set by which tables the home is priced from the tenth of October on."""
    since = cast.date(2026, 10, 10)
    supply.set_category(householder.supply_point_id, territory=territory, category=category, from_on=since, at=cast.NOW)
