"""Runs the installation's processes together: web workers and one job worker, watched by this process.

A child that dies is started again after a pause; when this process is told to stop, all stop.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PAUSE_SECONDS = 2.0


@dataclass
class Child:
    """A process to keep alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0


def web_command(*, host: str, port: int, workers: int, threads: int) -> list[str]:
    """Return granian's command line for the WSGI application."""
    return [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-ws", "--log-level", "warning",
        "svet.config.wsgi:application",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """Return the command line of the job worker, which also minds the timetable."""
    return [str(Path(sys.executable).with_name("svet")), "procrastinate", "worker", "--concurrency", "2"]


def supervise(children: list[Child], *, say: Callable[[str], None]) -> None:
    """Keep the children running until SIGINT or SIGTERM arrives, then stop them in order."""
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        while not stopping:
            for child in children:
                _keep_alive(child, say=say)
            time.sleep(0.2)
    finally:
        for child in children:
            _end(child)


def _keep_alive(child: Child, *, say: Callable[[str], None]) -> None:
    if child.process is not None and child.process.poll() is None:
        return
    if child.process is not None:
        if time.monotonic() - child.started < PAUSE_SECONDS:
            return
        say(f"{child.name}: код {child.process.returncode}, запускаю снова")
    child.started = time.monotonic()
    # A session of its own: Ctrl-C reaches the children through us, once.
    child.process = subprocess.Popen(child.command, start_new_session=True)  # noqa: S603


def _end(child: Child) -> None:
    if child.process is None or child.process.poll() is not None:
        return
    child.process.terminate()
    try:
        child.process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        child.process.kill()
