"""`svet import-file KIND FILE [--dry-run] [--skip-bad]`: load a file of a region, or say what is wrong with it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from svet.flows import region_files
from svet.flows.region_files import Report
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.console import files
from svet.surfaces.web import messages

STAGES = {"reading": "читаю", "checking": "проверяю", "writing": "записываю", "keeping": "сохраняю"}


class Command(BaseCommand):
    """Loads the file whole or not at all, unless the good rows are wanted without the bad ones."""

    help = "Загрузить файл (CSV, XLSX): потребители, точки поставки, счета, договоры, счётчики, показания…"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.name for kind in region_files.all_kinds()], help="что в файле")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="сделать всё, кроме сохранения")
        parser.add_argument("--skip-bad", action="store_true", help="загрузить верные строки, остальные — в файл")
        parser.add_argument("--report", type=Path, help="куда записать ошибки (CSV); иначе рядом с файлом")
        parser.add_argument("--show", type=int, default=20, help="сколько ошибок показать здесь")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Файл не читается: {path} ({error.strerror})") from error
        try:
            report = region_files.load(
                options["kind"],
                data,
                at=clock.now(),
                file_name=path.name,
                dry_run=options["dry_run"],
                skip_bad=options["skip_bad"],
                progress=self._progress,
            )
        except DomainError as error:
            raise CommandError(messages.of_error(error)) from error
        self._show(report, path, options)

    def _progress(self, stage: str, done: int, total: int) -> None:
        text = f"{STAGES[stage]}… {done:,} из {total:,}".replace(",", " ") if done else f"{STAGES[stage]}…"
        end = "\r" if sys.stderr.isatty() else "\n"
        self.stderr.write(f"{text:<60}", style_func=str, ending=end)

    def _show(self, report: Report, path: Path, options: dict[str, Any]) -> None:
        for line in files.in_lines(report, most=options["show"]):
            self.stdout.write(line)
        if report.findings.height:
            errors = options["report"] or path.with_name(f"{path.stem}.ошибки.csv")
            files.write_report(report, errors)
            self.stdout.write(f"Все ошибки и замечания: {errors}")
        if report.is_loaded and report.bad_rows:
            bad = path.with_name(f"{path.stem}.не-загружено{'.xlsx' if path.suffix.lower() == '.xlsx' else '.csv'}")
            files.write_bad(report, bad)
            self.stdout.write(f"Строки с ошибками: {bad}")
        self.stdout.write(
            f"Строк {report.rows}: новых {report.inserted}, изменено {report.updated}, без изменений"
            f" {report.unchanged}, с ошибками {report.bad_rows}, замечаний {report.warnings.height}."
        )
        if report.is_dry_run:
            self.stdout.write("Это была проверка: ничего не сохранено.")
        if report.errors.height and not report.is_loaded:
            way_out = "исправьте ошибки." if report.is_refused else "исправьте ошибки или укажите --skip-bad."
            raise CommandError(f"Ничего не загружено: {way_out}")
