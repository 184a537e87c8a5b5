"""A household comes: found by address, opened whole or not at all, once, with nothing told of who lived there."""

import time
from datetime import date, timedelta

import pytest
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.accounts.models import Account
from svet.domains.customers.models import Customer
from svet.domains.metering import queries as metering
from svet.domains.metering.rules import ReadingKind
from svet.domains.tariffs import actions as tariffs
from svet.infra.models import AuditRecord
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def people(monkeypatch):
    """The cast; Anna's flat is free since the 1st of November."""
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    found = cast.assemble()
    for agreement in accounts_of.agreements_of(found.anna.account.id, on=TODAY):
        accounts.end_agreement(agreement.id, until_on=date(2026, 11, 1), at=cast.NOW)
    return found


@pytest.fixture
def browser(people):
    return signed_in(people.staff["operator"].user_id, proved=True)


def page_of(person):
    return reverse("desk:move_in", args=[person.supply_point_id])


def come(browser, person, *, on=TODAY, value="13781", confirmed=None, **more):
    """Fill the form, look at what would come of it, confirm that; or send this confirmation at once."""
    data = {"request_key": KEY, "family_name": "Ильина", "given_name": "Ольга", "patronymic": "", "phone": ""}
    data |= {"known_account": "", "from_on": str(on), "registered": "2", "temporary": "1", "owners": "1"}
    data |= {"reason": "Договор купли-продажи", "d1": value}
    if confirmed is None:
        looked = browser.post(page_of(person), data | more)
        if looked.status_code != 200:
            return looked
        confirmed = looked.context["form"].token
    return browser.post(page_of(person), data | more | {"confirmed": confirmed})


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def counts():
    return Account.objects.count(), Customer.objects.count()


def newest():
    return accounts_of.account_by_id(Account.objects.latest("pk").pk)


def test_a_free_place_is_found_by_address_and_code_without_anybodys_name(people, browser):
    where = reverse("desk:move_in_where")

    by_address = text(browser.get(where, {"q": "Садовая 12 10"}))
    by_code = text(browser.get(where, {"q": "ТП-1"}))
    taken = text(browser.get(where, {"q": "ТП-2"}))

    assert all(page_of(people.anna) in page and "свободно" in page for page in (by_address, by_code))
    assert page_of(people.igor) not in taken
    assert "действует договор" in taken
    for page in (by_address, taken, text(browser.get(page_of(people.anna)))):
        assert "Смирнов" not in page
        assert people.anna.number not in page


@pytest.mark.parametrize("words", ["", " ", "'; DROP", "😀", "ул. дом", "x" * 300, "Несуществующая 1"])
def test_a_search_for_nothing_is_no_mistake(people, browser, words):
    answer = browser.get(reverse("desk:move_in_where"), {"q": words})

    assert answer.status_code == 200
    assert page_of(people.anna) not in text(answer)


def test_a_newcomer_gets_an_account_whole(people, browser):
    answer = come(browser, people.anna, phone="8 (916) 123-45-67")

    account = newest()
    assert answer.headers["Location"] == reverse("desk:account", args=[account.number])
    card = accounts_of.card(account.id, on=TODAY)
    assert (account.customer_name, account.opened_on) == ("Ильина Ольга", TODAY)
    assert (card.household.registered, card.household.temporary, card.household.owners) == (2, 1, 1)
    assert [(one.supply_point.id, one.period.start) for one in card.agreements] == [
        (people.anna.supply_point_id, TODAY)
    ]
    assert [one.value for one in card.contacts] == ["+79161234567"]
    (reading,) = metering.history(account.id)
    assert (reading.value, reading.kind, reading.taken_on) == (13781, ReadingKind.INITIAL, TODAY)
    record = AuditRecord.objects.get(verb="moving.moved_in")
    assert (record.account_id, record.reason) == (account.id, "Договор купли-продажи")


def test_what_will_be_opened_is_shown_first_and_nothing_is_written(people, browser):
    before = counts()

    shown = text(come(browser, people.anna, confirmed="", phone="89161234567"))

    assert "Что получится" in shown
    assert "Ильина Ольга" in shown
    assert "13 781" in shown
    assert "1 ноября 2026" in shown
    assert "Смирнов" not in shown
    assert counts() == before
    assert not AuditRecord.objects.filter(verb="moving.moved_in").exists()


def test_a_confirmation_is_of_what_was_shown_and_of_nothing_else(people, browser):
    before = counts()
    seen = come(browser, people.anna, confirmed="").context["form"].token

    changed = come(browser, people.anna, confirmed=seen, registered="7")

    assert changed.status_code == 200
    assert "Что получится" in text(changed)
    assert counts() == before


def test_the_number_seen_in_no_preview_is_lost(people, browser):
    come(browser, people.anna, confirmed="")
    come(browser, people.anna, confirmed="")
    come(browser, people.anna)
    first = newest().number

    accounts.open_account(newest().customer_id, opened_on=TODAY, at=cast.NOW)

    assert int(newest().number[2:9]) == int(first[2:9]) + 1


def test_the_form_sent_twice_opens_one_account_and_shows_it_again(people, browser):
    first = come(browser, people.anna)
    after = counts()

    again = come(browser, people.anna)

    assert again.status_code == 302
    assert again.headers["Location"] == first.headers["Location"]
    assert counts() == after


def test_another_persons_form_for_a_place_just_taken_is_refused_without_a_number(people, browser):
    come(browser, people.anna)
    other = signed_in(people.staff["supervisor"].user_id, proved=True)

    same_key = come(other, people.anna)
    new_key = come(signed_in(people.staff["operator"].user_id, proved=True), people.anna, request_key="f" * 32)

    for answer in (same_key, new_key):
        assert answer.status_code == 422
        assert "действует другой договор" in text(answer)
        assert newest().number not in text(answer)


def test_a_known_customer_is_not_registered_again_and_his_name_must_agree(people, browser):
    before = counts()
    wrong = come(browser, people.anna, known_account=people.vera.number)
    missing = come(browser, people.anna, known_account="3300000000")
    assert [answer.status_code for answer in (wrong, missing)] == [422, 422]
    assert "Фамилия не та" in text(wrong)
    assert people.vera.name.split()[0] not in text(wrong)
    assert counts() == before

    come(browser, people.anna, known_account=people.vera.number, family_name=people.vera.name.split()[0].upper())

    assert counts() == (before[0] + 1, before[1])
    assert newest().customer_id == people.vera.account.customer_id


@pytest.mark.parametrize(
    "more",
    [
        {"family_name": ""},
        {"family_name": "😀"},
        {"family_name": "Я" * 300},
        {"family_name": "<script>"},
        {"given_name": ""},
        {"given_name": "О2"},
        {"phone": "12"},
        {"known_account": "33-x"},
        {"registered": "-1"},
        {"registered": "много"},
        {"owners": "201"},
        {"reason": ""},
        {"request_key": "forged"},
        {"d1": ""},
        {"d1": "12х45"},
        {"d1": "9" * 12},
        {"from_on": "31.02.2026"},
        {"from_on": str(TODAY + timedelta(days=60))},
        {"from_on": "2026-10-20"},
    ],
)
def test_what_is_wrong_opens_nothing_and_is_said(people, browser, more):
    before = counts()

    answer = come(browser, people.anna, **more)

    assert answer.status_code == 422
    assert "Проверьте, что введено" in text(answer)
    assert counts() == before


def test_names_with_hyphens_and_apostrophes_are_names(people, browser):
    come(browser, people.anna, family_name="О'Нил-Римская", given_name="Анна Мария")

    assert newest().customer_name.startswith("О'Нил-Римская Анна Мария")


def test_a_day_to_come_needs_no_reading_yet(people, browser):
    answer = come(browser, people.anna, on=TODAY + timedelta(days=3), value="")

    assert answer.status_code == 302
    assert metering.history(newest().id) == []


def test_a_taken_or_unknown_place_opens_nothing(people, browser):
    before = counts()

    taken = come(browser, people.igor, d2="4600")
    unknown = [browser.get(f"/desk/move-in/{big}/").status_code for big in (2**62, 2**80)]

    assert taken.status_code == 422
    assert unknown == [404, 404]
    assert counts() == before


def test_a_cashier_opens_no_accounts(people):
    cashier = signed_in(people.staff["cashier"].user_id, proved=True)

    assert come(cashier, people.anna).status_code == 403
    assert cashier.get(reverse("desk:move_in_where")).status_code == 403
