"""Tills, shifts and what happens in them, for the tests of the till."""

from __future__ import annotations

import uuid
from decimal import Decimal

from svet.domains.payments import actions, queries
from svet.domains.payments.actions.fiscal import Registered
from svet.domains.payments.models import FiscalTask
from svet.domains.payments.rules.tills import Means
from svet.domains.payments.tests.makers import NOW, number

NINA, OTHER = 501, 502
DEVICE = "http://127.0.0.1:16732"


def a_till(code="K1", **terms):
    return actions.open_till(code, name=f"Касса {code}", at=NOW, **terms)


def a_shift(till_id=None, *, cashier_id=NINA, opening_float="1000.00", at=NOW, key=None, device=True):
    return actions.open_shift(
        till_id or a_till(device_url=DEVICE if device else ""),
        cashier_id=cashier_id,
        opening_float=Decimal(opening_float),
        request_key=key or uuid.uuid4().hex,
        at=at,
        without_device=not device,
    ).shift_id


def take(shift_id, amount="412.30", *, key=None, given=None, slip="", by=NINA, at=NOW, account=None):
    return actions.take_payment(
        shift_id,
        account_number=account or number(1),
        amount=Decimal(amount),
        means=Means.CARD if slip else Means.CASH,
        cash_given=None if given is None else Decimal(given),
        slip=slip,
        request_key=key or uuid.uuid4().hex,
        by=by,
        at=at,
    ).operation_id


def give_back(operation_id, *, key=None, reason="Ошиблись счётом", slip="", by=NINA, at=NOW):
    return actions.give_back(
        operation_id, reason=reason, slip=slip, request_key=key or uuid.uuid4().hex, by=by, at=at
    ).operation_id


def close(shift_id, counted, *, explanation="", by=NINA, at=NOW, **more):
    return actions.close_shift(shift_id, counted=Decimal(counted), explanation=explanation, by=by, at=at, **more)


def drawer(shift_id):
    return queries.report(shift_id).totals.drawer


def a_document(document_number=71, **changes):
    given = {
        "fn_number": "9999078900000961",
        "document_number": document_number,
        "sign": "1494325660",
        "registration_number": "0000000001002292",
        "device_shift": 12,
        "registered_at": NOW,
    }
    return Registered(**given | changes)


def kinds():
    return [str(kind) for kind in FiscalTask.objects.order_by("id").values_list("kind", flat=True)]
