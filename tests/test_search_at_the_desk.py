"""The search of the desk: everything a caller may say finds him, and shows no more than he said (T3)."""

import pytest
from django.db import connection
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries
from svet.domains.accounts.models import SearchEntry
from svet.domains.accounts.rules import plain_words
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind
from svet.flows import finding, reactions
from tests import cast
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    found = cast.assemble()
    customers.add_contact(
        found.anna.account.customer_id,
        kind=ContactKind.PHONE,
        value="+7 910 123-45-67",
        from_on=cast.LONG_AGO,
        at=cast.NOW,
    )
    accounts.index_all(on=cast.NOW.date())
    return found


def numbers(text, *, limit=20):
    return [one.number for one in finding.find(text, limit=limit).found]


@pytest.mark.parametrize(
    "text",
    [
        "смирнова",
        "СМИРНОВА АННА",
        "анна павловна смирнова",
        "Смир анн",
        "ул. Садовая, д. 12, кв. 10, Смирнова",
        "смернова анна",
        "смирнова аннна",
        "cvbhyjdf fyyf",
        "41000001",
        "8 910 123-45-67",
        "+7(910)1234567",
        "9101234567",
        "123-45-67",
        "89101234567",
        "  Смирнова   Анна  ",
    ],
)
def test_what_a_caller_says_finds_her(people, text):
    assert people.anna.number in numbers(text)


@pytest.mark.parametrize(
    "text", ["", " ", "%", "'", "смирнова & !анна", "' | 'а", "😀", "\\", "(((", "а" * 120, "Ёлкина-Палкина", "0" * 40]
)
def test_what_means_nobody_finds_nobody_and_breaks_nothing(people, text):
    assert numbers(text) in ([], [people.anna.number])
    assert numbers("морозова садовая 99") == []


def test_only_what_was_typed_is_shown(people):
    (one,) = finding.find("смирнова анн", limit=5).found
    (by_phone,) = finding.find("89101234567", limit=5).found

    assert one.customer_name == "Смирнова Анн… П…"
    assert "адовая" not in one.address
    assert "12" not in one.address
    assert by_phone.customer_name == "С… А… П…"


def test_a_slip_is_told_as_a_guess_and_gives_nothing_away(people):
    page = finding.find("смернова", limit=5)

    assert page.is_guess
    assert [one.number for one in page.found] == [people.anna.number]
    assert not finding.find("смирнова", limit=5).is_guess


def test_a_closed_account_comes_after_those_in_force(people):
    accounts.open_account(people.anna.account.customer_id, opened_on=cast.LONG_AGO, at=cast.NOW)
    old = accounts.open_account(people.anna.account.customer_id, opened_on=cast.LONG_AGO, at=cast.NOW)
    accounts.close_account(old.id, closed_on=cast.NOW.date(), at=cast.NOW)
    accounts.index_all(on=cast.NOW.date())

    assert numbers("смирнова")[-1] == old.number
    assert finding.find("смирнова", limit=2).has_more


@pytest.mark.django_db(transaction=True)
def test_what_changes_is_searched_by_after_the_facts_are_delivered():
    anna = cast.assemble().anna
    reactions.deliver_facts(at=cast.NOW)
    customers.change_name(
        anna.account.customer_id, family_name="Ёжикова", given_name="Анна", patronymic="Павловна", at=cast.NOW,
        reason="Брак",
    )  # fmt: skip
    assert numbers("ежикова") == []

    reactions.deliver_facts(at=cast.NOW)

    assert numbers("ЁЖИКОВА") == [anna.number]
    assert numbers("смирнова") == []


def test_the_database_makes_the_same_words_as_the_rules(people):
    anna = queries.account_by_number(people.anna.number)
    card = queries.card(anna.id, on=cast.NOW.date())
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(words) FROM accounts_search_entry WHERE account_id = %s", [anna.id])
        kept = set(cursor.fetchone()[0])

    said = {word for word in plain_words(f"{anna.customer_name} {card.address}") if word not in {"г", "ул", "д", "кв"}}
    assert {word for word in kept if not word.startswith("tel")} == said
    assert SearchEntry.objects.count() == len({one.account_id for one in finding.find("3300", limit=100).found})


def test_while_typing_lines_come_without_the_page_around_them(people):
    browser = signed_in(people.staff["operator"].user_id, proved=True)
    page = reverse("desk:find")

    lines = browser.get(page, {"q": "смирн"}, headers={"HX-Request": "true"}).content.decode()
    whole = browser.get(page, {"q": "смирн"}).content.decode()
    straight = browser.get(page, {"q": people.anna.number})

    assert people.anna.number in lines
    assert "<html" not in lines
    assert "Смирн…" in whole
    assert "Павловна" not in whole + lines
    assert straight.headers["Location"] == reverse("desk:account", args=[people.anna.number])


def test_a_search_costs_the_same_reads_whoever_is_found(people, django_assert_max_num_queries):
    for text in ("смирнова", "3300", "89101234567", "смернова"):
        with django_assert_max_num_queries(12):
            finding.find(text, limit=20)


def test_a_cashier_of_another_duty_and_a_stranger_search_nothing(people, client):
    administrator = signed_in(people.staff["administrator"].user_id, proved=True)

    assert administrator.get(reverse("desk:find"), {"q": "смирнова"}).status_code in {403, 404}
    assert client.get(reverse("desk:find"), {"q": "смирнова"}).status_code == 302
