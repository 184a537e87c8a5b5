"""Test set-up shared by all: real PostgreSQL (embedded or DATABASE_URL), one database per xdist worker.

Generated examples are the same in every run, so that a red run is the change's doing; `SVET_HYPOTHESIS=explore`
looks for new ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings

from svet.infra import embedded
from svet.infra.database.base import DatabaseOperations

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("SVET_HYPOTHESIS", "same"))


EMPTIED = """
DO $$
DECLARE one text; is_filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOREACH one IN ARRAY ARRAY[{tables}] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one) INTO is_filled;
        IF is_filled THEN EXECUTE format('DELETE FROM %I', one); END IF;
    END LOOP;
END $$
"""


_cut_off = DatabaseOperations.sql_flush


def _emptied(self: DatabaseOperations, style: Any, tables: list[str], **terms: Any) -> list[str]:
    """Empty what holds something after a test that commits: cutting off two hundred tables takes a second each time."""
    if not tables or terms.get("reset_sequences"):
        return _cut_off(self, style, tables, **terms)
    return [EMPTIED.format(tables=", ".join(f"'{table}'" for table in tables))]


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords quickly; start the embedded server once, in the process that outlives the workers."""
    DatabaseOperations.sql_flush = _emptied  # type: ignore[method-assign]
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2", *settings.PASSWORD_HASHERS[1:]]
    data = settings.DATABASES["default"]["EMBEDDED_DATA"]
    if data and not hasattr(config, "workerinput"):
        embedded.server_parameters(Path(data))
