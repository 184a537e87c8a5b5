"""The database that measurements have to themselves, so that nobody's data are touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import connection

DATABASE = "svet_bench"
ASIDE = "svet_bench_aside"


def use_own_database(*, told: OutputWrapper) -> None:
    """Make an empty database with all tables and work in it."""
    if settings.DATABASES["default"]["NAME"] != DATABASE:
        _on_maintenance_database(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}")
        _work_in(DATABASE)
    call_command("setup", stdout=told)


def drop_own_database() -> None:
    """Throw it away."""
    _leave()
    _on_maintenance_database(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


@contextmanager
def in_a_copy() -> Iterator[None]:
    """Work in a copy of the database as it stands now, then throw the copy away and come back."""
    _leave()
    _on_maintenance_database(
        f"DROP DATABASE IF EXISTS {ASIDE} WITH (FORCE)", f"CREATE DATABASE {ASIDE} TEMPLATE {DATABASE}"
    )
    _work_in(ASIDE)
    try:
        yield
    finally:
        _work_in(DATABASE)
        _on_maintenance_database(f"DROP DATABASE {ASIDE} WITH (FORCE)")


def _work_in(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["EMBEDDED_DATABASE"] = name
    connection.close_pool()  # type: ignore[attr-defined]


def _leave() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _on_maintenance_database(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
