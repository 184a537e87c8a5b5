"""A reading is looked at before it is given: kWh and cost, what is odd, and a confirmation that lets it through."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.tariffs import actions as tariffs
from svet.flows import account_pages
from svet.kernel.period import Month
from tests import cast, reference

pytestmark = pytest.mark.django_db

OCTOBER, NOVEMBER = Month("2026-10"), Month("2026-11")


@pytest.fixture
def people(monkeypatch):
    """The cast with October billed, on the day of the tests."""
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    bill(OCTOBER)
    return found


def bill(month):
    at = cast.moment(month.next.first_on)
    billing_jobs.work_off(billing.start_run(month=month, started_by=None, at=at), at=at)


def sent(home, values, *, name="give_reading", source="click-0001", serial=None, **more):
    browser = Client()
    browser.login(username=home.number, password=cast.PASSWORD)
    fields = {f"t{position}": value for position, value in values.items()}
    data = {"meter": serial or home.serial, "source_id": source, "taken_on": cast.NOW.date().isoformat()}
    return browser.post(reverse(f"cabinet:{name}", args=[home.number]), {**data, **fields, **more})


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def given(home):
    return [row for row in metering.history(home.account.id) if row.taken_on == cast.NOW.date()]


def test_the_cost_is_told_before_anything_is_given(people):
    answer = sent(people.anna, {1: "13781"}, name="count_reading")

    # The same 181 kWh and 811,03 ₽ as on the receipt and in the bill.
    assert "811,03" in text(answer)
    assert "181 кВт·ч" in text(answer)
    assert given(people.anna) == []


def test_without_script_the_button_counts_and_keeps_what_was_typed(people):
    answer = sent(people.anna, {1: "13781"}, count="1")

    assert "811,03" in text(answer)
    assert 'value="13781"' in text(answer)
    assert given(people.anna) == []


def test_what_is_foretold_is_what_the_bill_says(people):
    told = account_pages.foretell_reading(
        people.igor.account.id,
        values={"1": "9450", "2": "4600"},
        taken_on=cast.NOW.date(),
        on=cast.NOW.date(),
        meter_serial=people.igor.serial,
        channel=Channel.CABINET,
    ).foretold

    sent(people.igor, {1: "9450", 2: "4600"})
    bill(NOVEMBER)

    charge = bills.charges_of(people.igor.account.id, month=NOVEMBER)[0]
    assert (told.kwh, told.amount) == (charge.kwh, charge.amount)


def test_an_odd_value_is_asked_about_and_the_likely_one_named(people):
    answer = sent(people.anna, {1: "31781"})

    assert "Может быть" in text(answer)
    assert "13781" in text(answer)
    assert "Да, всё верно" in text(answer)
    assert given(people.anna) == []


def test_a_confirmed_value_goes_through_as_the_rules_decide(people):
    day = cast.NOW.date().isoformat()

    answer = sent(people.anna, {1: "31781"}, confirmed=f"31781; {day}")

    assert answer.status_code == 302
    assert [row.verdict for row in given(people.anna)] == [Verdict.HELD]


def test_a_confirmation_of_one_value_is_none_of_another(people):
    day = cast.NOW.date().isoformat()

    answer = sent(people.anna, {1: "99000"}, confirmed=f"31781; {day}")

    assert "Да, всё верно" in text(answer)
    assert given(people.anna) == []


def test_the_form_sent_twice_is_one_reading(people):
    first, second = (sent(people.anna, {1: "13781"}) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(given(people.anna)) == 1


@pytest.mark.parametrize("value", ["", "12х45", "9" * 40, "1'; DROP TABLE x", "1e5", "😀", "13 7 81"])
def test_what_is_no_reading_is_never_taken_and_never_breaks_the_count(people, value):
    counted, answer = sent(people.anna, {1: value}, name="count_reading"), sent(people.anna, {1: value})

    assert counted.status_code == 200
    assert answer.status_code in {200, 422}
    assert all(row.verdict is Verdict.REFUSED for row in given(people.anna))


def test_a_meter_that_is_not_there_any_more_counts_nothing(people):
    answer = sent(people.anna, {1: "13781"}, name="count_reading", serial="FORGED-1")

    assert answer.status_code == 200
    assert "₽" not in text(answer)


def test_another_persons_account_is_not_to_be_counted(people):
    browser = Client()
    browser.login(username=people.vera.number, password=cast.PASSWORD)

    answer = browser.post(reverse("cabinet:count_reading", args=[people.anna.number]), {})

    assert answer.status_code == 404
