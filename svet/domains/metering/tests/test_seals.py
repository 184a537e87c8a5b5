"""Seals of an act, a line each, and which of them hang at a meter after all its acts."""

from datetime import date

import pytest

from svet.domains.metering.rules.acts import ActRefused
from svet.domains.metering.rules.seals import seals_on, seals_told


def told(text):
    return [(one.number, one.place, one.is_off) for one in seals_told(text)]


def test_a_line_is_a_number_and_a_place():
    assert told(" АБ 001122, клеммная крышка\r\n\r\nснята ВГ-7\nСнято 5; № 12 , вводной автомат, справа.") == [
        ("АБ 001122", "клеммная крышка", False),
        ("ВГ-7", "", True),
        ("5", "", True),
        ("№ 12", "вводной автомат, справа", False),
    ]
    assert told(" \n ;") == []


def test_a_seal_without_a_number_is_refused_with_its_line():
    with pytest.raises(ActRefused) as raised:
        seals_told("АБ 1\nпломба на крышке")
    assert (raised.value.code, raised.value.facts["line"]) == ("seal_without_number", "пломба на крышке")


def test_what_hangs_is_what_was_put_on_and_not_taken_off():
    acts = [
        (date(2026, 3, 1), "7", "АБ 1, крышка\nАБ 2, автомат"),
        (date(2026, 5, 2), "9", "снята аб-1\nВГ 3, крышка"),
        (date(2026, 6, 2), "11", "АБ 2, ввод"),
        (date(2026, 7, 2), "12", "старая запись без номера"),
    ]
    assert [(one.number, one.place, one.act_number) for one in seals_on(acts)] == [
        ("ВГ 3", "крышка", "9"),
        ("АБ 2", "ввод", "11"),
        ("старая запись без номера", "", "12"),
    ]
