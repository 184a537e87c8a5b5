"""The till: one open shift, money taken and given back once, counted at the end; the device's tasks in order."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from svet.domains.access import actions as access
from svet.domains.ledger.models import Entry
from svet.domains.payments import actions, queries
from svet.domains.payments.actions.fiscal import Registered
from svet.domains.payments.models import FiscalDocument, FiscalTask, Payment, TillOperation, TillShift
from svet.domains.payments.rules.tills import Means, OperationKind, TaskKind, TaskState
from svet.domains.payments.tests.makers import NOW, a_charge, an_account, entries, number
from svet.infra import jobs
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import Conflict, DomainError, NotAllowed, NotFound

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


@pytest.fixture
def account(db):
    return an_account(1)


def test_cash_is_taken_posted_and_its_change_is_known(account):
    shift_id = a_shift()

    operation = queries.operation(take(shift_id, "412.30", given="500.00"))

    assert (operation.change, operation.code, operation.account_number) == (Decimal("87.70"), "K1-1-1", number(1))
    assert entries(account) == [("payment", Decimal("-412.30"))]
    assert drawer(shift_id) == Decimal("1412.30")
    payment = queries.payment(operation.payment_id)
    assert (payment.source_name, payment.external_id) == ("Касса: Касса K1", "K1-1-1")
    assert Fact.objects.filter(name="payments.till_operation_made", account_id=account.pk).count() == 1
    assert AuditRecord.objects.filter(verb="payments.till_operation", account_id=account.pk).count() == 1


def test_a_form_sent_twice_takes_money_once(account):
    shift_id = a_shift()

    assert take(shift_id, key="same") == take(shift_id, key="same")

    assert Payment.objects.count() == 1
    assert drawer(shift_id) == Decimal("1412.30")


def test_the_same_form_with_another_sum_takes_nothing(account):
    shift_id = a_shift()
    take(shift_id, "10.00", key="same")

    with pytest.raises(Conflict, match="operation_differs"):
        take(shift_id, "11.00", key="same")

    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_from_two_connections_takes_money_once():
    an_account(1)
    shift_id = a_shift()

    def send(_):
        try:
            return take(shift_id, key="same")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(send, range(4)))

    assert len(set(taken)) == 1
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_cashiers_who_open_one_till_at_once_get_one_shift():
    till_id = a_till(device_url=DEVICE)

    def begin(cashier):
        try:
            return a_shift(till_id, cashier_id=cashier)
        except Conflict as conflict:
            return conflict.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(begin, (NINA, OTHER)))

    assert got.count("till_is_taken") == 1
    assert TillShift.objects.count() == 1


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "1e12"])
def test_what_is_no_sum_is_refused(account, amount):
    shift_id = a_shift()

    with pytest.raises(DomainError, match="amount_is_wrong"):
        take(shift_id, amount)

    assert TillOperation.objects.count() == 0


def test_more_than_the_channel_takes_is_refused(account):
    with pytest.raises(DomainError, match="amount_is_out_of_limits"):
        take(a_shift(), "100000.01")


def test_less_cash_than_the_sum_is_refused_and_says_how_much_is_missing(account):
    with pytest.raises(DomainError, match="cash_is_short") as refused:
        take(a_shift(), "100.00", given="99.50")

    assert refused.value.facts["missing"] == "0.50"
    assert Payment.objects.count() == 0


@pytest.mark.parametrize("slip", ["12345678901", "1234567890123", "12345678901x", "１２３４５６７８９０１２"])
def test_a_card_needs_the_slips_number(account, slip):
    with pytest.raises(DomainError, match="slip_is_wrong"):
        take(a_shift(), slip=slip)


def test_a_slip_is_entered_once(account):
    shift_id = a_shift()
    take(shift_id, slip="123456789012")

    with pytest.raises(DomainError, match="slip_is_used"):
        take(shift_id, slip="123456789012")

    assert Payment.objects.count() == 1


def test_a_card_leaves_the_drawer_alone(account):
    shift_id = a_shift()
    take(shift_id, slip="123456789012")

    assert drawer(shift_id) == Decimal("1000.00")


def test_nobody_takes_money_in_another_cashiers_shift(account):
    shift_id = a_shift()

    with pytest.raises(NotAllowed, match="shift_of_another_cashier"):
        take(shift_id, by=OTHER)
    with pytest.raises(NotAllowed, match="shift_of_another_cashier"):
        close(shift_id, "1000.00", by=OTHER)


def test_a_shift_closed_meanwhile_takes_nothing(account):
    shift_id = a_shift()
    close(shift_id, "1000.00")

    with pytest.raises(Conflict, match="shift_is_closed"):
        take(shift_id)


def test_a_shift_of_24_hours_takes_no_more_money_but_can_be_closed(account):
    shift_id = a_shift()
    take(shift_id, at=NOW + timedelta(hours=23, minutes=59))
    late = NOW + timedelta(hours=24)

    with pytest.raises(DomainError, match="shift_is_too_long"):
        take(shift_id, at=late)

    assert close(shift_id, "1412.30", at=late).is_new


def test_a_cashier_has_one_shift_at_a_time(account):
    a_shift()

    with pytest.raises(Conflict, match="cashier_has_open_shift"):
        a_shift(a_till("K2", device_url=DEVICE))


def test_a_till_without_a_device_works_only_where_that_is_decided(account):
    till_id = a_till()

    with pytest.raises(DomainError, match="till_has_no_device"):
        actions.open_shift(till_id, cashier_id=NINA, opening_float=Decimal(0), request_key="k", at=NOW)

    shift_id = a_shift(till_id, device=False)
    take(shift_id)
    assert FiscalTask.objects.count() == 0


def test_the_till_of_another_office_stays_shut(account):
    above = access.define_unit("Офис на Мира", parent_id=None, office_code="mira", at=NOW)
    unit_id = access.define_unit("Кассы", parent_id=above, office_code="", at=NOW)
    user_id = access.create_user("nina", password="x", at=NOW, roles=["cashier"], family_name="Гордеева")
    chief = access.create_user("chief", password="x", at=NOW, roles=["administrator"], family_name="Чернов")
    place = {"position": "кассир", "roles": ["cashier"], "unit_id": unit_id, "expected_roles": ["cashier"]}
    access.move_staff(user_id, by=chief, at=NOW, reason="приём", **place)

    with pytest.raises(NotAllowed, match="till_of_another_office"):
        a_shift(a_till(device_url=DEVICE, office_code="lenina"), cashier_id=user_id)

    assert a_shift(a_till("K2", device_url=DEVICE, office_code="mira"), cashier_id=user_id)


def test_a_payment_given_back_is_owed_again_and_leaves_the_drawer(account):
    shift_id = a_shift()
    paid = take(shift_id)

    back = queries.operation(give_back(paid))

    assert (back.kind, back.amount, back.reverses_id) == (OperationKind.REFUND, Decimal("412.30"), paid)
    assert sum(amount for _, amount in entries(account)) == 0
    assert drawer(shift_id) == Decimal("1000.00")
    assert queries.operation(paid).reversed_by_id == back.operation_id
    with pytest.raises(DomainError, match="payment_is_reversed"):
        actions.reassign_payment(
            back.payment_id, account_number=number(1), from_account_id=account.pk, reason="x", by=NINA, at=NOW
        )


def test_a_payment_is_given_back_once(account):
    paid = take(a_shift())
    assert give_back(paid, key="same") == give_back(paid, key="same")

    with pytest.raises(Conflict, match="payment_is_given_back"):
        give_back(paid)

    assert TillOperation.objects.filter(kind=OperationKind.REFUND).count() == 1


def test_what_cannot_be_given_back_is_not(account):
    shift_id = a_shift()
    paid, by_card = take(shift_id), take(shift_id, "50.00", slip="123456789012")
    with pytest.raises(DomainError, match="reason_is_missing"):
        give_back(paid, reason="  ")
    with pytest.raises(DomainError, match="slip_is_wrong"):
        give_back(by_card)
    with pytest.raises(DomainError, match="not_a_payment"):
        give_back(give_back(paid))
    with pytest.raises(NotFound):
        give_back(10**9)
    close(shift_id, "1000.00")
    with pytest.raises(Conflict, match="shift_is_closed"):
        give_back(by_card, slip="123456789013")


def test_cash_that_is_not_in_the_drawer_cannot_leave_it(account):
    shift_id = a_shift(opening_float="0")
    paid = take(shift_id, "300.00")
    move = {"reason": "в банк", "by": NINA, "at": NOW, "kind": OperationKind.WITHDRAWAL}
    with pytest.raises(DomainError, match="not_enough_cash"):
        actions.move_cash(shift_id, amount=Decimal("300.01"), request_key="a", **move)

    actions.move_cash(shift_id, amount=Decimal("300.00"), request_key="b", **move)
    actions.move_cash(shift_id, amount=Decimal("300.00"), request_key="b", **move)

    assert drawer(shift_id) == 0
    with pytest.raises(DomainError, match="not_enough_cash"):
        give_back(paid)


def test_a_difference_is_explained_or_the_shift_stays_open(account):
    shift_id = a_shift()
    take(shift_id)
    with pytest.raises(DomainError, match="difference_is_unexplained") as refused:
        close(shift_id, "1400.00")
    assert refused.value.facts["expected"] == "1412.30"

    close(shift_id, "1400.00", explanation="Не хватило разменных")
    again = close(shift_id, "5.00")

    row = queries.shift(shift_id)
    assert (again.is_new, row.difference, row.explanation) == (False, Decimal("-12.30"), "Не хватило разменных")


def test_numbers_of_shifts_and_operations_have_no_gaps(account):
    till_id = a_till(device_url=DEVICE)
    for _ in range(2):
        shift_id = a_shift(till_id, opening_float="0")
        with pytest.raises(DomainError):
            take(shift_id, "0")
        take(shift_id, "1.00")
        take(shift_id, "1.00")
        close(shift_id, "2.00")

    codes = [one.code for row in queries.shifts_of(NINA) for one in queries.report(row.shift_id).operations]
    assert sorted(codes) == ["K1-1-1", "K1-1-2", "K1-2-1", "K1-2-2"]


def test_operations_and_documents_are_never_rewritten(account):
    take(a_shift())
    task = FiscalTask.objects.get(kind=TaskKind.SELL)
    actions.record_document(task.pk, a_document(), at=NOW)

    for model, change in ((TillOperation, {"number": 9}), (FiscalDocument, {"sign": "9"})):
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.update(**change)


def test_a_closed_account_without_a_debt_takes_no_money(db):
    debtor, settled = an_account(1, closed_on=date(2026, 5, 1)), an_account(2, closed_on=date(2026, 5, 1))
    a_charge(debtor, amount="100.00", month=date(2026, 4, 1))
    shift_id = a_shift()

    take(shift_id, "100.00")
    with pytest.raises(DomainError, match="account_is_settled"):
        take(shift_id, "100.00", account=settled.number)
    with pytest.raises(NotFound, match="account_not_found"):
        take(shift_id, account="3300000000")
    assert Entry.objects.filter(account=settled).count() == 0


# the device's tasks


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


def test_the_device_is_asked_for_each_thing_in_order(account):
    a_charge(account, amount="300.00", month=date(2026, 5, 1))
    shift_id = a_shift()
    give_back(take(shift_id))
    close(shift_id, "1000.00")

    assert kinds() == ["open_shift", "cash_in", "sell", "sell_return", "counters", "close_shift"]
    sell, back = FiscalTask.objects.get(kind="sell"), FiscalTask.objects.get(kind="sell_return")
    assert sell.payload["positions"] == [
        {"amount": "300.00", "is_advance": False},
        {"amount": "112.30", "is_advance": True},
    ]
    assert back.payload == sell.payload


def test_an_unanswered_task_holds_up_the_rest_a_refused_one_does_not(account):
    shift_id = a_shift(opening_float="0")
    take(shift_id, "1.00")
    opening = queries.next_task(queries.tills_that_wait(NOW)[0], at=NOW)
    assert opening.kind == TaskKind.OPEN_SHIFT

    actions.postpone_task(opening.task_id, problem="silent", at=NOW)
    assert queries.next_task(opening.till_id, at=NOW) is None

    actions.refuse_task(opening.task_id, problem="no_paper", text="Нет бумаги", at=NOW)
    assert queries.next_task(opening.till_id, at=NOW).kind == TaskKind.SELL


def test_a_return_waits_for_the_receipt_of_what_it_returns(account):
    shift_id = a_shift(opening_float="5000")
    till_id = queries.shift(shift_id).till_id
    give_back(take(shift_id))
    for kind in ("open_shift", "cash_in"):
        actions.record_answer(FiscalTask.objects.get(kind=kind).pk, {}, at=NOW)
    sell = FiscalTask.objects.get(kind="sell")
    actions.refuse_task(sell.pk, problem="no_paper", text="", at=NOW)
    assert queries.next_task(till_id, at=NOW) is None

    actions.record_document(sell.pk, a_document(), at=NOW)
    assert queries.next_task(till_id, at=NOW).kind == TaskKind.SELL_RETURN


def test_only_a_refused_task_gets_a_new_uuid(account):
    take(a_shift())
    task = FiscalTask.objects.get(kind="sell")
    first = task.uuid
    actions.mark_asked(task.pk, at=NOW)
    actions.postpone_task(task.pk, problem="silent", at=NOW)
    actions.ask_anew(task.pk, at=NOW)
    task.refresh_from_db()
    assert (task.uuid, task.asked_at) == (first, NOW)

    actions.refuse_task(task.pk, problem="no_paper", text="", at=NOW)
    actions.ask_anew(task.pk, at=NOW)
    task.refresh_from_db()
    assert task.uuid != first
    assert (task.state, task.asked_at) == (TaskState.WAITING, None)


def test_a_document_is_recorded_once(account):
    take(a_shift())
    task = FiscalTask.objects.get(kind="sell")

    actions.record_document(task.pk, a_document(), at=NOW)
    actions.record_document(task.pk, a_document(72), at=NOW)
    actions.refuse_task(task.pk, problem="no_paper", text="", at=NOW)

    assert FiscalDocument.objects.get().document_number == 71
    assert Fact.objects.filter(name="payments.document_registered").count() == 1


def test_somebody_who_mended_the_device_has_all_tried_again_at_once(account):
    take(a_shift())
    for task in FiscalTask.objects.all():
        actions.postpone_task(task.pk, problem="silent", at=NOW)
    assert queries.tills_that_wait(NOW) == []

    actions.try_again_now(FiscalTask.objects.get(kind="sell").pk, at=NOW)

    assert len(queries.tills_that_wait(NOW)) == 1


@pytest.mark.django_db(transaction=True)
def test_the_job_is_woken_when_money_is_committed_and_only_then():
    an_account(1)
    shift_id = a_shift()
    forget_jobs()
    with pytest.raises(DomainError):
        take(shift_id, "0")
    assert not jobs.is_busy(actions.PRINTER)

    take(shift_id)
    take(shift_id)

    assert jobs.is_busy(actions.PRINTER)
    forget_jobs()


def forget_jobs():
    """Empty the queue: it outlives a test."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock = %s", [actions.PRINTER])
