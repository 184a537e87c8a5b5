"""The plumbing as an application of Django."""

from __future__ import annotations

import os
from datetime import UTC

from django.apps import AppConfig
from django.utils import timezone

from svet.infra import clock


class InfraConfig(AppConfig):
    name = "svet.infra"
    label = "infra"
    verbose_name = "Основа"

    def ready(self) -> None:
        """Give Django and Wagtail the clock of the installation where it is moved: an editor plans by what he sees."""
        if os.environ.get(clock.OFFSET):
            timezone.now = lambda: clock.now().astimezone(UTC)  # noqa: TID251 — this is where they get it
