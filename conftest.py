"""Test set-up shared by all: real PostgreSQL (embedded or DATABASE_URL), one database per xdist worker.

Generated examples are the same in every run, so that a red run is the change's doing; `SVET_HYPOTHESIS=explore`
looks for new ones.
"""

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management.commands import flush
from psycopg import sql

from svet.infra import embedded
from svet.infra.database.base import DatabaseOperations
from tests import replay

ROOT = Path(__file__).resolve().parent

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("SVET_HYPOTHESIS", "same"))


@pytest.fixture(autouse=True)
def _no_page_of_another_test() -> None:
    """Begin without kept pages: their tokens are of a database that is rolled back or emptied after each test."""
    caches["pages"].clear()


FOR_FEW_ROWS = "-c max_parallel_workers_per_gather=0 -c jit=off -c synchronous_commit=off"
"""Workers of a query start for longer than tables of tests are read; nothing here has to outlive a power failure."""
OF_THE_MODELS = {"django_content_type", "auth_permission"}
"""Filled by the migrations: as they stand they keep their ids, which rows put back refer to."""

_cut_off = DatabaseOperations.sql_flush


def _emptied(self: DatabaseOperations, style: Any, tables: list[str], **terms: Any) -> list[str]:
    """Empty what holds something after a test that commits: to cut off three hundred tables takes a second."""
    emptied = [table for table in tables if table not in OF_THE_MODELS]
    if not emptied or terms.get("reset_sequences"):
        return _cut_off(self, style, emptied, **terms)
    filled = [table for table in replay.filled() if table in emptied]
    filled.sort(key=lambda table: table == replay.MARKS)  # last: emptying the others leaves a mark
    return [replay.no_triggers(), *(f'DELETE FROM "{table}"' for table in filled)]  # noqa: S608


def pytest_configure(config: pytest.Config) -> None:
    """Spare passwords, files and the database work; start the embedded server once, in the process that stays."""
    DatabaseOperations.sql_flush = _emptied  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = lambda *_, **__: None  # what it would fill was not emptied
    options = settings.DATABASES["default"]["OPTIONS"]
    options["options"] = f"{options.get('options', '')} {FOR_FEW_ROWS}".strip()
    settings.WHITENOISE_AUTOREFRESH = True  # each test client would go through all files before its first page
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2", *settings.PASSWORD_HASHERS[1:]]
    data = settings.DATABASES["default"]["EMBEDDED_DATA"]
    if data and not hasattr(config, "workerinput"):
        embedded.server_parameters(Path(data))
        if config.getoption("create_db", default=False) or not _test_databases_stand(config, Path(data)):
            os.environ["SVET_TEST_TEMPLATE"] = _template(Path(data))
            settings.DATABASES["default"]["TEST"]["TEMPLATE"] = os.environ["SVET_TEST_TEMPLATE"]


def pytest_collection_finish() -> None:
    """Spare the collector of cycles from going through the whole program, again and again, during the tests."""
    gc.collect()
    gc.freeze()


def _test_databases_stand(config: pytest.Config, data: Path) -> bool:
    """Say whether the databases of all workers are there, to be used again."""
    name, workers = settings.DATABASES["default"]["TEST"]["NAME"], config.getoption("numprocesses", default=None) or 0
    wanted = {f"{name}_gw{place}" for place in range(workers)} or {name}
    return wanted <= _databases(data)


def _template(data: Path) -> str:
    """Return a database with these very migrations applied, made once: workers copy it in a second each."""
    sources = [*sorted(ROOT.glob("svet/**/migrations/*.py")), ROOT / "requirements" / "dev.txt"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    name = f"svet_template_{digest}"
    if name not in _databases(data):
        making = f"{name}_making"
        embedded.drop_database(data, making)
        terms = os.environ | {"SVET_DB_NAME": making, "DJANGO_SETTINGS_MODULE": "svet.config.settings"}
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=terms, check=True)
        with _maintenance(data) as connection:
            for old in _databases(data):
                if old.startswith("svet_template_") and old != making:
                    connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(making), sql.Identifier(name)))
    return name


def _databases(data: Path) -> set[str]:
    with _maintenance(data) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def _maintenance(data: Path) -> psycopg.Connection[Any]:
    return psycopg.connect(**embedded.server_parameters(data), dbname="postgres", autocommit=True)
