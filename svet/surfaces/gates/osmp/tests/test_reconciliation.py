"""The agent's day against ours: missing, extra and different payments; nothing is written."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from svet.domains.payments import actions
from svet.domains.payments.tests.makers import NOW, a_source, an_account, booked_payments, number
from svet.flows.terminal_payment import compare_with_agent
from svet.infra.clock import MOSCOW

SAMPLES = Path(__file__).parent / "samples"


def booked(txn_id: str, place: int, amount: str, *, day: int = 3) -> int:
    return actions.accept_payment(
        source_code="qiwi",
        external_id=txn_id,
        account_number=number(place),
        amount=Decimal(amount),
        paid_at=datetime(2026, 6, day, 9, 15, 2, tzinfo=MOSCOW),
        received_at=NOW,
    ).payment_id


@pytest.fixture(autouse=True)
def day(db):
    a_source("qiwi")
    for place in (1, 2):
        an_account(place)


def compared(name: str = "day.csv"):
    return compare_with_agent((SAMPLES / name).read_bytes(), source_code="qiwi")


@pytest.mark.parametrize("name", ["day.csv", "day.xml"])
def test_a_day_that_agrees(name):
    booked("1000001", 1, "1173.49")
    booked("1000002", 2, "500.00")

    comparison = compared(name)
    assert comparison.agrees
    assert (comparison.matched, comparison.amount) == (2, Decimal("1673.49"))


def test_what_differs_is_listed_by_kind():
    booked("1000001", 1, "1173.48")
    booked("1000003", 2, "10.00")
    booked("1000004", 2, "10.00", day=2)

    comparison = compared()
    assert [pair.ours.external_id for pair in comparison.different] == ["1000001"]
    assert [line.external_id for line in comparison.missing] == ["1000002"]
    assert [row.external_id for row in comparison.extra] == ["1000003"]


def test_a_payment_of_the_last_minute_that_came_with_another_day_is_not_missing():
    booked("1000001", 1, "1173.49", day=4)
    booked("1000002", 2, "500.00")

    assert compared().missing == ()


def test_a_payment_that_was_reversed_is_missing():
    booked("1000001", 1, "1173.49")
    actions.reverse_payment(booked("1000002", 2, "500.00"), reason="ошибка агента", at=NOW)

    assert [line.external_id for line in compared().missing] == ["1000002"]


def test_the_command_lists_differences_in_russian_and_fails():
    booked("1000001", 1, "1173.48")
    booked("1000003", 2, "10.00")
    out = io.StringIO()

    with pytest.raises(CommandError, match="Сверка не сошлась"):
        call_command("import_register", "osmp", str(SAMPLES / "day.csv"), source="qiwi", stdout=out)
    told = out.getvalue()
    assert "нет у нас: 1000002, счёт 3300000027, 500,00 ₽" in told
    assert "нет у агента: 1000003" in told
    assert "расходится: 1000001, у агента 1 173,49 ₽" in told
    assert len(booked_payments()) == 2


@pytest.mark.parametrize("name", ["entity_bomb.xml", "entity_file.xml"])
def test_xml_with_entities_is_answered_with_a_clear_error(name):
    err = io.StringIO()

    with pytest.raises(CommandError):
        call_command("import_register", "osmp", str(SAMPLES / name), source="qiwi", stderr=err, stdout=io.StringIO())
    assert "объявлены сущности" in err.getvalue()
