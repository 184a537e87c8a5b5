"""ATOL's web server in front of a fiscal device: tasks as JSON over HTTP, `POST` and `GET /api/v2/requests`.

Sources and the meaning of each answer are in README.md. Writing and reading of JSON is exact: no sum becomes a float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import httpx

from svet.domains.payments.actions import Registered
from svet.domains.payments.rules.tills import TaskKind
from svet.infra.clock import MOSCOW
from svet.surfaces.gates.fiscal.device import Answer, Done, NotYet, Refusal, Silent, Task, Unknown

TYPES = {
    TaskKind.OPEN_SHIFT: "openShift",
    TaskKind.CLOSE_SHIFT: "closeShift",
    TaskKind.CASH_IN: "cashIn",
    TaskKind.CASH_OUT: "cashOut",
    TaskKind.SELL: "sell",
    TaskKind.SELL_RETURN: "sellReturn",
    TaskKind.SELL_CORRECTION: "sellCorrection",
    TaskKind.SELL_RETURN_CORRECTION: "sellReturnCorrection",
    TaskKind.COUNTERS: "getShiftTotals",
    TaskKind.REPORT_X: "reportX",
}
PROBLEMS = {44: "no_paper", 45: "cover_open", 68: "shift_expired", 73: "shift_closed"}
SHIFT_IS_OPEN = 83
RECEIPTS = {kind for kind, name in TYPES.items() if name.startswith("sell")}
GROUNDS = {"own": "self", "order": "instruction"}
PAYMENTS = {"cash": "cash", "card": "electronically"}
ITEM_NAME = 128
TIMEOUT_SECONDS, CONNECT_SECONDS = 10, 2
"""A device that is off must not hold up the receipts of other tills for long."""
MOST_BYTES = 1_000_000

_MARK = "\ue000"
_NUMBER = re.compile(rf'"{_MARK}(-?[0-9]+\.[0-9]{{2}})"')


class AtolServer:
    """One device behind ATOL's web server at `url`; `taxation` and `vat` are the company's (osn, 22)."""

    def __init__(self, url: str, *, taxation: str, vat: str, secret: str = "") -> None:
        self.requests = f"{url.rstrip('/')}/api/v2/requests"
        self.taxation, self.vat = taxation, vat
        login, _, password = secret.partition(":")
        self.auth = httpx.BasicAuth(login, password) if secret else None

    def ask(self, uuid: UUID, task: Task) -> Refusal | None:
        """Hand over a task: 201 taken, 409 known already; a refusal when it is no task to the server."""
        body = written({"uuid": str(uuid), "request": [request_of(task, taxation=self.taxation, vat=self.vat)]})
        answer = self._call("POST", self.requests, content=body.encode())
        if answer.status_code in {200, 201, 409}:
            return None
        if answer.status_code == 400:
            return Refusal("not_understood", _description(answer))
        raise Silent("wrong_password" if answer.status_code in {401, 403} else "silent")

    def answer(self, uuid: UUID) -> Answer:
        """Return what became of a task."""
        answer = self._call("GET", f"{self.requests}/{uuid}")
        if answer.status_code == 404:
            return Unknown()
        if answer.status_code != 200:
            raise Silent("wrong_password" if answer.status_code in {401, 403} else "silent")
        try:
            return read(json.loads(answer.text, parse_float=Decimal, parse_int=Decimal))
        except (ValueError, KeyError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
            raise Silent from error

    def _call(self, method: str, url: str, *, content: bytes | None = None) -> httpx.Response:
        try:
            answer = httpx.request(
                method,
                url,
                content=content,
                headers={"Content-Type": "application/json; charset=utf-8"},
                auth=self.auth,
                timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
                trust_env=False,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Silent from error
        if len(answer.content) > MOST_BYTES:
            raise Silent
        return answer


def request_of(task: Task, *, taxation: str, vat: str) -> dict[str, Any]:
    """Return a task as ATOL's driver reads it (JSON tasks of the driver 10). Pure."""
    asked: dict[str, Any] = {"type": TYPES[task.kind]}
    if task.kind == TaskKind.COUNTERS:
        return asked
    asked["operator"] = {"name": task.cashier[:64]}
    if task.kind in {TaskKind.CASH_IN, TaskKind.CASH_OUT}:
        return asked | {"cashSum": _money(task.payload["amount"])}
    if task.kind in RECEIPTS:
        items = [_item(line, account=task.payload["account"], vat=vat) for line in task.payload["positions"]]
        paid = {"type": PAYMENTS[task.payload["means"]], "sum": _money(task.payload["amount"])}
        if task.payload.get("receipt_to"):
            asked |= {"electronically": True, "clientInfo": {"emailOrPhone": task.payload["receipt_to"]}}
        asked |= {"taxationType": taxation, "items": items, "payments": [paid], "total": paid["sum"]}
    if ground := task.payload.get("ground"):
        asked |= {
            "correctionType": GROUNDS[ground["type"]],
            "correctionBaseDate": ground["on"].replace("-", "."),
        }
        if ground["number"]:
            asked["correctionBaseNumber"] = ground["number"]
    return asked


def read(answer: Mapping[str, Any]) -> Answer:
    """Return what the server's answer means; raise LookupError or ValueError for what is not its protocol. Pure."""
    result = answer["results"][0]
    status, error = result["status"], result.get("error") or {}
    if status == "ready":
        return _done(result.get("result") or {})
    if status == "error":
        return _refusal(int(error.get("code", 0)), str(error.get("description", "")))
    if status in {"blocked", "interrupted"}:
        return NotYet("stopped")
    if status == "canceled":
        return Refusal("other", "задание снято с очереди аппарата")
    if status in {"wait", "inProgress"}:
        return NotYet()
    raise ValueError(status)


def written(body: Mapping[str, Any]) -> str:
    """Return the body as JSON in which every sum is a number with its kopecks."""
    return _NUMBER.sub(r"\1", json.dumps(body, ensure_ascii=False))


def _item(line: Mapping[str, Any], *, account: str, vat: str) -> dict[str, Any]:
    amount = _money(line["amount"])
    ahead = line["is_advance"]
    name = f"{'Аванс за электроэнергию' if ahead else 'Электроэнергия'}, л/с {account}"
    return {
        "type": "position",
        "name": name[:ITEM_NAME],
        "price": amount,
        "quantity": 1,
        "amount": amount,
        "paymentMethod": "advance" if ahead else "fullPayment",
        "paymentObject": "payment" if ahead else "commodity",
        "tax": {"type": f"vat1{vat}" if ahead and vat.isdecimal() else f"vat{vat}" if vat.isdecimal() else vat},
    }


def _money(amount: str) -> str:
    """Mark a sum, so that `written` makes a number of it."""
    return f"{_MARK}{Decimal(amount):.2f}"


def _done(result: Mapping[str, Any]) -> Done:
    fiscal = result.get("fiscalParams")
    totals = result.get("shiftTotals")
    if totals:
        return Done(None, _counted(totals))
    if not fiscal:
        return Done(None, {})
    number, total = fiscal.get("fiscalReceiptNumber"), fiscal.get("total")
    document = Registered(
        fn_number=str(fiscal["fnNumber"]),
        document_number=int(fiscal["fiscalDocumentNumber"]),
        sign=str(fiscal["fiscalDocumentSign"]),
        registration_number=str(fiscal["registrationNumber"]).strip(),
        device_shift=int(fiscal["shiftNumber"]),
        registered_at=_moment(str(fiscal["fiscalDocumentDateTime"])),
        receipt_number=None if number is None else int(number),
        total=None if total is None else Decimal(total).quantize(Decimal("0.01")),
        is_on_paper=not (result.get("warnings") or {}).get("notPrinted", False),
    )
    return Done(document, {})


def _counted(totals: Mapping[str, Any]) -> dict[str, str]:
    """Return the device's sums under our names, as texts."""
    receipts = totals["receipts"]
    sold, back = (receipts[kind].get("payments") or {} for kind in ("sell", "sellReturn"))
    sums = {
        "cash": sold.get("cash", 0),
        "card": sold.get("electronically", 0),
        "cash_refunds": back.get("cash", 0),
        "card_refunds": back.get("electronically", 0),
        "deposits": totals["income"]["sum"],
        "withdrawals": totals["outcome"]["sum"],
        "drawer": totals["cashDrawer"]["sum"],
    }
    return {name: f"{Decimal(amount):.2f}" for name, amount in sums.items()}


def _refusal(code: int, text: str) -> Answer:
    if code == SHIFT_IS_OPEN:
        # The device's shift was opened before ours: that is what was asked for.
        return Done(None, {"already": "open"})
    return Refusal(PROBLEMS.get(code, "other"), text or f"ошибка {code}")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=MOSCOW)


def _description(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["description"])[:300]
    except (ValueError, LookupError, TypeError, InvalidOperation):
        return ""
