"""A fiscal device behind ATOL's web server, as a program of its own: for tests, with a real process to kill.

It speaks `POST` and `GET /api/v2/requests` (svet/surfaces/gates/fiscal/README.md) and keeps what it printed in a file,
as a fiscal drive does. `POST /tell` makes it misbehave: {"silent": 2} (seconds), {"error": 44}, {"die": "before"} or
{"die_after": true} (before or after it printed the next document), {"slow": 2} (so many looks before it is ready),
{"hours": 25} (its shift is so old). `GET /paper` shows what it printed.
"""

from __future__ import annotations

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ERRORS = {44: "Нет бумаги", 68: "Смена превысила 24 часа", 73: "Смена закрыта", 83: "Смена открыта", 80: "Нет денег"}
CORRECTIONS = {"sellCorrection", "sellReturnCorrection"}
DOCUMENTS = {"openShift", "closeShift", "sell", "sellReturn"} | CORRECTIONS


class Device:
    """What the device knows; all of it lives in the file, so a killed device remembers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told: dict[str, Any] = {}
        empty: dict[str, Any] = {"tasks": {}, "paper": [], "shift": 0, "is_open": False, "sums": {}, "number": 70}
        self.state = json.loads(path.read_text()) if path.exists() else empty

    def keep(self) -> None:
        unfinished = self.path.with_suffix(".new")
        unfinished.write_text(json.dumps(self.state, ensure_ascii=False))
        unfinished.replace(self.path)

    def take(self, uuid: str, request: dict[str, Any]) -> int:
        """Carry out a new task; return the status of the answer."""
        if uuid in self.state["tasks"]:
            return 409
        if request.get("type") not in DOCUMENTS | {"cashIn", "cashOut", "getShiftTotals", "reportX"}:
            return 400
        if request["type"] in CORRECTIONS and request.get("correctionType") not in {"self", "instruction"}:
            return 400
        if self.told.pop("die", "") == "before":
            os._exit(1)
        dies = self.told.pop("die_after", False)
        self.state["tasks"][uuid] = self.carry_out(request) | {"looks": self.told.get("slow", 0)}
        self.keep()
        if dies:
            os._exit(1)
        return 201

    def carry_out(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the result of a task, printed or refused."""
        code = self.told.get("error", 0) or self.refusal(request["type"])
        if code:
            return {"status": "error", "error": {"code": code, "description": ERRORS.get(code, "Ошибка")}}
        sums = self.state["sums"]
        kind = request["type"]
        if kind == "getShiftTotals":
            return {"status": "ready", "result": {"shiftTotals": self.totals()}}
        if kind == "reportX":
            self.state["paper"].append({"type": kind, "sums": dict(sums)})
            return {"status": "ready", "result": {"warnings": {"notPrinted": bool(self.told.get("no_tape"))}}}
        if kind == "openShift":
            self.state["shift"] += 1
            self.state["is_open"], self.state["sums"] = True, {}
        elif kind == "closeShift":
            self.state["is_open"] = False
        elif kind in {"cashIn", "cashOut"}:
            sums[kind] = sums.get(kind, 0) + kopecks(request["cashSum"])
            return {"status": "ready", "result": {"counters": {"cashSum": self.drawer() / 100}}}
        else:
            if sum(kopecks(item["amount"]) for item in request["items"]) != kopecks(request["total"]):
                return {"status": "error", "error": {"code": 66, "description": "Чек оплачен не полностью"}}
            key = f"{kind} {request['payments'][0]['type']}"
            sums[key] = sums.get(key, 0) + kopecks(request["total"])
        return {"status": "ready", "result": self.printed(request)}

    def refusal(self, kind: str) -> int:
        if kind == "openShift":
            return 83 if self.state["is_open"] else 0
        if not self.state["is_open"] and kind in DOCUMENTS:
            return 73
        return 68 if self.told.get("hours", 0) >= 24 and kind in {"sell", "sellReturn"} else 0

    def printed(self, request: dict[str, Any]) -> dict[str, Any]:
        self.state["number"] += 1
        self.state["paper"].append(request | {"number": self.state["number"]})
        fiscal = {
            "fiscalDocumentDateTime": "2026-11-18T10:30:00+03:00",
            "fiscalDocumentNumber": self.state["number"],
            "fiscalDocumentSign": f"14943{self.state['number']:05d}",
            "fnNumber": "9999078900000961",
            "registrationNumber": "0000000001002292    ",
            "shiftNumber": self.state["shift"],
            "fnsUrl": "www.nalog.gov.ru",
        }
        if "total" in request:
            fiscal |= {"total": request["total"], "fiscalReceiptNumber": len(self.state["paper"])}
        return {"fiscalParams": fiscal, "warnings": {"notPrinted": bool(self.told.get("no_tape"))}}

    def drawer(self) -> int:
        sums = self.state["sums"]
        return (
            sums.get("cashIn", 0) - sums.get("cashOut", 0) + sums.get("sell cash", 0) - sums.get("sellReturn cash", 0)
        )

    def totals(self) -> dict[str, Any]:
        sums = self.state["sums"]

        def receipts(kind: str) -> dict[str, Any]:
            paid = {means: sums.get(f"{kind} {means}", 0) / 100 for means in ("cash", "electronically")}
            return {"count": 1, "sum": sum(paid.values()), "payments": paid}

        return {
            "shiftNumber": self.state["shift"],
            "receipts": {kind: receipts(kind) for kind in ("sell", "sellReturn", "buy", "buyReturn")},
            "income": {"count": 1, "sum": sums.get("cashIn", 0) / 100},
            "outcome": {"count": 1, "sum": sums.get("cashOut", 0) / 100},
            "cashDrawer": {"sum": self.drawer() / 100},
        }


def kopecks(amount: float) -> int:
    return round(amount * 100)


class Handler(BaseHTTPRequestHandler):
    """The device's HTTP door."""

    device: Device

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/tell":
            self.device.told = body
            return self.say(200, {})
        self.stay_silent()
        requests = body["request"]
        status = self.device.take(body["uuid"], requests[0] if isinstance(requests, list) else requests)
        if status == 400:
            return self.say(400, {"error": {"code": 1, "description": "Неизвестный тип задания"}})
        return self.say(status, {"uuid": body["uuid"], "number": 1, "isBlocked": False})

    def do_GET(self) -> None:
        if self.path == "/paper":
            return self.say(200, self.device.state["paper"])
        self.stay_silent()
        task = self.device.state["tasks"].get(self.path.rsplit("/", 1)[-1])
        if task is None:
            return self.say(404, {"error": {"code": 2, "description": "Задание не найдено"}})
        if task["looks"]:
            task["looks"] -= 1
            return self.say(200, {"results": [{"status": "inProgress"}]})
        return self.say(200, {"results": [task]})

    def stay_silent(self) -> None:
        if self.device.told.get("silent"):
            time.sleep(self.device.told.get("silent"))

    def say(self, status: int, body: Any) -> None:
        raw = json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def main(port: int, path: Path) -> None:
    Handler.device = Device(path)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
