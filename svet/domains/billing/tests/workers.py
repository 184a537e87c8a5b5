"""Real worker processes for tests: they work on the test's database and can be killed in the middle of a shard."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection

from svet.domains.billing.tests.region import AT

_PROGRAM = """
import django
django.setup()
from datetime import datetime
from svet.domains.billing import jobs
jobs.work_off({run_id}, at=datetime.fromisoformat("{at}"))
"""


_QUEUE_PROGRAM = """
from django.core.management import execute_from_command_line
execute_from_command_line(["svet", "procrastinate", "worker", "--one-shot", "--queues", "{queue}"])
"""


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


@contextmanager
def closed_gate(table: str) -> Iterator[None]:
    """Keep everybody out of a table for the block, so that a worker stops right before it."""
    parameters = connection.get_connection_params()
    keep = ("dbname", "host", "port", "user", "password")
    with psycopg.connect(**{name: parameters[name] for name in keep if parameters.get(name)}) as gate:
        gate.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        gate.rollback()


def wait_until_stopped_at(table: str, *, seconds: float = 240) -> int:
    """Wait until somebody waits for the table; return the process id of his server process or raise TimeoutError."""
    query = "SELECT max(pid) FROM pg_locks WHERE relation = %s::regclass AND NOT granted"
    _wait(lambda: _one(query, [table]) is not None, seconds=seconds)
    stopped = _one(query, [table])
    assert stopped is not None
    return stopped


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
