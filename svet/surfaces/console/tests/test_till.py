"""`svet till`: a till is opened and changed from the console, and what is wrong is said in words."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from svet.domains.payments import queries

pytestmark = pytest.mark.django_db


def till(*arguments: str) -> str:
    out = io.StringIO()
    call_command("till", *arguments, stdout=out)
    return out.getvalue()


def test_a_till_is_opened_and_then_changed():
    assert "касса не подключена" in till("K1", "--name", "Касса 1", "--office", "mira")

    said = till("K1", "--name", "Касса 1", "--device", "http://10.0.0.5:16732", "--secret", "SVET_TILL_K1", "--closed")

    (row,) = queries.tills()
    assert (row.code, row.device_url, row.active) == ("K1", "http://10.0.0.5:16732", False)
    assert "выведена из работы" in said


@pytest.mark.parametrize("address", ["10.0.0.5", "ftp://10.0.0.5", "javascript:alert(1)", "http://"])
def test_what_is_no_address_of_a_device_is_refused(address):
    with pytest.raises(CommandError, match="не адрес кассового аппарата"):
        till("K1", "--device", address)

    assert queries.tills() == []
