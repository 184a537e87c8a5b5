"""The embedded server: the first process that needs it starts it, the last one that used it stops it."""

import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from svet.infra import embedded

USE = """
import sys
from pathlib import Path
import psycopg
from svet.infra import embedded
parameters = embedded.server_parameters(Path(sys.argv[1]), database="tea")
with psycopg.connect(**parameters, dbname="tea", autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS cup (id int)")
    connection.execute("INSERT INTO cup VALUES (1)")
    print(connection.execute("SELECT count(*), upper('ёлка') FROM cup").fetchone(), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def data():
    folder = Path(tempfile.mkdtemp(prefix="svet-embedded-"))
    folder.chmod(0o755)
    yield folder / "postgres"
    if (folder / "postgres").exists():
        embedded.stop(folder / "postgres")
    shutil.rmtree(folder)


def user(data):
    return subprocess.Popen(
        [sys.executable, "-c", USE, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def leave(process):
    process.communicate("\n", timeout=60)
    return process.returncode


def test_the_server_lives_from_its_first_user_to_its_last_and_keeps_the_data(data):
    assert not embedded.stop(data)

    first = user(data)
    assert first.stdout.readline() == "(1, 'ЁЛКА')\n"
    second = user(data)
    assert second.stdout.readline() == "(2, 'ЁЛКА')\n"
    assert leave(first) == 0
    assert embedded.is_running(data)
    assert leave(second) == 0
    assert not embedded.is_running(data)

    killed = user(data)
    assert killed.stdout.readline() == "(3, 'ЁЛКА')\n"
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    after = user(data)
    assert after.stdout.readline() == "(4, 'ЁЛКА')\n"
    assert leave(after) == 0
    assert not embedded.is_running(data)
