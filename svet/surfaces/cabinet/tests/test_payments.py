"""The list of payments: when, through whom, how much, and to which months each rouble went."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.ledger import actions as ledger
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments import actions as payments
from svet.flows import account_pages
from svet.kernel.period import Month
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera():
    """Vera, who owes 4 218,60 for September, 300,00 for October and 12,50 of penalties for September."""
    home = cast.assemble().vera
    charged(home, "300.00", month="2026-10")
    charged(home, "12.50", month="2026-09", kind=EntryKind.PENALTY, service=Service.PENALTY)
    return home


def charged(home, amount, *, month, kind=EntryKind.CHARGE, service=Service.ENERGY):
    ledger.post(
        account_id=home.account.id,
        kind=kind,
        amount=Decimal(amount),
        month=Month("2026-10"),
        concerns=Month(month),
        posted_on=date(2026, 10, 31),
        source_kind=kind.value,
        source_id=1,
        recorded_at=cast.NOW,
        service=service,
    )


def paid(home, amount, *, external_id="1", on=date(2026, 11, 3)):
    return payments.accept_payment(
        source_code="sberbank",
        external_id=external_id,
        account_number=home.number,
        amount=Decimal(amount),
        paid_at=cast.moment(on),
        received_at=cast.moment(on),
    ).payment_id


def page_of(home):
    browser = Client()
    assert browser.login(username=home.number, password=cast.PASSWORD)
    html = browser.get(reverse("cabinet:payments", args=[home.number])).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("\u00a0", " ")))


def test_each_rouble_is_shown_where_it_went(vera):
    paid(vera, "5000.00")

    page = page_of(vera)

    assert "03.11.2026 Сбербанк 5 000,00 ₽" in page
    assert "сентябрь 2026: 4 218,60 ₽ октябрь 2026: 300,00 ₽ сентябрь 2026 (пени): 12,50 ₽ аванс: 468,90 ₽" in page


def test_what_was_given_back_is_not_said_to_have_paid_for_anything(vera):
    paid(vera, "5000.00")
    payments.refund(
        vera.account.id, amount=Decimal("400.00"), request_key="r-1", reason="Заявление", by=None, at=cast.NOW
    )

    page = page_of(vera)

    assert "аванс: 68,90 ₽ возвращено: 400,00 ₽" in page


def test_a_payment_taken_back_is_marked_and_paid_for_nothing(vera):
    payments.reverse_payment(paid(vera, "5000.00"), reason="Ошибка кассы", at=cast.NOW)

    page = page_of(vera)

    assert "отозван" in page
    assert "аванс" not in page
    assert "возвращено" not in page


def test_every_payment_is_spread_to_the_last_kopeck(vera):
    for place, amount in enumerate(("100.01", "4000.00", "0.99", "777.77"), 1):
        paid(vera, amount, external_id=str(place), on=date(2026, 11, place))

    for row in account_pages.money(vera.account.id, on=cast.NOW.date()).payments:
        assert sum((part.amount for part in row.parts), row.advance) == row.payment.amount


def test_an_account_without_payments_says_so(vera):
    assert "Платежей пока нет" in page_of(vera)


def test_a_long_list_shows_the_latest_fifty_and_asks_for_more(vera):
    for place in range(60):
        paid(vera, f"{place + 1}.00", external_id=str(place), on=date(2026, 9, 1 + place % 28))
    browser = Client()
    assert browser.login(username=vera.number, password=cast.PASSWORD)
    page = reverse("cabinet:payments", args=[vera.number])

    first, more = browser.get(page), browser.get(page, {"payments": "100"})

    assert [len(one.context["page"].payments) for one in (first, more)] == [50, 60]
    assert "?payments=100" in first.content.decode()
    assert "Ещё платежи" not in more.content.decode()
    days = [row.payment.paid_at for row in more.context["page"].payments]
    assert days == sorted(days, reverse=True)
    assert sum(len(row.parts) > 0 or row.advance > 0 for row in first.context["page"].payments) == 50


@pytest.mark.parametrize("asked", ["", "x", "-1", "0", "1" * 40, "'; --", "٣", "100000"])
def test_a_forged_number_of_payments_shows_the_first_fifty(vera, asked):
    browser = Client()
    assert browser.login(username=vera.number, password=cast.PASSWORD)

    assert browser.get(reverse("cabinet:payments", args=[vera.number]), {"payments": asked}).status_code == 200
