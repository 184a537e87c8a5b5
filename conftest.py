"""Test set-up shared by all: real PostgreSQL (embedded or DATABASE_URL), one database per xdist worker.

Generated examples are the same in every run, so that a red run is the change's doing; `SVET_HYPOTHESIS=explore`
looks for new ones.
"""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings

from svet.infra import embedded

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("SVET_HYPOTHESIS", "same"))


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords quickly; start the embedded server once, in the process that outlives the workers."""
    settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2", *settings.PASSWORD_HASHERS[1:]]
    data = settings.DATABASES["default"]["EMBEDDED_DATA"]
    if data and not hasattr(config, "workerinput"):
        embedded.server_parameters(Path(data))
