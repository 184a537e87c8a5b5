"""What is written to ATOL's server and read from it: exact sums, every status, no noise taken for an answer."""

from __future__ import annotations

import http.server
import json
import threading
import uuid
from decimal import Decimal

import pytest

from svet.domains.payments.rules.tills import TaskKind
from svet.surfaces.gates.fiscal.atol import AtolServer, read, request_of, written
from svet.surfaces.gates.fiscal.device import Done, NotYet, Refusal, Silent, Task

SALE = {
    "means": "card",
    "amount": "1234567.80",
    "account": "3300000019",
    "positions": [{"amount": "1234567.80", "is_advance": False}],
}
FISCAL = {
    "fiscalDocumentDateTime": "2026-11-18T10:30:00",
    "fiscalDocumentNumber": 71,
    "fiscalDocumentSign": "1494325660",
    "fnNumber": "9999078900000961",
    "registrationNumber": "0000000001002292    ",
    "shiftNumber": 12,
    "total": Decimal("390.75"),
}


def test_sums_are_written_as_numbers_with_their_kopecks():
    asked = request_of(Task(TaskKind.SELL, SALE, "Гордеева Н. П."), taxation="osn", vat="22")

    text = written({"request": [asked]})

    assert '"total": 1234567.80' in text
    assert '"payments": [{"type": "electronically", "sum": 1234567.80}]' in text
    assert json.loads(text)["request"][0]["operator"] == {"name": "Гордеева Н. П."}


def test_a_company_without_vat_says_so_on_every_line():
    positions = [{"amount": "1.00", "is_advance": ahead} for ahead in (False, True)]
    asked = request_of(Task(TaskKind.SELL, SALE | {"positions": positions}, ""), taxation="usnIncome", vat="none")

    assert [item["tax"]["type"] for item in asked["items"]] == ["none", "none"]


@pytest.mark.parametrize(
    ("result", "means"),
    [
        ({"status": "wait"}, NotYet()),
        ({"status": "inProgress"}, NotYet()),
        ({"status": "blocked"}, NotYet("stopped")),
        ({"status": "interrupted"}, NotYet("stopped")),
        ({"status": "error", "error": {"code": 44, "description": "Нет бумаги"}}, Refusal("no_paper", "Нет бумаги")),
        ({"status": "error", "error": {"code": 45, "description": "Крышка"}}, Refusal("cover_open", "Крышка")),
        ({"status": "error", "error": {"code": 68, "description": ""}}, Refusal("shift_expired", "ошибка 68")),
        ({"status": "error", "error": {"code": 999, "description": "Иное"}}, Refusal("other", "Иное")),
        ({"status": "ready", "result": None}, Done(None, {})),
    ],
)
def test_each_status_means_one_thing(result, means):
    assert read({"results": [result]}) == means


def test_a_document_that_is_not_on_paper_is_a_document_all_the_same():
    answer = read(
        {"results": [{"status": "ready", "result": {"fiscalParams": FISCAL, "warnings": {"notPrinted": True}}}]}
    )

    assert isinstance(answer, Done)
    assert answer.document is not None
    assert (answer.document.is_on_paper, answer.document.total) == (False, Decimal("390.75"))
    assert answer.document.registered_at.isoformat() == "2026-11-18T10:30:00+03:00"


@pytest.fixture
def stranger():
    """Start a server that is no fiscal device: it answers with what it is told."""

    class Handler(http.server.BaseHTTPRequestHandler):
        status, body = 200, b""

        def do_GET(self) -> None:
            self.send_response(Handler.status)
            self.end_headers()
            self.wfile.write(Handler.body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Handler, AtolServer(f"http://127.0.0.1:{server.server_port}", taxation="osn", vat="22", secret="a:b")
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_no_answer_is_silence_and_never_a_receipt(stranger):
    handler, device = stranger
    for body in (
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"results": []}',
        b'{"results": [{"status": "done"}]}',
        b'{"results": [{"status": "ready", "result": {"fiscalParams": {"fnNumber": "1"}}}]}',
        b'{"results": [{"status": "ready", "result": {"fiscalParams": []}, "error": 7}]',
        b"\xff\xfe",
    ):
        handler.body = body
        with pytest.raises(Silent):
            device.answer(uuid.uuid4())


def test_a_wrong_password_is_told_apart(stranger):
    handler, device = stranger
    handler.status = 401

    with pytest.raises(Silent) as silence:
        device.answer(uuid.uuid4())

    assert silence.value.problem == "wrong_password"
