"""Real worker processes for tests: they work on the test's database and can be killed in the middle of a shard.

A copy of that database on a server of its own can be killed whole.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from svet.domains.billing.tests.region import AT
from svet.infra import embedded

_PLACE = ("dbname", "host", "port", "user", "password")
_PROGRAM = """
import django
django.setup()
from datetime import datetime
from svet.domains.billing import jobs
jobs.work_off({run_id}, at=datetime.fromisoformat("{at}"))
"""


_WHOLE_PROGRAM = (
    _PROGRAM
    + """
from svet.domains.billing import actions
actions.issue_bills({run_id}, at=datetime.fromisoformat("{at}"))
jobs.work_off({run_id}, at=datetime.fromisoformat("{at}"))
"""
)


_QUEUE_PROGRAM = """
from django.core.management import execute_from_command_line
execute_from_command_line(["svet", "procrastinate", "worker", "--one-shot", "--queues", "{queue}"])
"""


@contextmanager
def losing_its_answer(commit: int) -> Iterator[None]:
    """Lose this process's connection at its commit of this number: done by the server, which cannot say so any more."""
    left, real = [commit], connection._commit

    def commit_and_lose() -> None:
        real()
        left[0] -= 1
        if not left[0]:
            connection.close()
            raise OperationalError("server closed the connection unexpectedly")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connections["default"], "_commit", commit_and_lose)
        yield


def start_worker(run_id: int) -> subprocess.Popen[bytes]:
    """Start a process that works off the run."""
    return _start(_PROGRAM.format(run_id=run_id, at=AT.isoformat()))


def start_queue_worker(queue: str = "billing") -> subprocess.Popen[bytes]:
    """Start a worker of the queue that ends when there are no more jobs."""
    return _start(_QUEUE_PROGRAM.format(queue=queue))


def _start(program: str) -> subprocess.Popen[bytes]:
    name = connection.settings_dict["NAME"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "svet.config.settings", "SVET_DB_NAME": name}
    if settings.DATABASE_URL:
        environment["DATABASE_URL"] = urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
    return subprocess.Popen([sys.executable, "-c", program], env=environment)


@dataclass(frozen=True)
class OwnServer:
    """A server of its own with a copy of the test's database; the next process that needs it starts it."""

    var: Path

    @property
    def data(self) -> Path:
        """The folder of its data."""
        return self.var / "postgres"

    def start_worker(self, run_id: int, *, issue: bool = False) -> subprocess.Popen[bytes]:
        """Start a process that works off the run, and issues its bills too."""
        program = (_WHOLE_PROGRAM if issue else _PROGRAM).format(run_id=run_id, at=AT.isoformat())
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own = {"DJANGO_SETTINGS_MODULE": "svet.config.settings", "SVET_VAR": str(self.var), "SVET_DB_NAME": "svet"}
        return subprocess.Popen([sys.executable, "-c", program], env=kept | own)

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Return a connection of one's own."""
        return psycopg.connect(**embedded.server_parameters(self.data), dbname="svet", autocommit=True)

    def kill(self) -> None:
        """Kill the server as a power cut does: its first process at once, which takes all others with it."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        _wait(lambda: not embedded.is_running(self.data), seconds=60)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Give a server that holds a copy of the test's database as it is now; its data is gone after the block."""
    server = OwnServer(Path(settings.VAR_DIR) / "killed")
    shutil.rmtree(server.data, ignore_errors=True)
    parameters = connection.get_connection_params()
    source = psycopg.conninfo.make_conninfo(**{name: parameters[name] for name in _PLACE if parameters.get(name)})
    target = psycopg.conninfo.make_conninfo(**embedded.server_parameters(server.data), dbname="svet")
    try:
        dump = subprocess.run([embedded.BIN / "pg_dump", "--no-owner", source], check=True, stdout=subprocess.PIPE)
        psql = [embedded.BIN / "psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", target]
        subprocess.run(psql, check=True, input=dump.stdout, stdout=subprocess.DEVNULL)
        yield server
    finally:
        embedded.stop(server.data)
        shutil.rmtree(server.data)


@contextmanager
def closed_gate(table: str) -> Iterator[None]:
    """Keep everybody out of a table for the block, so that a worker stops right before it."""
    parameters = connection.get_connection_params()
    with psycopg.connect(**{name: parameters[name] for name in _PLACE if parameters.get(name)}) as gate:
        gate.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        gate.rollback()


def wait_until_stopped_at(table: str, *, seconds: float = 240) -> int:
    """Wait until somebody waits for the table; return the process id of his server process or raise TimeoutError."""
    # Databases copied from one another have tables of the same numbers, and the server's own processes wait too.
    query = (
        "SELECT max(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid AND a.datname = current_database()"
        " AND a.backend_type = 'client backend' WHERE l.relation = %s::regclass AND NOT l.granted"
    )
    _wait(lambda: _one(query, [table]) is not None, seconds=seconds)
    stopped = _one(query, [table])
    assert stopped is not None
    return stopped


def wait_until(is_so, *, seconds: float = 240) -> None:
    """Wait until something is so or raise TimeoutError."""
    _wait(is_so, seconds=seconds)


def wait_until_gone(server_process: int, *, seconds: float = 240) -> None:
    """Wait until the server has noticed that the killed worker behind one of its processes is gone.

    Others may be connected all the while: a pool of this process outlives the test that opened it.
    """
    _wait(lambda: _one("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [server_process]) == 0, seconds=seconds)


def _wait(is_so, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)


def _one(query: str, parameters: list[object]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchone()[0]
