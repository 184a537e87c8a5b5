"""The state portal as a process of its own, and the exchange turned on towards it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from lxml import etree

from svet.infra import exchange
from svet.infra.clock import MOSCOW
from svet.surfaces.gates.gis_zhkh import portal as connection
from svet.surfaces.gates.gis_zhkh import soap, validation, work

PROGRAM = Path(__file__).parent / "gis_server.py"
SAMPLES = validation.SAMPLES
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=MOSCOW)
WE, ANSWERER = "c0000000-0000-4000-8000-000000000009", "d0000000-0000-4000-8000-000000000001"
ANNAS = "a0000000-0000-4000-8000-000000000001"


def appeals(*places: int) -> list[str]:
    """Return the appeals of the sample as the portal tells them."""
    body = soap.read((SAMPLES / "state_appeals.xml").read_bytes())
    found = body.findall(soap.tag(soap.APPEALS, "ExportAppealResult"))
    return [etree.tostring(found[place], encoding="unicode", with_tail=False) for place in places]


@dataclass
class Portal:
    """The process, what it took, and a clock to move."""

    folder: Path
    now: datetime = NOW
    port: int = 0
    process: subprocess.Popen | None = None
    told: dict = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        if not self.port:
            with socket.socket() as one:
                one.bind(("127.0.0.1", 0))
                self.port = one.getsockname()[1]
        self.process = subprocess.Popen([sys.executable, str(PROGRAM), str(self.port), str(self.folder / "gis.json")])
        limit = time.monotonic() + 20
        while time.monotonic() < limit and not self.is_up():
            time.sleep(0.05)
        assert self.is_up()

    def is_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/seen", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def tell(self, **what: object) -> None:
        httpx.post(f"{self.url}/tell", json=what, trust_env=False)

    def took(self, operation: str = "importAnswer") -> list[dict]:
        seen = httpx.get(f"{self.url}/seen", trust_env=False).json()
        return [message for message in seen.values() if message["operation"] == operation]

    def files(self) -> dict[str, int]:
        return httpx.get(f"{self.url}/files", trust_env=False).json()

    def run(self, *, later: timedelta = timedelta(0)) -> None:
        """Let the job run once, this much later."""
        self.now += later
        work.exchange_waiting(lambda: self.now)

    def run_through(self, request_id: int, *, most: int = 12) -> exchange.RequestView:
        """Let the job run every few minutes until the request has ended; return it."""
        for _ in range(most):
            self.run(later=timedelta(minutes=6))
            request = exchange.request(request_id)
            if request.is_over or request.state == "unclear":
                return request
        return request


@pytest.fixture
def portal(tmp_path, db, settings, monkeypatch):
    # Impatience, so that silence is noticed soon.
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 0.8)
    monkeypatch.setattr(connection, "WHOLE_SECONDS", 0.5)
    monkeypatch.setattr(soap, "MOST_BYTES", 3_000_000)
    one = Portal(tmp_path)
    one.start()
    settings.GIS_URL, settings.GIS_ORGANIZATION, settings.GIS_ANSWERER = one.url, WE, ANSWERER
    settings.GIS_POLL_MINUTES = 600
    yield one
    one.kill()
    one.process.wait(20)


def ask(kind: str = "answer", *, key: str = "answer:1", at: datetime = NOW, **payload: object) -> int:
    """Put an action into the exchange."""
    return exchange.ask(work.GATE, kind=kind, key=key, payload={"appeal": ANNAS, "text": "Ответ"} | payload, at=at)[0]
