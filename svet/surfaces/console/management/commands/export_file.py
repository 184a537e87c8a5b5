"""`svet export-file KIND FILE`: write everything of a kind as CSV or, when the file is called .xlsx, as a workbook."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from svet.flows import region_files


class Command(BaseCommand):
    """Exports in the columns of the import, so that what goes out can come back in."""

    help = "Выгрузить файл (CSV или XLSX) в тех же столбцах, в каких он загружается"

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = [kind.name for kind in region_files.all_kinds() if kind.export]
        parser.add_argument("kind", choices=kinds, help="что выгрузить")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        data = region_files.export_file(options["kind"], spreadsheet=path.suffix.lower() == ".xlsx")
        unfinished = path.with_name(path.name + ".part")
        try:
            unfinished.write_bytes(data)
            unfinished.replace(path)
        except OSError as error:
            raise CommandError(f"Файл не записать: {path} ({error.strerror})") from error
        self.stdout.write(f"Готово: {path}, {len(data) // 1024 + 1} КБ.")
