"""Houses at the desk: the month's balance, one house, its readings typed, corrected and taken back, settled anew."""

import time
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs, queries
from svet.domains.houses import actions as houses
from svet.domains.houses import queries as house_queries
from svet.domains.houses.rules import ChargedBy, Excess
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
OCTOBER = Month("2026-10")
ADDRESS = "г. Светлогорье, ул. Садовая, д. 12"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return found


@pytest.fixture
def house(people):
    house_id = houses.register_house("Д-12", address=ADDRESS, at=cast.NOW)
    points = [one.supply_point_id for one in (people.anna, people.igor, people.vera)]
    houses.put_premises(house_id, supply_point_ids=points, at=cast.NOW)
    houses.set_terms(
        house_id, from_on=date(2026, 1, 1), charged_by=ChargedBy.SUPPLIER, all_area_m2=Decimal(208),
        common_area_m2=Decimal(40), norm_kwh_per_m2=Decimal("1.5"), source="Паспорт дома", at=cast.NOW,
    )  # fmt: skip
    houses.hang_meter(house_id, serial="ОД-12", from_on=date(2020, 1, 1), at=cast.NOW)
    return house_id


def at(name, *parts):
    return reverse(f"desk:{name}", args=parts)


def known(house_id):
    return house_queries.house_page(house_id, month=OCTOBER)


def test_dwellings_are_shown_a_page_at_a_time(people, house, monkeypatch):
    monkeypatch.setattr("svet.domains.houses.queries.pages.DWELLINGS_AT_ONCE", 2)
    browser = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    page = at("house", house, "2026-10")

    first, second = (text(browser.get(page, words)) for words in ({}, {"from": "2"}))

    everybody = {one.number for one in (people.anna, people.igor, people.vera)}
    shown = [{number for number in everybody if f">{number}</a>" in each} for each in (first, second)]
    assert [len(numbers) for numbers in shown] == [2, 1]
    assert shown[0] | shown[1] == everybody
    assert "Показаны 2 из 3" in first
    assert "?from=2#dwellings" in first and "?from=0#dwellings" in second
    for nonsense in ("-1", "x", "9999999", "700", "²"):
        assert "Показаны 2 из 3" in text(browser.get(page, {"from": nonsense})), nonsense


def test_what_a_house_has_of_its_own_stands_on_the_page_of_policies_with_its_document(people, house):
    browser = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    assert "решено иначе" not in text(browser.get(at("policies")))
    houses.set_terms(
        house, from_on=date(2026, 11, 1), charged_by=ChargedBy.SUPPLIER, all_area_m2=Decimal(208),
        excess=Excess.SUPPLIER, source="Протокол № 7 <b>", at=cast.NOW,
    )  # fmt: skip

    shown = text(browser.get(at("policies")))

    assert "Дома, для которых решено иначе" in shown
    assert "Протокол № 7 &lt;b&gt;" in shown
    (one,) = house_queries.choices_of_houses(on=cast.NOW.date())
    assert (one.policy, one.value, one.address) == ("house_excess", "supplier", ADDRESS)
    assert house_queries.choices_of_houses(on=date(2026, 10, 31)) == []


def text(answer):
    return answer.content.decode()


def typed(meter, value, day="2026-10-24", **more):
    return {"reading-meter": meter, "reading-taken_on": day, "reading-value": value, **more}


def test_an_engineer_reads_a_house_settles_it_and_sees_the_balance(people, house):
    browser = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    meter = str(known(house).meters[0].meter_id)
    give, page = at("house_reading", house, "2026-10"), at("house", house, "2026-10")
    assert ADDRESS in text(browser.get(at("houses_of_month", "2026-10")))
    assert "показаний за месяц нет" in text(browser.get(at("houses_of_month", "2026-10")))

    assert browser.post(give, typed(meter, "1000", "2026-09-24")).status_code == 302
    assert browser.post(give, typed(meter, "4000,5")).status_code == 302
    assert browser.post(give, typed(meter, "4000,5")).status_code == 302
    assert len(known(house).meters[0].readings) == 2

    for wrong, told in (
        ({"reading-value": "двенадцать"}, "Только цифры"),
        ({"reading-value": ""}, "Введите число"),
        ({"reading-value": "-1"}, "не меньше нуля"),
        ({"reading-value": "1" * 300}, "Слишком много цифр"),
        ({"reading-value": "4001"}, "уже записано"),
        ({"reading-value": "900", "reading-taken_on": "2026-10-30"}, "Меньше прошлого"),
        ({"reading-taken_on": "2026-12-01", "reading-value": "5000"}, "не наступил"),
        ({"reading-meter": "999999"}, "Ошибка"),
    ):
        answer = browser.post(give, typed(meter, "4000,5") | wrong)
        assert answer.status_code == 422
        assert told in text(answer), wrong
        assert wrong.get("reading-value", "4000,5") in text(answer)
    assert browser.post(give, typed(meter, "3790", **{"reading-reason": "Описка <b>\"'🙂"})).status_code == 302

    assert browser.post(at("house_other_use", house, "2026-10"), {"other-kwh": "100"}).status_code == 302
    assert "уже записано" in text(browser.post(at("house_other_use", house, "2026-10"), {"other-kwh": "120"}))

    run_id = billing.start_run(month=OCTOBER, started_by=None, at=cast.NOW)
    jobs.work_off(run_id, at=cast.NOW)
    (settled,) = known(house).months
    shown = text(browser.get(page))
    assert "Баланс за октябрь" in shown
    assert settled.other == 100
    (charge,) = queries.charges_of(people.anna.account.id, month=OCTOBER)
    why = queries.explain(people.anna.account.id, charge.charge_id)
    assert [line.rule_code for line in why.lines if line.rule_code.startswith("H")] == [settled.rule]

    last = known(house).meters[0].readings[0]
    back = at("house_reading_back", house, "2026-10", last.reading_id)
    assert browser.post(back, {"reason": " "}).status_code == 422
    assert browser.post(back, {"reason": "Не тот дом"}).status_code == 302
    assert browser.post(back, {"reason": "Не тот дом"}).status_code == 404
    again = browser.post(at("settle_house", house, "2026-10"), {"settle-reason": "Снято показание"})
    assert again.status_code == 302
    (latest,) = known(house).months
    assert (latest.version, latest.rule, latest.charged) == (2, "H03", Decimal("60.000"))
    assert len(queries.waiting_recalculations()) == 3


def test_only_billing_engineers_see_houses_and_forged_ones_are_not_found(people, house):
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    assert operator.get(at("houses")).status_code == 403
    assert operator.post(at("settle_house", house, "2026-10"), {"settle-reason": "x"}).status_code == 403
    browser = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    for name in ("house", "settle_house", "house_reading", "house_other_use"):
        ask = browser.get if name == "house" else browser.post
        data = {} if name == "house" else {"settle-reason": "x", "other-kwh": "1"}
        assert ask(at(name, 999999, "2026-10"), data).status_code == 404, name
    assert browser.get(at("houses"), {"q": "'; DROP—🙂" + "я" * 300}).status_code == 200


def test_an_engineer_makes_a_house_known_and_says_what_is_in_it(people):
    browser = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    new = {"address": ADDRESS, "code": "Д-77", "reason": "Договор № 14"}
    told = text(browser.post(at("new_house"), {**new, "code": "", "reason": " "}))
    assert "Заполните" in told
    assert ADDRESS in told
    assert house_queries.all_houses() == []
    assert browser.post(at("new_house"), new).status_code == 302
    again = browser.post(at("new_house"), {**new, "address": "Другой <b>дом"})
    assert again.status_code == 422
    assert "Дом с таким кодом уже есть" in text(again)
    assert "Другой &lt;b&gt;дом" in text(again)
    ((house_id, _),) = house_queries.all_houses()
    assert "порядок не задан" in text(browser.get(at("houses"), {"q": "д-77"}))

    terms = {
        "from_on": "2026-10-01", "charged_by": "supplier", "all_area_m2": "208,5", "common_area_m2": "40",
        "norm_kwh_per_m2": "1,5", "excess": "supplier", "negative": "", "source": "Протокол № 2",
    }  # fmt: skip
    for wrong, said in (
        ({"all_area_m2": "0"}, "не меньше 0,01"),
        ({"all_area_m2": "9" * 300}, "Слишком много цифр"),
        ({"all_area_m2": "два"}, "Только цифры"),
        ({"charged_by": "nobody"}, "Ошибка"),
        ({"source": ""}, "Напишите, почему"),
        ({"from_on": "вчера"}, "Укажите день"),
    ):
        answer = browser.post(at("house_terms", house_id), terms | wrong)
        assert (answer.status_code, said in text(answer)) == (422, True), wrong
    assert known(house_id).terms is None
    assert browser.post(at("house_terms", house_id), terms).status_code == 302
    assert known(house_id).terms.all_area_m2 == Decimal("208.50")
    assert browser.post(at("house_terms", house_id), {**terms, "from_on": "2026-11-01"}).status_code == 302
    assert len(known(house_id).all_terms) == 2

    meter = {"serial": "ОД-1", "from_on": "2026-09-01", "digits": "6", "multiplier": "40", "reason": "Акт № 7"}
    assert "Не меньше 3" in text(browser.post(at("hang_house_meter", house_id), {**meter, "digits": "0"}))
    assert "не меньше 0,0001" in text(browser.post(at("hang_house_meter", house_id), {**meter, "multiplier": "0"}))
    assert browser.post(at("hang_house_meter", house_id), meter).status_code == 302
    assert "уже записан" in text(browser.post(at("hang_house_meter", house_id), meter))
    (hung,) = known(house_id).meters
    assert hung.multiplier == 40

    houses.record_reading(hung.meter_id, value=Decimal(10), taken_on=date(2026, 10, 24), by=None, at=cast.NOW)
    down = at("take_house_meter_down", house_id, hung.meter_id)
    assert "есть показания" in text(browser.post(down, {"on": "2026-10-20", "reason": "Акт № 8"}))
    assert browser.post(down, {"on": "2026-10-25", "reason": "Акт № 8"}).status_code == 302
    assert "уже снят" in text(browser.post(down, {"on": "2026-10-26", "reason": "Акт № 8"}))
    assert known(house_id).meters[0].until_on == date(2026, 10, 25)
    assert browser.get(at("take_house_meter_down", house_id, 999999)).status_code == 404


def test_premises_are_shown_before_they_are_put_into_a_house_or_taken_out(people, house):
    browser = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    anna = people.anna.account.number
    page = at("house_places", house)
    take = {"deed": "take_out", "address": "", "numbers": anna, "reason": "Другой дом"}
    for wrong, said in (
        ({"numbers": ""}, "что-то одно"),
        ({"address": "Садовая"}, "что-то одно"),
        ({"numbers": "1234567890"}, "1234567890"),
        ({"numbers": "", "address": "Нет такой улицы '; DROP"}, "помещений не нашлось"),
    ):
        answer = browser.post(page, take | wrong)
        assert (answer.status_code, said in text(answer)) == (422, True), wrong
    assert known(house).premises == 3

    assert "Будут убраны из дома: 1" in text(browser.post(page, take))
    assert "Будут убраны из дома: 1" in text(browser.post(page, {**take, "confirmed": "forged"}))
    assert known(house).premises == 3
    token = browser.post(page, take).context["places"].token
    assert browser.post(page, {**take, "confirmed": token}).status_code == 302
    assert known(house).premises == 2
    assert anna not in text(browser.get(at("house", house, "2026-10")))
    assert browser.post(page, {**take, "deed": "put_in", "confirmed": token}).status_code == 302
    assert known(house).premises == 3
    assert anna in text(browser.get(at("house", house, "2026-10")))

    operator = signed_in(people.staff["operator"].user_id, proved=True)
    for path in (page, at("house_terms", house), at("hang_house_meter", house), at("new_house")):
        assert operator.post(path, take).status_code == 403
    for name in ("house_places", "house_terms", "hang_house_meter"):
        assert browser.get(at(name, 999999)).status_code == 404, name
