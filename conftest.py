"""Test set-up shared by all: real PostgreSQL (embedded or DATABASE_URL), one database per xdist worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from svet.infra import embedded


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded server once, in the process that outlives the workers."""
    data = settings.DATABASES["default"]["EMBEDDED_DATA"]
    if data and not hasattr(config, "workerinput"):
        embedded.server_parameters(Path(data))
