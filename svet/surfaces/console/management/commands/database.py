"""`svet database start|stop|status`: the embedded server by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from svet.infra import embedded


class Command(BaseCommand):
    help = "Встроенная база данных: остановить или узнать состояние"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["stop", "status"])

    def handle(self, *args: Any, **options: Any) -> None:
        data = settings.DATABASES["default"]["EMBEDDED_DATA"]
        if not data:
            raise CommandError("База задана переменной DATABASE_URL: встроенная не используется.")
        if options["act"] == "stop":
            self.stdout.write("Остановлена." if embedded.stop(Path(data)) else "Не была запущена.")
        else:
            self.stdout.write("Работает." if embedded.is_running(Path(data)) else "Не запущена.")
