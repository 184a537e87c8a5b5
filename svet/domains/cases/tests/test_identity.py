"""What a caller says against what is stored: what is forgiven and what never is."""

import pytest

from svet.domains.cases.rules.identity import (
    MOST_BY_ONE,
    MOST_ON_AN_ACCOUNT,
    Known,
    Said,
    Tries,
    compare,
    may_try,
    same_address,
    same_name,
)

ANNA = ("Смирнова", "Анна", "Павловна")
HOME = "г. Светлогорье, ул. Садовая, д. 12, кв. 10"


@pytest.mark.parametrize(
    "said",
    [
        "Смирнова Анна Павловна",
        "  анна ПАВЛОВНА смирнова ",
        "Смирнова, Анна Павловна",
        "Смирново Анна Павловна",
        "Смирнова Анна Палвовна",
        "Смирнова Анна Павлвна",
    ],
)
def test_a_full_name_is_the_same(said):
    assert same_name(said, ANNA)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Смирнова",
        "Смирнова Анна",
        "Смирнова А. П.",
        "Смирнова А.П.",
        "Смирнова Анна Павловна Ивановна",
        "Смирнова Инна Павловна",
        "Смирново Анна Палвовна",
        "Петрова Анна Павловна",
        "Смирнова Анна Анна Павловна",
        "'; DROP TABLE cases_identification; --",
        "😀😀😀",
        "Смирнова Анна Павловна " * 13,
    ],
)
def test_another_name_is_another(said):
    assert not same_name(said, ANNA)


def test_letters_and_hyphens_are_forgiven():
    assert same_name("римский корсаков фёдор петрович", ("Римский-Корсаков", "Федор", "Петрович"))
    assert same_name("мбоу «Школа № 5»", ("МБОУ «Школа № 5»",))
    assert not same_name("Иванов", ("Иванов", "", ""))


@pytest.mark.parametrize(
    "said",
    [
        "Садовая 12-10",
        "ул. Садовая, дом 12, квартира 10",
        "Светлогорье, Садовая, д.12 кв.10",
        "600902, г Светлогорье, садовая улица 12 10",
        "садовоя 12, 10",
    ],
)
def test_the_address_is_the_same(said):
    assert same_address(said, HOME)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Садовая 12",
        "Садовая 12-11",
        "Садовая 10-12",
        "Садовая 13, кв. 10",
        "Садовая 12а, кв. 10",
        "Садовая 12д, кв. 10",
        "Садовая 12 корпус 10",
        "Садовая 12/10",
        "Мира 12-10",
        "12 10",
        "Москва, Садовая 12-10",
    ],
)
def test_another_address_is_another(said):
    assert not same_address(said, HOME)


def test_houses_with_letters_and_buildings():
    assert same_address("Мира 5 А кв 12", "г. Владимир, пр-кт Мира, д. 5а, кв. 12")
    assert same_address("Мира 5 корпус 2 кв 12", "г. Владимир, ул. Мира, д. 5/2, кв. 12")
    assert same_address("Лесное 5", "с. Лесное, д. 5")
    assert not same_address("5", "с. Лесное, д. 5")


@pytest.mark.parametrize(
    ("number", "address", "confirmed"),
    [
        ("3300000019", "", True),
        ("33 0000-0019", "", True),
        ("", "Садовая 12-10", True),
        ("", "", False),
        ("3300000018", "", False),
        ("3300000018", "Садовая 12-10", False),
        ("3300000019", "Садовая 12-11", False),
    ],
)
def test_the_number_or_the_address_and_nothing_wrong(number, address, confirmed):
    known = Known(ANNA, "3300000019", (HOME,))

    assert compare(Said("Смирнова Анна Павловна", number, address), known).is_confirmed is confirmed
    assert not compare(Said("Петрова Анна Павловна", number, address), known).is_confirmed


def test_tries_end():
    assert may_try(Tries(2, 5, 5), is_supervisor=False)
    assert not may_try(Tries(3, 3, 3), is_supervisor=False)
    assert not may_try(Tries(0, MOST_ON_AN_ACCOUNT, 0), is_supervisor=False)
    assert may_try(Tries(0, MOST_ON_AN_ACCOUNT, 0), is_supervisor=True)
    assert not may_try(Tries(0, 0, MOST_BY_ONE), is_supervisor=True)
