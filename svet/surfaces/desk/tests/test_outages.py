"""Outages and what is the matter with meters at the desk: previewed, recorded once, told in journals, undone."""

import html
import re
import time
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs
from svet.domains.billing import queries as charges
from svet.domains.houses import actions as houses
from svet.domains.metering import queries as meters
from svet.domains.supply import queries as places
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
OCTOBER = Month("2026-10")
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return found


def typed(**changes):
    return {
        "request_key": KEY, "kind": "outage", "state": "over", "where": "address", "numbers": "",
        "address": "Садовая 12",
        "house": "", "from_on": "2026-10-05", "from_time": "00:00", "until_on": "2026-10-06", "until_time": "08:00",
        "sources": "1", "reason": "Акт № 12 «обрыв» <b>'🙂", **changes,
    }  # fmt: skip


def text(answer):
    return html.unescape(answer.content.decode())


def confirmed(answer):
    return re.search(r'name="confirmed" value="(\w+)"', text(answer))[1]


def engineer(people):
    return signed_in(people.staff["billing_engineer"].user_id, proved=True)


def charged(person):
    return max(charges.charges_of(person.account.id, month=OCTOBER), key=lambda one: one.charge_id)


def rules_of(person):
    why = charges.explain(person.account.id, charged(person).charge_id)
    return {line.rule_code: line.amount for line in why.lines}


def test_an_outage_is_previewed_recorded_once_and_lessens_the_bill(people):
    browser, new = engineer(people), reverse("desk:new_outage")
    house = houses.register_house("Д-12", address="ул. Садовая, д. 12", at=cast.NOW)
    houses.put_premises(house, supply_point_ids=[people.anna.supply_point_id], at=cast.NOW)
    for wrong, told in (
        ({"until_on": "2026-10-04"}, "позже начала"),
        ({"until_on": "2026-12-01"}, "ещё не закончился"),
        ({"until_time": "8 утра"}, "Укажите время"),
        ({"until_on": ""}, "Укажите день"),
        ({"state": ""}, "Выберите, закончился ли"),
        ({"address": "Нет такой 99"}, "никого не нашлось"),
        ({"address": ""}, "Введите адрес"),
        ({"where": "list"}, "Введите номера"),
        ({"where": "list", "numbers": "0000000000 '"}, "никому не поставляли"),
        ({"where": "house"}, "Выберите дом"),
        ({"where": "house", "house": "999999"}, "Ошибка"),
        ({"reason": "я" * 401}, "Не длиннее"),
        ({"sources": "3"}, "Ошибка"),
        ({"request_key": "x"}, "Ошибка"),
    ):
        answer = browser.post(new, typed(**wrong))
        assert answer.status_code == 422, wrong
        assert told in text(answer), wrong
    assert places.supply_events() == []

    seen = browser.post(new, typed())
    assert seen.status_code == 200
    assert people.anna.number in text(seen)
    assert places.supply_events() == []
    one = typed(where="list", numbers=f"{people.anna.number}, {people.igor.number}")
    other = browser.post(new, one | {"confirmed": confirmed(seen)})
    assert "данные изменились" in text(other)
    sure = one | {"confirmed": confirmed(other)}
    recorded = browser.post(new, sure)
    assert recorded.status_code == 302
    assert browser.post(new, sure).url == recorded.url
    (event,) = places.supply_events()
    assert event.points == 2
    again = browser.post(new, typed(where="house", house=str(house), request_key="f" * 32))
    assert "уже записан другой перерыв" in text(again)

    run_id = billing.start_run(month=OCTOBER, started_by=None, at=cast.NOW)
    jobs.work_off(run_id, at=cast.NOW)
    rules = rules_of(people.anna)
    whole = sum(amount for code, amount in rules.items() if code != "Q01")
    assert rules["Q01"] == -(whole * 8 * Decimal("0.0015")).quantize(Decimal("0.01"))
    assert "Q01" not in rules_of(people.vera)

    page = reverse("desk:outage", args=[event.event_id])
    assert browser.post(page, {"reason": " "}).status_code == 422
    assert browser.post(page, {"reason": "Не та линия"}).status_code == 302
    assert "уже отменён" in text(browser.post(page, {"reason": "Ещё раз"}))
    waiting = {one.account_id for one in charges.waiting_recalculations()}
    assert waiting == {people.anna.account.id, people.igor.account.id}
    journal = text(at_the_desk(people).get(reverse("desk:card_journal", args=[people.anna.number])))
    assert "Записан перерыв в подаче" in journal
    assert "Перерыв в подаче отменён" in journal
    assert browser.get(reverse("desk:outage", args=[999999])).status_code == 404
    cashier = signed_in(people.staff["cashier"].user_id, proved=True)
    assert cashier.get(new).status_code == 403


def going_on(person, **changes):
    given = {
        "state": "goes_on",
        "where": "list",
        "numbers": person.number,
        "until_on": "",
        "until_time": "",
        "from_on": "2026-11-18",
        "from_time": "08:00",
    }
    return typed(**given | {"cause": "accident", "expected_on": "2026-11-18", "expected_time": "22:00"} | changes)


def seen_by(people):
    """Return what the account area, the card, the desk of the phone and the public status say of the supply."""
    desk = at_the_desk(people)
    pages = (
        signed_in(people.anna.user_id).get(reverse("cabinet:home", args=[people.anna.number])),
        desk.get(reverse("desk:account", args=[people.anna.number])),
        desk.get(reverse("desk:phone")),
        Client().get(reverse("website:status")),
    )
    return [text(page) for page in pages]


def test_what_goes_on_is_registered_seen_by_all_told_anew_and_reckoned_when_it_has_ended(people):
    browser, new = engineer(people), reverse("desk:new_outage")
    for wrong, told in (
        ({"from_on": "2026-11-19"}, "ещё не начался"),
        ({"expected_on": "2026-11-17"}, "уже прошло"),
        ({"expected_time": ""}, "Укажите время"),
        ({"expected_on": "", "expected_time": "10:00"}, "Укажите день"),
        ({"cause": "forged"}, "Ошибка"),
    ):
        answer = browser.post(new, going_on(people.anna, **wrong))
        assert answer.status_code == 422, wrong
        assert told in text(answer), wrong
    seen = browser.post(new, going_on(people.anna))
    assert "Снижение посчитаем, когда перерыв закончится" in text(seen)
    assert places.all_ongoing() == []
    sure = going_on(people.anna, confirmed=confirmed(seen))
    page = browser.post(new, sure).url
    assert browser.post(new, sure).url == page
    (line,) = places.all_ongoing()
    assert all("авария на сети. Ожидаем, что исправят к 18.11.2026,\xa022:00" in each for each in seen_by(people))
    public = seen_by(people)[-1]
    assert people.anna.number not in public
    assert "Садовая" in public
    assert "Садовая 12" not in public
    assert "Нет света" not in text(
        signed_in(people.vera.user_id).get(reverse("cabinet:home", args=[people.vera.number]))
    )
    for meets in (
        going_on(people.anna, request_key="e" * 32),
        typed(request_key="f" * 32, until_on="2026-11-18", until_time="09:00"),
    ):
        assert "он ещё идёт" in text(browser.post(new, meets))

    later = {"cause": "works", "expected_on": "", "expected_time": "", "reason": "Звонок диспетчера"}
    assert browser.post(page, later | {"reason": " "}).status_code == 422
    assert "уже прошло" in text(browser.post(page, later | {"expected_on": "2026-11-01", "expected_time": "10:00"}))
    for _ in range(2):
        assert browser.post(page, later).status_code == 302
    assert len(places.ongoing_page(line.known.ongoing_id).steps) == 2
    assert all("работы на сети. Когда исправят, пока не известно." in each for each in seen_by(people))

    end = reverse("desk:end_outage", args=[line.known.ongoing_id])
    back = {"request_key": "a" * 32, "until_on": "2026-11-18", "until_time": "10:00", "reason": "Акт № 13"}
    for wrong, told in (
        ({"until_on": "2026-11-19"}, "ещё не закончился"),
        ({"until_time": "07:00"}, "позже начала"),
        ({"reason": ""}, "Напишите"),
        ({"request_key": "x"}, "Ошибка"),
    ):
        answer = browser.post(end, back | wrong)
        assert answer.status_code == 422, wrong
        assert told in text(answer), wrong
    shown = browser.post(end, back)
    assert places.supply_events() == []
    both = [browser.post(end, back | {"confirmed": confirmed(shown)}) for _ in range(2)]
    (event,) = places.supply_events()
    assert [each.url for each in both] == [reverse("desk:outage", args=[event.event_id])] * 2
    assert (event.until_at - event.from_at).total_seconds() == 7200
    assert not any("работы на сети" in each for each in seen_by(people))
    assert "уже закончился" in text(browser.post(end, back | {"request_key": "b" * 32}))
    assert "уже закончился" in text(browser.post(page, later))
    journal = text(at_the_desk(people).get(reverse("desk:card_journal", args=[people.anna.number])))
    assert "Начался перерыв в подаче" in journal
    assert "Записан перерыв в подаче" in journal
    assert browser.get(reverse("desk:ongoing_outage", args=[999999])).status_code == 404


def test_what_was_registered_by_mistake_is_withdrawn_and_the_expected_end_that_passed_is_told(people, monkeypatch):
    browser, new = engineer(people), reverse("desk:new_outage")
    given = going_on(people.anna, kind="voltage", expected_time="14:00")
    page = browser.post(new, given | {"confirmed": confirmed(browser.post(new, given))}).url
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() + 36_000 - time.time()))
    assert all("срок прошёл: уточняем новый" in each for each in seen_by(people))

    assert browser.post(page, {"withdraw": "yes", "undo-reason": " "}).status_code == 422
    assert browser.post(page, {"withdraw": "yes", "undo-reason": "Не та линия"}).status_code == 302
    assert "уже закончился" in text(browser.post(page, {"withdraw": "yes", "undo-reason": "Ещё раз"}))
    assert not any("Напряжение не по стандарту" in each for each in seen_by(people))
    assert "Не та линия" in text(browser.get(page))
    journal = text(at_the_desk(people).get(reverse("desk:card_journal", args=[people.anna.number])))
    assert "Перерыв в подаче отменён: его не было" in journal


def at_the_desk(people, role="supervisor"):
    return doors.identified(signed_in(people.staff[role].user_id, proved=True), people.anna.number)


def test_a_failed_meter_is_recorded_lifted_and_taken_back_from_the_journal(people):
    browser, page = at_the_desk(people), reverse("desk:card_conditions", args=[people.anna.number])
    (place, _), (meter, _) = re.findall(r'<option value="([\d:]+)">([^<]*)', text(browser.get(page)))
    good = {"kind": "failed", "place": meter, "from_on": "2026-11-02", "act_number": "7", "reason": "Не крутится"}
    for wrong, told in (
        ({"place": place}, "какой счётчик неисправен"),
        ({"place": "999:1"}, "Ошибка"),
        ({"from_on": "2026-12-01"}, "не наступил"),
        ({"from_on": "2001-01-01"}, "не стоял"),
        ({"reason": " "}, "Напишите"),
        ({"kind": "stolen"}, "Ошибка"),
    ):
        answer = browser.post(page, good | wrong)
        assert answer.status_code == 422, wrong
        assert told in text(answer), wrong
    assert browser.post(page, good).status_code == 302
    assert browser.post(page, good).status_code == 302
    (one,) = meters.conditions_of(people.anna.account.id)
    assert one.kind == "failed"
    assert browser.post(page, good | {"kind": "access_refused", "place": meter}).status_code == 302

    lift = reverse("desk:lift_condition", args=[people.anna.number, one.condition_id])
    early = browser.post(lift, {"lifted_on": "2026-10-01", "act_number": "", "reason": "Исправлен"})
    assert "Раньше дня" in text(early)
    refused = next(each for each in meters.conditions_of(people.anna.account.id) if each.kind == "access_refused")
    lift_other = reverse("desk:lift_condition", args=[people.anna.number, refused.condition_id])
    assert (
        browser.post(lift_other, {"lifted_on": "2026-11-10", "act_number": "", "reason": "Пустили"}).status_code == 302
    )
    again = browser.post(lift_other, {"lifted_on": "2026-11-10", "act_number": "", "reason": "Пустили"})
    assert "уже снято" in text(again)

    journal = text(browser.get(reverse("desk:card_journal", args=[people.anna.number])))
    undone = [text(browser.get(one)) for one in re.findall(r'href="([^"]*/undo/)"', journal)]
    place_of = max(place for place, page in enumerate(undone) if "Снимем" in page)
    undo = re.findall(r'href="([^"]*/undo/)"', journal)[place_of]
    assert browser.post(undo, {"reason": "Не тот счётчик"}).status_code == 302
    assert [each.kind for each in meters.conditions_of(people.anna.account.id)] == ["access_refused"]
    other = reverse("desk:lift_condition", args=[people.anna.number, 999999])
    assert browser.post(other, {"lifted_on": "2026-11-10", "reason": "x"}).status_code == 404
