"""The report of a till shift on paper: whatever people typed, a document comes out, the same one each time."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest

from svet.domains.payments import actions
from svet.domains.payments.rules.tills import Means, OperationKind
from svet.flows import till_pages
from svet.surfaces.paper import shift_report
from tests import cast

pytestmark = pytest.mark.django_db
HOSTILE = "#emph[Светлова] $x^2$ *Анна* @счёт <b> 🙂 " + "ъ" * 300


def test_a_shift_with_everything_in_it_is_printed_the_same_each_time():
    people = cast.assemble()
    cashier_id = people.staff["cashier"].user_id
    till_id = actions.open_till("K1", name="Касса 1", at=cast.NOW, device_url="http://127.0.0.1:1")
    shift_id = actions.open_shift(
        till_id, cashier_id=cashier_id, opening_float=Decimal(1000), request_key="a", at=cast.NOW
    ).shift_id
    common = {"by": cashier_id, "at": cast.NOW}
    empty = shift_report.render(till_pages.shift_report(shift_id, at=cast.NOW))
    for _ in range(60):
        paid = actions.take_payment(
            shift_id,
            account_number=people.vera.number,
            amount=Decimal("412.30"),
            means=Means.CASH,
            request_key=uuid.uuid4().hex,
            **common,
        )
    actions.give_back(paid.operation_id, reason=HOSTILE, request_key="b", **common)
    actions.move_cash(
        shift_id, kind=OperationKind.WITHDRAWAL, amount=Decimal(5), reason=HOSTILE, request_key="c", **common
    )
    actions.close_shift(shift_id, counted=Decimal(7), explanation=HOSTILE, **common)

    page = till_pages.shift_report(shift_id, at=cast.NOW)

    assert empty.startswith(b"%PDF-")
    assert shift_report.render(page) == shift_report.render(page)
    assert shift_report.title(page) == "Z-отчёт: Касса 1, смена № 1"
