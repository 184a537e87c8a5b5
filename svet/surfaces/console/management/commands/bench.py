"""`svet bench`: measure, print the table, write var/bench/<name>.json."""

from __future__ import annotations

import importlib
import json
import pkgutil
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from svet.infra import clock
from svet.surfaces.console import bench
from svet.surfaces.console.bench import Figure
from svet.surfaces.console.bench._database import drop_own_database, use_own_database


class Command(BaseCommand):
    help = "Измерить скорость и показать её рядом с физическим пределом"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", type=int, default=100_000, help="сколько лицевых счетов")
        parser.add_argument("--only", default="", help="имя одного измерения")

    def handle(self, *args: Any, **options: Any) -> None:
        names = sorted(one.name for one in pkgutil.iter_modules(bench.__path__) if not one.name.startswith("_"))
        if options["only"] and options["only"] not in names:
            raise CommandError(f"Нет измерения «{options['only']}». Есть: {', '.join(names)}.")
        use_own_database(told=self.stderr)
        try:
            for name in [options["only"]] if options["only"] else names:
                self._measure(name, options["size"])
        finally:
            drop_own_database()

    def _measure(self, name: str, size: int) -> None:
        module = importlib.import_module(f"{bench.__name__}.{name}")
        started = time.perf_counter()
        figures: dict[str, Figure] = module.run(size, at=clock.now())
        folder = Path(settings.VAR_DIR) / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        document = {figure: value.as_json() for figure, value in figures.items()}
        (folder / f"{name}.json").write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        self.stdout.write(f"\n{name} (SIZE={size}, {time.perf_counter() - started:.0f} s)")
        self.stdout.write(f"  {'figure':<44}{'value':>14}{'floor':>14}{'ratio':>8}  unit")
        for figure, value in figures.items():
            floor = "" if value.floor is None else f"{value.floor:,.0f}"
            ratio = "" if value.ratio is None else f"{value.ratio:.2f}"
            self.stdout.write(f"  {figure:<44}{value.value:>14,.1f}{floor:>14}{ratio:>8}  {value.unit}")
