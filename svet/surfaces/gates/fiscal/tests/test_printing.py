"""Receipts by a real process: printed once whatever dies in between, nothing lost, everybody told what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings as django_settings
from django.db import connection

from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions, queries
from svet.domains.payments.rules.tills import TaskKind, against_device
from svet.domains.payments.tests.makers import NOW, a_charge
from svet.kernel.errors import NotAllowed
from svet.surfaces.gates.fiscal.atol import AtolServer
from svet.surfaces.gates.fiscal.device import Done, Task, Unknown
from svet.surfaces.gates.fiscal.printing import print_waiting
from svet.surfaces.gates.fiscal.tests.conftest import NINA, open_shift, take, tasks, until
from svet.surfaces.web import till_words

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)


def run(at=NOW):
    return print_waiting(lambda: at)


def receipt(operation_id):
    return queries.operation(operation_id).task


def test_a_receipt_is_printed_and_its_attributes_are_kept(shift, device):
    operation_id = take(shift)

    assert run() == 3

    document = receipt(operation_id).document
    assert (document.fn_number, document.registration_number) == ("9999078900000961", "0000000001002292")
    assert (document.document_number, document.total, document.is_on_paper) == (72, Decimal("412.30"), True)
    assert document.registered_at.isoformat() == "2026-11-18T07:30:00+00:00"
    assert device.paper() == ["openShift", "sell"]
    assert run(LATER) == 0


def test_the_receipt_says_what_was_owed_and_what_is_paid_ahead(shift, device, account):
    a_charge(account, amount="300.00", month=NOW.date().replace(month=5, day=1))
    take(shift)
    run()

    (asked,) = device.receipts()

    assert [(item["amount"], item["paymentMethod"], item["tax"]["type"]) for item in asked["items"]] == [
        (300.0, "fullPayment", "vat22"),
        (112.3, "advance", "vat122"),
    ]
    assert (asked["taxationType"], asked["payments"], asked["total"]) == (
        "osn",
        [{"type": "cash", "sum": 412.3}],
        412.3,
    )
    assert account.number in asked["items"][0]["name"]


def test_a_return_has_a_receipt_of_its_own(shift, device):
    by_card = take(shift, slip="123456789012")
    back = actions.give_back(by_card, reason="Ошибка", slip="123456789013", request_key="b", by=NINA, at=NOW)
    run()

    assert device.paper() == ["openShift", "sell", "sellReturn"]
    assert device.receipts()[1]["payments"] == [{"type": "electronically", "sum": 412.3}]
    assert receipt(back.operation_id).document is not None


def test_the_report_stands_beside_what_the_device_counted(shift, device):
    take(shift)
    take(shift, "50.00", slip="123456789012")
    actions.close_shift(shift, counted=Decimal("1412.30"), explanation="", by=NINA, at=NOW)
    run()

    report = queries.report(shift)
    lines = against_device(report.totals, counters=report.counters)
    assert device.paper()[-1] == "closeShift"
    assert [line.what for line in lines if line.differs] == []
    assert {line.what: line.device for line in lines}["drawer"] == Decimal("1412.30")
    assert report.unprinted == 0


def test_a_silent_device_delays_the_receipt_and_the_money_stays_taken(shift, device, account):
    run()
    device.tell(silent=2)
    operation_id = take(shift)

    run()

    assert receipt(operation_id).problem == "silent"
    assert "не отвечает" in till_words.problem(receipt(operation_id).problem)
    assert ledger.balance(account.pk) == Decimal("-412.30")
    device.tell()
    assert run() == 0  # not before its time
    run(LATER)
    assert receipt(operation_id).document is not None
    assert device.paper().count("sell") == 1


def test_a_device_that_is_off_prints_when_it_is_on_again(shift, device):
    operation_id = take(shift)
    device.kill()
    run()
    assert receipt(operation_id).document is None

    device.start()
    run(LATER)

    assert receipt(operation_id).document is not None
    assert device.paper() == ["openShift", "sell"]


@pytest.mark.parametrize(("told", "printed"), [({"die": "before"}, 0), ({"die_after": True}, 1)])
def test_a_device_killed_in_the_middle_prints_once(shift, device, told, printed):
    run()
    device.tell(**told)
    operation_id = take(shift)

    run()
    assert device.died()
    assert device.paper().count("sell") == printed

    device.start()
    run(LATER)
    assert receipt(operation_id).document is not None
    assert device.paper().count("sell") == 1


def test_a_slow_device_is_waited_for(shift, device):
    device.tell(slow=3)
    operation_id = take(shift)

    run()

    assert receipt(operation_id).document is not None


@pytest.mark.parametrize(("code", "problem", "says"), [(44, "no_paper", "бумага"), (80, "other", "Нет денег")])
def test_a_refused_receipt_is_asked_for_anew_when_mended(shift, device, code, problem, says):
    run()
    device.tell(error=code)
    operation_id = take(shift)
    run()
    task = receipt(operation_id)
    assert (task.state, task.problem) == ("refused", problem)
    assert says in till_words.problem(task.problem, text=task.problem_text)

    device.tell()
    actions.try_again_now(task.task_id, at=NOW)
    run()

    assert receipt(operation_id).document is not None
    assert device.paper().count("sell") == 1


def test_a_receipt_of_an_expired_shift_is_printed_in_the_next_one(shift, device):
    run()
    device.tell(hours=25)
    operation_id = take(shift, at=NOW + timedelta(hours=23))
    run(NOW + timedelta(hours=23))
    assert receipt(operation_id).problem == "shift_expired"

    late = NOW + timedelta(hours=25)
    actions.close_shift(shift, counted=Decimal("1412.30"), explanation="", by=NINA, at=late)
    run(late)
    assert device.paper()[-1] == "closeShift"
    device.tell()
    open_shift(queries.shift(shift).till_id, at=late)
    run(late)
    run(late + timedelta(minutes=2))

    assert receipt(operation_id).document is not None
    assert device.paper() == ["openShift", "closeShift", "openShift", "sell"]


def test_a_device_whose_shift_is_open_already_is_taken_as_it_is(shift, device):
    run()
    actions.close_shift(shift, counted=Decimal("1000.00"), explanation="", by=NINA, at=NOW)
    # The device was never asked to close.
    actions.record_answer(tasks(shift)["close_shift"].task_id, {}, at=NOW)

    following = open_shift(queries.shift(shift).till_id)
    run()

    assert {task.state for task in tasks(following).values()} == {"done"}
    assert device.paper().count("openShift") == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_waits_leaves_one_receipt(shift, device):
    """The worker is a process of its own; it is killed after the device printed and before the answer was kept."""
    run()
    device.tell(slow=10**6)
    operation_id = take(shift)
    code = (
        "import django; django.setup()\n"
        "from datetime import datetime\n"
        "from svet.surfaces.gates.fiscal.printing import print_waiting\n"
        f"print_waiting(lambda: datetime.fromisoformat({NOW.isoformat()!r}))\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "svet.config.settings",
        "SVET_DB_NAME": connection.settings_dict["NAME"],
        "SVET_VAR": str(django_settings.VAR_DIR),
    }
    worker = subprocess.Popen([sys.executable, "-c", code], env=environment)
    assert until(lambda: device.paper().count("sell") == 1, seconds=60)
    worker.send_signal(signal.SIGKILL)
    worker.wait(20)
    assert receipt(operation_id).document is None

    device.kill()
    device.start()
    device.tell()
    forget_the_wait(device)
    run(LATER)

    assert device.paper().count("sell") == 1
    assert receipt(operation_id).document.document_number == 72


def forget_the_wait(device):
    path = device.folder / "fn.json"
    device.kill()
    path.write_text(path.read_text().replace(f'"looks": {10**6}', '"looks": 0'))
    device.start()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_print_once(shift, device):
    operation_id = take(shift)
    device.tell(slow=3)

    def work(_):
        try:
            run()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    run(LATER)

    assert device.paper() == ["openShift", "sell"]
    assert receipt(operation_id).document.document_number == 72


def test_the_same_uuid_is_one_document_for_the_device(device):
    server, one = AtolServer(device.url, taxation="osn", vat="22"), uuid.uuid4()

    for _ in range(2):
        assert server.ask(one, Task(TaskKind.OPEN_SHIFT, {}, "Гордеева Н. П.")) is None

    assert isinstance(server.answer(one), Done)
    assert device.paper() == ["openShift"]
    assert isinstance(server.answer(uuid.uuid4()), Unknown)


@pytest.mark.parametrize("address", ["anna@example.org", "+79161234567"])
def test_an_electronic_receipt_names_its_payer_and_so_does_its_return(shift, device, address):
    operation_id = take(shift, receipt_to=address)
    actions.give_back(operation_id, reason="Ошиблись счётом", request_key=uuid.uuid4().hex, by=NINA, at=NOW)
    run()

    sold, returned = device.receipts()

    for one in (sold, returned):
        assert one["clientInfo"] == {"emailOrPhone": address}
        assert one["electronically"] is True


def test_a_receipt_on_paper_names_nobody(shift, device):
    take(shift)
    run()

    (sold,) = device.receipts()

    assert "clientInfo" not in sold
    assert "electronically" not in sold


def test_the_device_prints_its_own_x_report_once_however_often_it_is_asked(shift, device):
    take(shift)

    asked = [actions.print_x_report(shift, by=NINA, at=NOW) for _ in range(3)]
    run()

    assert asked == [True, False, False]
    assert device.paper() == ["openShift", "sell", "reportX"]
    assert actions.print_x_report(shift, by=NINA, at=NOW)
    run(LATER)
    assert device.paper()[-1] == "reportX"


def test_nobody_has_another_cashiers_x_report_printed(shift, device):
    with pytest.raises(NotAllowed):
        actions.print_x_report(shift, by=NINA + 1, at=NOW)
