"""A fiscal device as a process of its own, a till at it, and an account to pay for."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from svet.domains.payments import actions, queries
from svet.domains.payments.rules.tills import Means
from svet.domains.payments.tests.makers import NOW, an_account, number
from svet.surfaces.gates.fiscal import atol, printing

PROGRAM = Path(__file__).parents[5] / "tests" / "fiscal_server.py"
NINA = 501


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(true, *, seconds: float = 20) -> bool:
    """Wait until something is true; return whether it became so."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.05)
    return False


@dataclass
class Device:
    """The process, and what it printed."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, str(PROGRAM), str(self.port), str(self.folder / "fn.json")])
        assert until(self.is_up)

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/paper", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)

    def died(self) -> bool:
        return self.process is not None and self.process.wait(20) != 0

    def tell(self, **what: object) -> None:
        httpx.post(f"{self.url}/tell", json=what, trust_env=False)

    def paper(self) -> list[str]:
        """Return the kinds of documents that were printed, also by a device that is dead now."""
        state = (
            json.loads((self.folder / "fn.json").read_text()) if (self.folder / "fn.json").exists() else {"paper": []}
        )
        return [document["type"] for document in state["paper"]]

    def receipts(self) -> list[dict]:
        state = json.loads((self.folder / "fn.json").read_text())
        return [document for document in state["paper"] if document["type"].startswith("sell")]


@pytest.fixture
def device(tmp_path, monkeypatch):
    # Impatience, so that silence is noticed soon.
    monkeypatch.setattr(atol, "TIMEOUT_SECONDS", 1)
    monkeypatch.setattr(printing, "PAUSE_SECONDS", 0.02)
    one = Device(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.fixture
def account(db):
    return an_account(1)


@pytest.fixture
def shift(account, device):
    till_id = actions.open_till("K1", name="Касса 1", at=NOW, device_url=device.url)
    return open_shift(till_id)


def open_shift(till_id, *, at=NOW):
    return actions.open_shift(
        till_id, cashier_id=NINA, opening_float=Decimal("1000.00"), request_key=uuid.uuid4().hex, at=at
    ).shift_id


def take(shift_id, amount="412.30", *, slip="", at=NOW, receipt_to=""):
    return actions.take_payment(
        shift_id,
        account_number=number(1),
        amount=Decimal(amount),
        means=Means.CARD if slip else Means.CASH,
        slip=slip,
        receipt_to=receipt_to,
        request_key=uuid.uuid4().hex,
        by=NINA,
        at=at,
    ).operation_id


def tasks(shift_id: int) -> dict[str, queries.TaskRow]:
    return {task.kind.value: task for task in queries.report(shift_id).tasks}
