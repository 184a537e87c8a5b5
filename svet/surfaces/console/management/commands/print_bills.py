"""`svet print-bills --month 2026-10 --by post-office --out DIR`: the month's bills for the print shop."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from svet.domains.offices import queries as offices
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.period import Month
from svet.surfaces.paper import batches
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web import messages
from svet.surfaces.web.templatetags.svet import number, rub


class Command(BaseCommand):
    help = "Напечатать счета месяца: по файлу на почтовое отделение или часть расчёта, с контрольным листом"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, help="месяц, например 2026-10")
        parser.add_argument("--by", choices=["post-office", "shard"], default="post-office", help="как делить на файлы")
        parser.add_argument("--out", required=True, type=Path, help="папка для файлов")
        parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="сколько процессов")
        parser.add_argument("--everybody", action="store_true", help="и тем, кто получает счёт только по почте e-mail")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            month = Month(options["month"])
        except ValueError as error:
            raise CommandError("Месяц пишется так: 2026-10.") from error
        self._started = self._said = time.monotonic()
        try:
            sheet = batches.print_month(
                month,
                by=options["by"],
                folder=options["out"],
                company=replace(offices.company(clock.today()), turned_off=offices.turned_off(at=clock.now())),
                processes=max(1, options["processes"]),
                everybody=options["everybody"],
                progress=self._progress,
            )
        except DomainError as error:
            raise CommandError(messages.of_error(error)) from error
        except (OSError, TypesettingFailed) as error:
            raise CommandError(
                f"Печать прервана: {error}. Готовые файлы сохранены, запустите команду ещё раз."
            ) from error
        self._show(sheet)

    def _progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said < 2 and done < total:
            return
        self._said = now
        speed = done / max(now - self._started, 0.001)
        self.stdout.write(f"  {number(done)} из {number(total)} счетов, {speed:.0f} в секунду")
        self.stdout.flush()

    def _show(self, sheet: batches.ControlSheet) -> None:
        for one in sheet.files:
            state = "готов" if one.made else "был готов"
            self.stdout.write(
                f"{one.name}: счетов {number(one.bills)}, листов {number(one.sheets)}, {rub(one.to_pay)}, {state}"
            )
        if sheet.left_out.bills:
            self.stdout.write(f"Без печати (электронная доставка): {number(sheet.left_out.bills)}")
        self.stdout.write(f"Итоги сошлись с расчётом. Контрольный лист: {sheet.month}_control.csv")
