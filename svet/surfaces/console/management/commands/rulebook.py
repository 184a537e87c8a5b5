"""`svet rulebook`: write docs/rulebook.md from the registries of rules."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from svet.flows.rulebook import rulebook


class Command(BaseCommand):
    help = "Записать свод правил в docs/rulebook.md"

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "rulebook.md"
        path.write_text(rulebook(), encoding="utf-8")
        self.stdout.write(f"{path}")
