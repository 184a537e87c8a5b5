"""Opening a channel for an agent from the console."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from svet.domains.payments import queries


def open_channel(**options: object) -> str:
    out = io.StringIO()
    call_command("payment_source", "qiwi", name="КИВИ", stdout=out, **options)
    return out.getvalue()


def test_a_channel_is_opened_and_its_terms_are_changed(db):
    open_channel(network=["203.0.113.0/24"], secret="SVET_GATE_QIWI")
    told = open_channel(network=["203.0.113.0/24"], max="500.00", closed=True)

    (row,) = queries.sources()
    assert (row.name, row.active, str(row.max_amount), row.allowed_networks) == (
        "КИВИ",
        False,
        "500.00",
        ("203.0.113.0/24",),
    )
    assert "qiwi: КИВИ" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"network": ["300.1.1.1/8"]}, "не адрес и не подсеть"),
        ({"min": "5", "max": "1"}, "не больше наибольшей"),
        ({"max": "сто"}, "рубли с точкой"),
        ({"max": "NaN"}, "рубли с точкой"),
        ({"max": "1e40"}, "рубли с точкой"),
        ({"max": "99999999999"}, "до миллиарда"),
    ],
)
def test_wrong_terms_are_told(db, options, told):
    with pytest.raises(CommandError, match=told):
        open_channel(**options)
    assert queries.sources() == []
