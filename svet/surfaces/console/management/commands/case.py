"""`svet case FILE…`: bill the cases of accountants by the production engine, and compare with what they expect."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandParser

from svet.kernel.period import Month
from svet.surfaces.console.cases.case import Case, read_case
from svet.surfaces.console.cases.compare import Difference, differences
from svet.surfaces.console.cases.document import as_document
from svet.surfaces.console.cases.months import bill
from svet.surfaces.console.cases.table import as_table
from svet.surfaces.console.cases.tree import CaseError

DIFFERS, MALFORMED = 1, 2


class Command(BaseCommand):
    help = "Рассчитать примеры из файлов YAML боевым движком, без базы данных"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="файл примера")
        parser.add_argument("--json", action="store_true", help="вывести JSON вместо таблицы")
        parser.add_argument("--month", help="показать только один месяц, например 2026-03")

    def handle(self, *args: Any, **options: Any) -> None:
        results, code = [], 0
        for name in options["files"]:
            try:
                document, missed = self._evaluate(Path(name), only=options["month"])
            except CaseError as error:
                place = name if error.line is None else f"{name}, строка {error.line}"
                self.stderr.write(f"{place}: {error.text}")
                code = MALFORMED
                continue
            code = max(code, DIFFERS if missed else 0)
            results.append({"file": name, **document, "differences": [_plain(item) for item in missed]})
            if not options["json"]:
                self.stdout.write(as_table(document, only=options["month"]))
                self.stdout.write(_verdict(name, document, missed))
        if options["json"]:
            self.stdout.write(json.dumps(results, ensure_ascii=False, indent=2))
        if code:
            sys.exit(code)

    def _evaluate(self, path: Path, *, only: str | None) -> tuple[dict[str, Any], list[Difference]]:
        """Return the result of one file and what it misses of the expected."""
        case = read_case(_text(path))
        _check_month(only, case)
        document = {**as_document(case, bill(case)), "compared": case.expected is not None}
        missed = [] if case.expected is None else differences(case.expected, document)
        if only is not None:
            document["months"] = {only: document["months"][only]}
        return document, missed


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError("файл не в кодировке UTF-8", line=None) from error
    except OSError as error:
        raise CaseError("файл не открывается", line=None) from error


def _check_month(only: str | None, case: Case) -> None:
    if only is not None and only not in [month.text for month in case.months]:
        try:
            Month(only)
        except ValueError as error:
            raise CaseError(f"«{only}» не месяц вида 2026-03", line=None) from error
        raise CaseError(f"месяца {only} в примере нет", line=None)


def _plain(item: Difference) -> dict[str, Any]:
    return {"line": item.line, "place": item.place, "expected": item.expected, "found": item.found}


def _verdict(name: str, document: dict[str, Any], missed: list[Difference]) -> str:
    if not document["compared"]:
        return ""
    if not missed:
        return "Совпадает с ожидаемым.\n"
    rows = [f"  строка {item.line}, {item.place}: ожидалось {item.expected}, вышло {item.found}" for item in missed]
    return "\n".join([f"{name}: НЕ совпадает с ожидаемым:", *rows]) + "\n"
