"""The till at the desk: a shift from its opening to the report, everything typed wrong, everybody who may not."""

import io
import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from svet.domains.access import queries as access
from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions, queries
from svet.domains.payments.rules.tills import Means
from svet.flows import till_pages
from svet.infra import clock
from svet.surfaces.paper import shift_book, shift_report
from tests import cast, doors
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
NOBODY = 10**6


@pytest.fixture
def people(settings):
    settings.TILL_WITHOUT_DEVICE = True
    return cast.assemble()


@pytest.fixture
def till(people):
    return actions.open_till("K1", name="Касса 1", at=cast.NOW)


@pytest.fixture
def browser(people):
    return signed_in(people.staff["cashier"].user_id, proved=True)


@pytest.fixture
def shift(people, till):
    return opened(till, people.staff["cashier"].user_id)


def opened(till_id, cashier_id, *, at=None):
    return actions.open_shift(
        till_id,
        cashier_id=cashier_id,
        opening_float=Decimal(1000),
        request_key=uuid.uuid4().hex,
        at=at or clock.now(),
        without_device=True,
    ).shift_id


def came_to_the_till(browser, person):
    return browser.post(reverse("desk:till"), {"number": person.number})


def pay(browser, person, **given):
    form = {"amount": "412,30", "means": "cash", "cash_given": "500", "key": uuid.uuid4().hex} | given
    return browser.post(reverse("desk:take_payment", args=[person.number]), form)


def text(answer):
    return answer.content.decode()


def balance(person):
    return ledger.balance(person.account.id)


def test_a_cashier_opens_a_shift_and_a_second_sending_opens_none(browser, till, people):
    form = {"opening_float": "1 000,00", "key": "a" * 32}
    asked = reverse("desk:open_shift", args=[till])

    answers = [browser.post(asked, form).status_code for _ in range(2)]

    assert answers == [302, 302]
    shown = text(browser.get(reverse("desk:till")))
    assert "Касса 1, смена 1" in shown
    assert "Касса не подключена: чек не печатается" in shown
    assert len(queries.shifts_of(people.staff["cashier"].user_id)) == 1


def test_a_till_without_a_device_stays_shut_where_nobody_decided_otherwise(browser, till, settings):
    settings.TILL_WITHOUT_DEVICE = False

    answer = browser.post(reverse("desk:open_shift", args=[till]), {"opening_float": "0", "key": "a" * 32})

    assert answer.status_code == 422
    assert "без чека принимать деньги нельзя" in text(answer)


def test_a_taken_till_says_who_stands_at_it(browser, till, people):
    opened(till, people.staff["operator"].user_id)

    answer = browser.post(reverse("desk:open_shift", args=[till]), {"opening_float": "0", "key": "a" * 32})

    assert answer.status_code == 422
    assert access.person(people.staff["operator"].user_id).name in text(answer)


def test_the_till_leads_to_what_is_owed_and_the_look_is_recorded(browser, shift, people):
    answer = came_to_the_till(browser, people.vera)

    shown = text(browser.get(answer.headers["Location"]))
    assert "4\u00a0218,60" in shown
    assert 'value="4218,60"' in shown
    looks = access.looks(account_id=people.vera.account.id)
    assert [(look.page, look.purpose) for look in looks] == [("desk:take_payment", "taking_payment")]


def test_cash_is_taken_and_the_change_is_said(browser, shift, people):
    came_to_the_till(browser, people.vera)

    answer = pay(browser, people.vera)

    shown = text(browser.get(answer.headers["Location"]))
    assert "Принято 412,30" in shown
    assert "87,70" in shown
    assert balance(people.vera) == Decimal("3806.30")
    doors.inside(browser, people.vera.number, purpose="payment_search")
    assert "Касса: Касса 1" in text(browser.get(reverse("desk:account", args=[people.vera.number])))


def test_the_till_opens_no_other_page_of_the_account(browser, shift, people):
    came_to_the_till(browser, people.vera)
    browser.get(reverse("desk:take_payment", args=[people.vera.number]))

    answer = browser.get(reverse("desk:account", args=[people.vera.number]))

    assert answer.headers["Location"].startswith(reverse("desk:why", args=[people.vera.number]))


def test_a_double_click_takes_money_once(browser, shift, people):
    came_to_the_till(browser, people.vera)

    answers = {pay(browser, people.vera, key="b" * 32).headers["Location"] for _ in range(2)}

    assert len(answers) == 1
    assert balance(people.vera) == Decimal("3806.30")


WRONG = (
    ({"amount": ""}, "Напишите сумму"),
    ({"amount": "0"}, "Сумма должна быть больше нуля"),
    ({"amount": "0,00"}, "Сумма должна быть больше нуля"),
    ({"amount": "-5"}, "Напишите сумму в рублях и копейках"),
    ({"amount": "1e5"}, "Напишите сумму в рублях и копейках"),
    ({"amount": "1,234"}, "Напишите сумму в рублях и копейках"),
    ({"amount": "сто"}, "Напишите сумму в рублях и копейках"),
    ({"amount": "١٢٣"}, "Напишите сумму в рублях и копейках"),
    ({"amount": "🙂'\""}, "Напишите сумму в рублях и копейках"),
    ({"amount": "9" * 300}, "не более 40"),
    ({"amount": "100000,01"}, "принимают от"),
    ({"amount": "999999999"}, "Сумма указана неверно"),
    ({"cash_given": "412,29"}, "Наличных не хватает: ещё 0,01"),
    ({"cash_given": "1e3"}, "Напишите сумму в рублях и копейках"),
    ({"means": ""}, "Выберите, как платят"),
    ({"means": "gold"}, "Выберите, как платят"),
    ({"means": "card"}, "Проведите карту через терминал"),
    ({"means": "card", "slip": "12345"}, "12 цифр"),
    ({"means": "card", "slip": "1" * 30}, "не более 20"),
)


def test_what_is_typed_wrong_is_said_and_takes_nothing(browser, shift, people):
    came_to_the_till(browser, people.vera)

    for given, says in WRONG:
        answer = pay(browser, people.vera, **given)

        assert (answer.status_code, says in text(answer)) == (422, True), given
    for key in ("", "short", "g" * 32, "a" * 33):
        assert pay(browser, people.vera, key=key).status_code == 422
    assert balance(people.vera) == Decimal("4218.60")


def test_a_sum_is_read_as_people_write_it(browser, shift, people):
    came_to_the_till(browser, people.vera)

    for written in ("1 234,5", "1\u00a0234.50", "1234,5 ₽", " 1234.5 "):
        pay(browser, people.vera, amount=written, cash_given="")

    assert balance(people.vera) == Decimal("4218.60") - 4 * Decimal("1234.50")


def test_a_card_is_taken_with_its_slip_once(browser, shift, people):
    came_to_the_till(browser, people.vera)
    first = pay(browser, people.vera, means="card", slip="6123 4567 8901", cash_given="")

    again = pay(browser, people.vera, means="card", slip="612345678901", cash_given="")

    assert "612345678901" in text(browser.get(first.headers["Location"]))
    assert again.status_code == 422
    assert "уже внесена" in text(again)


def test_a_shift_closed_in_another_tab_takes_nothing(browser, shift, people):
    came_to_the_till(browser, people.vera)
    browser.post(reverse("desk:close_shift"), {"counted": "1000"})

    answer = pay(browser, people.vera)

    assert answer.status_code == 422
    assert "смена уже закрыта" in text(answer)
    assert balance(people.vera) == Decimal("4218.60")


def test_a_shift_longer_than_a_day_must_be_closed_first(browser, till, people):
    opened(till, people.staff["cashier"].user_id, at=clock.now() - timedelta(hours=25))
    came_to_the_till(browser, people.vera)

    answer = pay(browser, people.vera)

    assert answer.status_code == 422
    assert "больше 24 часов" in text(answer)
    assert "больше 24 часов" in text(browser.get(reverse("desk:till")))
    assert browser.post(reverse("desk:close_shift"), {"counted": "1000"}).status_code == 302


def test_without_a_shift_no_money_is_taken(browser, till, people):
    came_to_the_till(browser, people.vera)

    assert "откройте смену" in text(browser.get(reverse("desk:take_payment", args=[people.vera.number])))
    assert pay(browser, people.vera).status_code == 422


def test_a_number_that_is_no_account_leads_nowhere(browser, shift):
    for number in ("", "123", "3300000000", "🙂", "9" * 300, "33 0000 0000"):
        assert browser.post(reverse("desk:till"), {"number": number}).status_code == 422


def test_money_is_given_back_whole_once_and_only_with_a_reason(browser, shift, people):
    came_to_the_till(browser, people.vera)
    paid = pay(browser, people.vera).headers["Location"]
    operation_id = int(paid.rstrip("/").split("/")[-1])
    asked = reverse("desk:give_back", args=[operation_id])
    assert browser.post(asked, {"reason": " ", "key": "c" * 32}).status_code == 422

    for amount in ("9999", "-1", "0", "много"):
        assert browser.post(asked, {"reason": "Не тот счёт", "key": "c" * 32, "amount": amount}).status_code == 422

    answers = [browser.post(asked, {"reason": "Не тот счёт", "key": "c" * 32}).status_code for _ in range(2)]
    again = browser.post(asked, {"reason": "Ещё раз", "key": "d" * 32})

    assert answers == [302, 302]
    assert (again.status_code, "уже возвращены" in text(again)) == (422, True)
    assert balance(people.vera) == Decimal("4218.60")
    assert "Эти деньги возвращены" in text(browser.get(paid))
    doors.inside(browser, people.vera.number, purpose="payment_search")
    payment = reverse("desk:account_payment", args=[people.vera.number, queries.operation(operation_id).payment_id])
    assert "<textarea" not in text(browser.get(payment))


def test_a_card_is_given_back_with_a_slip_of_its_own(browser, shift, people):
    came_to_the_till(browser, people.vera)
    paid = pay(browser, people.vera, means="card", slip="612345678901", cash_given="").headers["Location"]
    asked = reverse("desk:give_back", args=[int(paid.rstrip("/").split("/")[-1])])

    assert "возврат на терминале" in text(browser.post(asked, {"reason": "Ошибка", "key": "c" * 32}))
    done = browser.post(asked, {"reason": "Ошибка", "slip": "612345678902", "key": "c" * 32})

    assert done.status_code == 302
    assert queries.report(shift).totals.card_refunds.amount == Decimal("412.30")


def test_cash_is_put_in_and_taken_out_never_more_than_there_is(browser, shift):
    asked = reverse("desk:till_cash")
    form = {"kind": "withdrawal", "amount": "1000,01", "reason": "в банк", "key": "e" * 32}
    assert "В кассе только 1\u00a0000,00" in text(browser.post(asked, form))

    for _ in range(2):
        assert browser.post(asked, form | {"amount": "400"}).status_code == 302
    browser.post(asked, {"kind": "deposit", "amount": "50", "reason": "<b>размен</b>", "key": "f" * 32})

    assert queries.report(shift).totals.drawer == Decimal("650.00")
    assert "&lt;b&gt;размен&lt;/b&gt;" in text(browser.get(reverse("desk:till")))


def test_a_difference_is_explained_before_the_shift_is_closed(browser, shift, people):
    came_to_the_till(browser, people.vera)
    pay(browser, people.vera)
    asked = reverse("desk:close_shift")

    refused = browser.post(asked, {"counted": "1400"})
    done = browser.post(asked, {"counted": "1400", "explanation": "Недодали сдачу"})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "должно быть 1\u00a0412,30" in text(refused)
    shown = text(browser.get(done.headers["Location"]))
    assert "Z-отчёт" in shown
    assert "Недодали сдачу" in shown
    assert "\u221212,30" in shown


def test_the_report_is_a_page_and_a_paper(browser, shift, people):
    came_to_the_till(browser, people.vera)
    pay(browser, people.vera)

    page, paper = (browser.get(reverse(name, args=[shift])) for name in ("desk:shift_report", "desk:shift_report_pdf"))

    assert "X-отчёт" in text(page)
    assert "1\u00a0412,30" in text(page)
    assert paper.content.startswith(b"%PDF-")


def test_a_cashier_sees_neither_shifts_nor_operations_of_another(browser, till, people):
    another = opened(till, people.staff["operator"].user_id)
    operation_id = actions.take_payment(
        another,
        account_number=people.vera.number,
        amount=Decimal(10),
        means=Means.CASH,
        request_key="x",
        by=people.staff["operator"].user_id,
        at=clock.now(),
    ).operation_id

    for name in ("desk:shift_report", "desk:shift_report_pdf"):
        assert browser.get(reverse(name, args=[another])).status_code == 404
    for name in ("desk:till_operation", "desk:till_operation_state", "desk:give_back"):
        for forged in (operation_id, NOBODY, 2**62):
            assert browser.get(reverse(name, args=[forged])).status_code == 404
    assert browser.post(reverse("desk:give_back", args=[operation_id]), {"reason": "x"}).status_code == 404
    assert browser.post(reverse("desk:print_again", args=[operation_id])).status_code == 404


def test_a_supervisor_sees_all_shifts_and_closes_one_left_open(people, shift):
    supervisor = signed_in(people.staff["supervisor"].user_id, proved=True)

    listed = text(supervisor.get(reverse("desk:all_shifts")))
    assert reverse("desk:any_shift_report", args=[shift]) in listed
    assert supervisor.get(reverse("desk:any_shift_report_pdf", args=[shift])).content.startswith(b"%PDF-")
    closed = supervisor.post(reverse("desk:close_any_shift", args=[shift]), {"counted": "1000"})

    assert closed.status_code == 302
    assert access.person(people.staff["supervisor"].user_id).name in text(supervisor.get(closed.headers["Location"]))


def test_who_may_not_take_money_is_kept_out_and_sees_no_way(people, shift):
    for role, work in (("operator", "reading_check"), ("supervisor", "payment_search"), ("auditor", "inspection")):
        other = signed_in(people.staff[role].user_id, proved=True)
        doors.inside(other, people.vera.number, purpose=work)
        asked = reverse("desk:take_payment", args=[people.vera.number])

        assert pay(other, people.vera).status_code == 403
        assert asked not in text(other.get(reverse("desk:account", args=[people.vera.number])))
    assert balance(people.vera) == Decimal("4218.60")


def test_who_signed_out_in_between_takes_nothing(browser, shift, people):
    came_to_the_till(browser, people.vera)
    browser.logout()

    assert pay(browser, people.vera).headers["Location"].startswith(reverse("account_login"))
    assert balance(people.vera) == Decimal("4218.60")


def test_a_receipt_that_was_never_made_is_made_by_a_correction(browser, people, till, shift):
    came_to_the_till(browser, people.anna)
    pay(browser, people.anna)
    operation = queries.report(shift).operations[0].operation_id
    mine, any_ones = (reverse(f"desk:{name}", args=[operation]) for name in ("correct_receipt", "correct_any_receipt"))
    good = {"type": "own", "on": f"{clock.now():%Y-%m-%d}", "number": "", "reason": "Аппарата не было"}
    supervisor = signed_in(people.staff["supervisor"].user_id, proved=True)

    assert mine in text(browser.get(reverse("desk:till_operation", args=[operation])))
    assert any_ones in text(supervisor.get(reverse("desk:any_shift_report", args=[shift])))
    assert "смены на нём нет" in text(browser.post(mine, good))
    for wrong, words in (
        ({"on": "31.02.2026"}, "Укажите день"),
        ({"on": f"{clock.now() + timedelta(days=400):%Y-%m-%d}"}, "ещё не наступило"),
        ({"type": "order"}, "номер предписания"),
        ({"type": "gift"}, "Выберите"),
        ({"reason": " "}, "Напишите, почему"),
        ({"number": "№" * 33}, "Не длиннее"),
    ):
        answer = browser.post(mine, good | wrong)
        assert (answer.status_code, words in text(answer)) == (422, True), wrong
    assert browser.get(any_ones).status_code == 403
    assert browser.get(reverse("desk:correct_receipt", args=[NOBODY])).status_code == 404

    actions.close_shift(
        shift, counted=Decimal("1412.30"), explanation="", by=people.staff["cashier"].user_id, at=clock.now()
    )
    actions.open_till("K1", name="Касса 1", at=cast.NOW, device_url="http://127.0.0.1:9")
    new = opened(till, people.staff["cashier"].user_id)
    assert supervisor.post(any_ones, good).status_code == 302
    assert "уже сделан" in text(browser.post(mine, good, follow=True))

    assert "Чеки коррекции" in text(browser.get(reverse("desk:shift_report", args=[new])))
    assert len(queries.report(new).corrections) == 1
    report = till_pages.shift_report(new, at=clock.now())
    book = CalamineWorkbook.from_filelike(io.BytesIO(shift_book.workbook(report)))
    (row,) = [row for row in book.get_sheet_by_index(0).to_python() if str(row[-1]).startswith("нашли сами от ")]
    assert (row[3], row[5], row[6]) == (people.anna.number, 412.3, "ждёт")
    bare = replace(report, report=replace(report.report, corrections=()))
    assert shift_report.render(report) != shift_report.render(bare)
    doors.identified(supervisor, people.anna.number)
    assert "Чек коррекции" in text(supervisor.get(reverse("desk:card_journal", args=[people.anna.number])))
