"""A reading taken on the card: the same checks as in the account area, by the way of the running contact, once."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.cases import actions as cases
from svet.domains.cases import queries as contacts
from svet.domains.cases.rules.contacts import Settled, Subject
from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.tariffs import actions as tariffs
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


@pytest.fixture
def browser(people):
    """An operator with Anna at his window."""
    return doors.identified(signed_in(people.staff["operator"].user_id, proved=True), people.anna.number)


def page_of(person, name="give_reading"):
    return reverse(f"desk:{name}", args=[person.number])


def give(browser, person, *values, name="give_reading", source="click-0001", on=TODAY, **more):
    fields = {f"t{place}": value for place, value in enumerate(values, 1)}
    data = {"meter": person.serial, "source_id": source, "taken_on": str(on), **fields, **more}
    return browser.post(page_of(person, name), data)


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def given(person):
    return [row for row in metering.history(person.account.id) if row.taken_on >= TODAY]


def call_from(browser, person):
    """Begin a call in which the caller named himself and his number."""
    answer = browser.post(
        f"{page_of(person, 'why')}?how=phone",
        {"name": person.account.customer_name, "number": person.number},
    )
    assert answer.status_code == 302, text(answer)


def test_the_card_leads_to_the_form_which_shows_what_was_before(people, browser):
    card = text(browser.get(page_of(people.anna, "account")))
    form = text(browser.get(page_of(people.anna)))

    assert page_of(people.anna) in card
    assert "прошлое: 13 600" in form.lower()
    assert people.anna.serial in form


def test_a_reading_taken_in_the_office_has_a_receipt_and_its_channel(people, browser):
    answer = give(browser, people.anna, "13781")

    (row,) = given(people.anna)
    receipt = reverse("desk:reading_receipt", args=[people.anna.number, row.receipt_number])
    assert answer.headers["Location"] == receipt
    assert (row.value, row.channel, row.verdict) == (13781, Channel.DESK, Verdict.ACCEPTED)
    shown = text(browser.get(answer.headers["Location"]))
    assert row.receipt_number in shown
    assert "181 кВт·ч" in shown
    assert "в офисе" in shown


def test_a_reading_taken_in_a_call_came_by_phone(people):
    browser = signed_in(people.staff["operator"].user_id, proved=True)
    call_from(browser, people.anna)

    give(browser, people.anna, "13781")

    assert [row.channel for row in given(people.anna)] == [Channel.PHONE]


def test_the_cost_is_told_before_anything_is_written(people, browser):
    counted = give(browser, people.anna, "13781", name="count_reading")
    pressed = give(browser, people.anna, "13781", count="1")

    assert all("Примерно столько будет в счёте за ноябрь 2026" in text(answer) for answer in (counted, pressed))
    assert 'value="13781"' in text(pressed)
    assert given(people.anna) == []


def test_an_odd_value_waits_for_a_confirmation_of_this_very_value(people, browser):
    asked = give(browser, people.anna, "31781")
    other = give(browser, people.anna, "99000", confirmed=f"31781; {TODAY}")

    assert "Может быть" in text(asked)
    assert "Да, всё верно" in text(other)
    assert given(people.anna) == []

    give(browser, people.anna, "31781", confirmed=f"31781; {TODAY}")
    assert [row.verdict for row in given(people.anna)] == [Verdict.HELD]


def test_a_form_sent_twice_is_one_reading(people, browser):
    first, second = (give(browser, people.anna, "13781") for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(given(people.anna)) == 1


@pytest.mark.parametrize("value", ["", "12х45", "9" * 40, "1'; DROP TABLE x", "1e5", "😀", "-5", "«13781»", "x" * 300])
def test_what_is_no_reading_is_refused_at_the_field_and_kept(people, browser, value):
    answer = give(browser, people.anna, value)

    assert answer.status_code == 422
    assert "Ошибка" in text(answer)
    assert all(row.verdict is Verdict.REFUSED for row in given(people.anna))


def test_spaces_around_a_value_are_no_mistake_and_within_it_are_asked_about(people, browser):
    within = give(browser, people.anna, "13 781")
    give(browser, people.anna, " 13781 ", source="click-0002")

    assert "«13 781» — не число" in text(within)

    assert [row.value for row in given(people.anna)] == [13781]


def test_a_day_to_come_or_none_is_refused_in_words(people, browser):
    tomorrow = give(browser, people.anna, "13781", on=TODAY + timedelta(days=1))
    nonsense = give(browser, people.anna, "13781", on="31.02.2026")

    assert "ещё не наступил" in text(tomorrow)
    assert "Укажите день" in text(nonsense)
    assert all(row.verdict is Verdict.REFUSED for row in given(people.anna))


def test_two_zones_are_taken_together_and_a_missing_one_is_asked_for(people, browser):
    doors.identified(browser, people.igor.number)

    half = give(browser, people.igor, "9450", "")
    whole = give(browser, people.igor, "9450", "4600")

    assert half.status_code == 422
    assert whole.status_code == 302
    assert [row.value for row in given(people.igor)] == [4600, 9450]


def test_a_forged_meter_is_not_read(people, browser):
    give(browser, people.anna, "13781", meter="FORGED-1", source="click-0002")

    assert {row.meter_serial for row in given(people.anna)} <= {people.anna.serial}


def test_without_a_contact_nothing_is_taken_and_after_it_neither(people, browser):
    stranger = give(browser, people.vera, "5900")
    operator = people.staff["operator"].user_id
    cases.end_contact(
        contacts.running(operator).contact_id,
        operator_id=operator,
        subjects=[Subject.READINGS],
        settled=Settled.YES,
        at=cast.NOW + timedelta(minutes=5),
    )
    late = give(browser, people.anna, "13781")

    assert [one.headers["Location"].split("?")[0] for one in (stranger, late)] == [
        page_of(people.vera, "why"),
        page_of(people.anna, "why"),
    ]
    assert given(people.vera) == given(people.anna) == []


def test_a_cashier_takes_no_readings(people):
    browser = doors.inside(
        signed_in(people.staff["cashier"].user_id, proved=True), people.anna.number, purpose="payment_search"
    )

    assert give(browser, people.anna, "13781").status_code == 403
    assert page_of(people.anna) not in text(browser.get(page_of(people.anna, "account")))


def test_anothers_receipt_is_not_found_under_this_account(people, browser):
    theirs = metering.history(people.vera.account.id)[0].receipt_number

    assert browser.get(reverse("desk:reading_receipt", args=[people.anna.number, theirs])).status_code == 404
