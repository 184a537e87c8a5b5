"""Paper sheets: each row is taken once, asked about or kept as typed with the reason; nothing personal is told."""

import re
import time
from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.tariffs import actions as tariffs
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()
PAGE = "/desk/readings/sheets/"
BATCH = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


@pytest.fixture
def browser(people):
    return signed_in(people.staff["operator"].user_id, proved=True)


def send(browser, *rows, on=TODAY, batch=BATCH):
    data = {"batch": batch, "taken_on": str(on)}
    for place, row in enumerate(rows, 1):
        data |= {f"r{place}-{name}": value for name, value in row.items()}
    return browser.post(PAGE, data)


def row(person, *values, **more):
    return {"number": person.number, **{f"t{place}": value for place, value in enumerate(values, 1)}, **more}


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def given(person):
    return [one for one in metering.history(person.account.id) if one.taken_on == TODAY]


def box(answer, name):
    return re.search(rf'<input[^>]* name="{name}"[^>]*>', text(answer))[0]


def test_right_rows_are_taken_and_locked_and_wrong_ones_kept_with_the_reason(people, browser):
    answer = send(
        browser, row(people.anna, "13781"), {"number": "3300000000", "t1": "77"}, row(people.igor, "9450", "4600")
    )

    assert [(one.value, one.channel, one.verdict) for one in given(people.anna)] == [
        (13781, Channel.DESK, Verdict.ACCEPTED)
    ]
    assert len(given(people.igor)) == 2
    assert "readonly" in box(answer, "r1-number")
    assert "readonly" in box(answer, "r3-t2")
    assert 'value="77"' in box(answer, "r2-t1")
    assert "Лицевого счёта 3300000000 нет" in text(answer)
    assert given(people.anna)[0].receipt_number in text(answer)


def test_the_page_tells_nothing_of_the_customer(people, browser):
    answer = text(send(browser, row(people.anna, "13781"), row(people.vera, "1")))

    for person in (people.anna, people.vera):
        assert person.serial not in answer
        assert not any(part in answer for part in person.name.split())
    assert f"…{people.anna.serial[-4:]}" in answer
    assert "5 810" not in answer
    assert "5810" not in answer


def test_the_same_batch_again_changes_nothing_and_shows_the_same_receipts(people, browser):
    first = send(browser, row(people.anna, "13781"))
    again = send(browser, row(people.anna, "13781"), row(people.vera, "5960"))

    (one,) = given(people.anna)
    assert all(one.receipt_number in text(answer) for answer in (first, again))
    assert len(given(people.vera)) == 1


def test_an_odd_value_is_asked_about_and_taken_when_the_sheet_says_so(people, browser):
    asked = send(browser, row(people.anna, "31781"))
    assert "Расход больше обычного" in text(asked)
    assert given(people.anna) == []

    confirmation = re.search(r'name="r1-confirmed"[^>]*value="([^"]*)"', text(asked))[1]
    other = send(browser, row(people.anna, "99999", confirmed=confirmation))
    assert "В листке так" in text(other)
    assert given(people.anna) == []

    taken = send(browser, row(people.anna, "31781", confirmed=confirmation))
    assert [one.verdict for one in given(people.anna)] == [Verdict.HELD]
    assert "на проверке" in text(taken)


@pytest.mark.parametrize("value", ["12х45", "9" * 40, "1'; DROP TABLE x", "1e5", "😀", "-5", "«1»", "x" * 300, ""])
def test_what_is_no_reading_leaves_nothing_behind(people, browser, value):
    answer = send(browser, row(people.anna, value))

    assert given(people.anna) == []
    assert 'aria-invalid="true"' in box(answer, "r1-t1")


@pytest.mark.parametrize("number", ["33000", "😀" * 10, "<b>'\"-", "12345678901", "٣٣٠٠٠٠٠٠١٩", "x" * 300, ""])
def test_what_is_no_account_is_said_at_its_field(people, browser, number):
    answer = send(browser, {"number": number, "t1": "13781"})

    assert answer.status_code == 200
    assert 'aria-invalid="true"' in box(answer, "r1-number")


def test_a_number_may_be_typed_with_spaces_and_hyphens(people, browser):
    n = people.anna.number
    send(browser, {"number": f" {n[:4]} {n[4:7]}-{n[7:]} ", "t1": " 13781 "})

    assert [one.value for one in given(people.anna)] == [13781]


def test_a_meter_is_typed_once_in_a_batch_and_all_its_zones_together(people, browser):
    answer = send(browser, row(people.anna, "13781"), row(people.anna, "13782"), row(people.igor, "9450"))

    assert "уже есть в строке 1" in text(answer)
    assert [one.value for one in given(people.anna)] == [13781]
    assert "Нет показания Т2" in text(answer)
    assert given(people.igor) == []


def test_another_meters_tail_is_refused_with_the_right_ones(people, browser):
    answer = send(browser, row(people.anna, "13781", tail="9999"))

    assert f"последние цифры одного из них: {people.anna.serial[-4:]}" in text(answer)
    assert given(people.anna) == []


def test_a_day_to_come_or_a_forged_batch_takes_nothing_and_keeps_what_was_typed(people, browser):
    future = send(browser, row(people.anna, "13781"), on=TODAY + timedelta(days=1))
    forged = send(browser, row(people.anna, "13781"), batch="'; --")

    assert [answer.status_code for answer in (future, forged)] == [422, 422]
    assert 'value="13781"' in box(future, "r1-t1")
    assert "Этот день ещё не наступил" in text(future)
    assert given(people.anna) == []


def test_a_cashier_does_not_come_in(people):
    browser = signed_in(people.staff["cashier"].user_id, proved=True)

    assert browser.get(reverse("desk:sheets")).status_code == 403
    assert send(browser, row(people.anna, "13781")).status_code == 403
    assert given(people.anna) == []


def test_empty_rows_are_no_mistake(people, browser):
    assert "Все строки пусты" in text(send(browser))
