"""Correction receipts by a real process: for money that has no receipt, once, and never beside the ordinary one."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from svet.domains.payments import actions, queries
from svet.domains.payments.rules.tills import CorrectionType, Ground, Missing, TaskState
from svet.domains.payments.tests.makers import NOW
from svet.infra.models import AuditRecord
from svet.kernel.errors import Conflict, DomainError, NotAllowed
from svet.surfaces.gates.fiscal.printing import print_waiting
from svet.surfaces.gates.fiscal.tests.conftest import NINA, open_shift, take

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)
OWN = Ground(CorrectionType.OWN, NOW.date(), "12")


def run(at=NOW):
    return print_waiting(lambda: at)


def correct(operation_id, *, ground=OWN, by=NINA, at=NOW, reason="Аппарат сломался", **more):
    return actions.correct_receipt(operation_id, ground=ground, reason=reason, by=by, at=at, **more)


def refusal(operation_id, error=DomainError, **more):
    with pytest.raises(error) as raised:
        correct(operation_id, **more)
    return raised.value.code


def test_money_taken_without_a_device_gets_its_receipt_in_the_next_shift(account, device):
    till_id = actions.open_till("K1", name="Касса 1", at=NOW)
    bare = actions.open_shift(
        till_id, cashier_id=NINA, opening_float=Decimal(0), request_key="bare", at=NOW, without_device=True
    ).shift_id
    operation_id = take(bare)
    assert queries.operation(operation_id).missing == Missing.SURELY
    actions.close_shift(bare, counted=Decimal("412.30"), explanation="", by=NINA, at=NOW)
    actions.open_till("K1", name="Касса 1", at=NOW, device_url=device.url)
    assert refusal(operation_id) == "no_open_fiscal_shift"
    shift = open_shift(till_id)

    order = Ground(CorrectionType.ORDER, date(2026, 6, 2), "15-Ф")
    assert [correct(operation_id, ground=order), correct(operation_id)] == [True, False]
    run()
    run(LATER)

    (asked,) = device.receipts()
    assert (asked["type"], asked["correctionType"], asked["correctionBaseDate"], asked["correctionBaseNumber"]) == (
        "sellCorrection", "instruction", "2026.06.02", "15-Ф",
    )  # fmt: skip
    assert (asked["total"], asked["items"][0]["paymentMethod"]) == (412.3, "advance")
    (row,) = queries.report(shift).corrections
    assert (row.operation_id, row.ground, row.task.document.total) == (operation_id, order, Decimal("412.30"))
    assert queries.report(shift).totals.taken == 0
    assert AuditRecord.objects.get(verb="payments.correct_receipt").account_id == account.pk
    assert queries.operation(operation_id).missing == Missing.NOTHING


def test_a_refused_receipt_is_asked_for_no_more_once_it_is_corrected(shift, device):
    run()
    device.tell(error=44)
    operation_id = take(shift)
    run()
    by_card = actions.give_back(operation_id, reason="Ошибка", request_key="b", by=NINA, at=NOW).operation_id
    assert refusal(by_card, Conflict) == "sale_has_no_receipt"

    correct(operation_id, ground=Ground(CorrectionType.OWN, NOW.date(), ""))
    device.tell()
    run(LATER)
    run(LATER + timedelta(minutes=2))

    corrected, _ = asked = device.receipts()
    assert [one["type"] for one in asked] == ["sellCorrection", "sellReturn"]
    assert corrected["correctionType"] == "self"
    assert "correctionBaseNumber" not in corrected
    assert queries.operation(operation_id).task.state == TaskState.DROPPED
    assert queries.report(shift).unprinted == 0


def test_of_a_device_that_died_somebody_must_know_that_it_printed_nothing(shift, device):
    run()
    device.kill()
    operation_id = take(shift)
    assert refusal(operation_id, Conflict) == "receipt_is_being_made"
    run()
    assert queries.operation(operation_id).missing == Missing.UNLESS_THE_DEVICE_DID
    assert refusal(operation_id) == "device_may_have_printed"

    correct(operation_id, is_sure=True)
    device.start()
    run(LATER)

    assert [one["type"] for one in device.receipts()] == ["sellCorrection"]


def test_what_has_its_receipt_or_no_ground_or_another_cashier_is_not_corrected(shift, device):
    operation_id = take(shift)
    moved = actions.move_cash(
        shift, kind="deposit", amount=Decimal(10), reason="Размен", request_key=uuid.uuid4().hex, by=NINA, at=NOW
    ).operation_id
    run()

    assert refusal(operation_id, Conflict) == "receipt_is_there"
    assert refusal(moved) == "not_a_payment"
    assert refusal(operation_id, NotAllowed, by=NINA + 1) == "operation_of_another_cashier"
    assert refusal(operation_id, reason=" ") == "reason_is_missing"
    assert refusal(operation_id, ground=Ground(CorrectionType.OWN, date(2027, 1, 1), "")) == "ground_day_is_wrong"
    order = Ground(CorrectionType.ORDER, NOW.date(), " ")
    assert refusal(operation_id, ground=order) == "ground_number_is_missing"
    long = Ground(CorrectionType.OWN, NOW.date(), "9" * 33)
    assert refusal(operation_id, ground=long) == "ground_number_is_long"
    assert refusal(operation_id, Conflict, by=NINA + 1, may_correct_others=True) == "receipt_is_there"
