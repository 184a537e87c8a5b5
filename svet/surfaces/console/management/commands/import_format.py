"""`svet import-format`: print the description of the files (docs/import_format.md is its output)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from svet.flows.region_files.description import description


class Command(BaseCommand):
    """Prints the page; nothing else."""

    help = "Показать описание столбцов загружаемых файлов"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(description(), ending="")
