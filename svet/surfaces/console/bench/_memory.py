"""The memory of a measurement: what this process and all processes of the database server beside it hold at most.

Read from /proc every half a second. Of a server elsewhere nothing is known: then only this process is told.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from django.db import connection

INTERVAL_S = 0.5
KIB_OF_MIB = 1024


class MemoryWatch:
    """Watches from entering to leaving; then `own`, `server` and `together` are the peaks in MiB.

    Memory that the server's processes share (its buffers) counts once, by the process that has touched most of it.
    """

    def __init__(self) -> None:
        self.own = self.server = self.together = 0.0
        self._postmaster = _postmaster()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            own, server = sum(_held(os.getpid())), _of_server(self._postmaster)
            self.own, self.server = max(self.own, own), max(self.server, server)
            self.together = max(self.together, own + server)
            if self._ended.wait(INTERVAL_S):
                return


class _Held(NamedTuple):
    """What one process holds in MiB."""

    private: float
    shared: float


def _postmaster() -> int | None:
    """Return the server's first process when it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend: int = cursor.fetchone()[0]
    status = _status(backend)
    return int(status["PPid"]) if status.get("Name", "").startswith("postgres") else None


def _of_server(postmaster: int | None) -> float:
    if postmaster is None:
        return 0.0
    held = [_held(pid) for pid in (postmaster, *_children(postmaster))]
    return sum(one.private for one in held) + max(one.shared for one in held)


def _children(parent: int) -> Iterable[int]:
    try:
        told = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except OSError:
        return []
    return map(int, told.split())


def _held(pid: int) -> _Held:
    status = _status(pid)
    return _Held(_mib(status, "RssAnon"), _mib(status, "RssShmem") + _mib(status, "RssFile"))


def _mib(status: dict[str, str], name: str) -> float:
    return int(status.get(name, "0 kB").split()[0]) / KIB_OF_MIB


def _status(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has just ended
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
