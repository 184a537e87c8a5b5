"""The door of a card: nothing about the customer until he is identified, every try kept, and the contact's own end."""

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.cases import queries as cases
from svet.domains.cases.models import Identification, ServiceContact
from tests import cast, doors
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

SECRETS = ("Смирнова", "Анна", "Павловна", "Садовая", "+79", "@")


@pytest.fixture
def people():
    return cast.assemble()


@pytest.fixture
def browser(people):
    return signed_in(people.staff["operator"].user_id, proved=True)


def why(person, *, how="phone"):
    return f"{reverse('desk:why', args=[person.number])}?how={how}"


def card(person):
    return reverse("desk:account", args=[person.number])


def said(browser: Client, person, *, name="Смирнова Анна Павловна", number="", address=""):
    return browser.post(why(person), {"name": name, "number": number, "address": address})


@pytest.mark.parametrize("how", ["phone", "document", "inner", "refusal", "forged"])
def test_nothing_of_the_customer_is_on_the_page_before_he_is_identified(browser, people, how):
    page = browser.get(why(people.anna, how=how)).content.decode()

    assert people.anna.number in page
    assert [secret for secret in SECRETS if secret in page] == []
    assert access.looks(account_id=people.anna.account.id) == []


def test_what_does_not_agree_opens_nothing_and_does_not_say_what_was_wrong(browser, people):
    wrong_name = said(browser, people.anna, name="Смирнова Инна Петровна", number=people.anna.number)
    wrong_number = said(browser, people.anna, number=people.igor.number)

    for answer in (wrong_name, wrong_number):
        assert answer.status_code == 422
        assert "Не совпало" in answer.content.decode()
    messages = [one.context["form"].non_field_errors() for one in (wrong_name, wrong_number)]
    assert messages[0] == messages[1]
    assert browser.get(card(people.anna)).status_code == 302
    assert [one.outcome for one in Identification.objects.all()] == ["not_confirmed"] * 2


def test_a_caller_who_says_it_rightly_opens_the_card_in_a_call(browser, people):
    answer = said(browser, people.anna, name="смирнова анна павловна", number=people.anna.number)
    shown = browser.get(card(people.anna))

    assert answer.headers["Location"] == card(people.anna)
    assert "Смирнова Анна Павловна" in shown.content.decode()
    (look,) = access.looks(account_id=people.anna.account.id)
    assert look.purpose == "customer_call"
    assert cases.running(people.staff["operator"].user_id).number == people.anna.number


@pytest.mark.parametrize("name", ["", " ", "С", "а" * 301, "<script>", "Смирнова О'Анна 😀"])
def test_strange_names_open_nothing_and_are_kept_in_the_field(browser, people, name):
    answer = said(browser, people.anna, name=name, number=people.anna.number)

    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert browser.get(card(people.anna)).status_code == 302


def test_after_three_tries_the_caller_goes_to_a_supervisor(browser, people):
    for _ in range(3):
        said(browser, people.anna, name="Кто-то Другой", number=people.anna.number)
    answer = said(browser, people.anna, number=people.anna.number)

    assert "Передайте клиента старшему смены" in answer.content.decode()
    assert browser.get(card(people.anna)).status_code == 302


def test_an_identification_is_of_one_operator_in_one_browser(browser, people):
    doors.identified(browser, people.anna.number)
    other = signed_in(people.staff["supervisor"].user_id, proved=True)
    forged = other.session
    forged["identified"] = dict(browser.session["identified"])
    forged.save()

    assert browser.get(card(people.anna)).status_code == 200
    assert other.get(card(people.anna)).status_code == 302


def test_a_refusal_is_recorded_with_its_reason_and_the_card_stays_closed(browser, people):
    empty = browser.post(why(people.anna, how="refusal"), {"channel": "call", "reason": "  "})
    answer = browser.post(
        why(people.anna, how="refusal"), {"channel": "call", "reason": "Отказался назвать адрес"}, follow=True
    )

    assert empty.status_code == 422
    assert "Отказ записан" in answer.content.decode()
    kept = Identification.objects.get(outcome="refused_by_customer")
    assert (kept.reason, kept.contact.ending) == ("Отказался назвать адрес", "identification_refused")
    assert browser.get(card(people.anna)).status_code == 302


def test_the_end_of_the_contact_closes_the_card_and_counts_the_time(browser, people):
    doors.identified(browser, people.anna.number)
    contact = ServiceContact.objects.get()
    end = reverse("desk:end_contact", args=[contact.pk])

    asked = browser.post(end, {"note": "О поверке"})
    ended = browser.post(
        end, {"subjects": ["meter", "readings"], "settled": "settled", "note": "О поверке"}, follow=True
    )
    again = browser.post(end, {"subjects": ["meter"], "settled": "settled"})

    assert asked.status_code == 422
    assert "О поверке" in asked.content.decode()
    assert "Обслуживание завершено" in ended.content.decode()
    assert "уже завершён" in again.content.decode()
    contact.refresh_from_db()
    assert (contact.ending, contact.subjects, contact.settled) == ("finished", ["meter", "readings"], "settled")
    assert browser.get(card(people.anna)).status_code == 302


def test_anothers_contact_is_not_to_be_ended(browser, people):
    doors.identified(browser, people.anna.number)
    contact = ServiceContact.objects.get()
    other = signed_in(people.staff["supervisor"].user_id, proved=True)

    answer = other.post(reverse("desk:end_contact", args=[contact.pk]), {"subjects": ["meter"], "settled": "settled"})

    assert answer.status_code == 404
    contact.refresh_from_db()
    assert contact.ended_at is None


def test_a_new_contact_begins_before_it_is_known_who_it_is(browser, people):
    answer = browser.post(reverse("desk:new_contact"), {"channel": "call", "caller_name": "Анна"}, follow=True)
    doors.identified(browser, people.anna.number)

    assert "клиент ещё не назвался" not in browser.get(reverse("desk:home")).content.decode()
    assert "Анна" in answer.content.decode()
    contact = ServiceContact.objects.get()
    assert (contact.channel, contact.account_id, contact.caller_name) == ("call", people.anna.account.id, "Анна")


def test_an_account_that_is_not_there_is_not_found(browser, people):
    assert browser.get(reverse("desk:why", args=["3300000000"])).status_code == 404
