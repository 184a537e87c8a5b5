"""`svet import-register FORMAT FILE`: post a bank's registry, or compare an agent's day with ours."""

from __future__ import annotations

from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from svet.domains.payments.rules import RegisterState
from svet.domains.payments.rules.register import RegisterReport
from svet.flows import register_formats
from svet.flows.bank_register import post_bank_register
from svet.flows.terminal_payment import Comparison, compare_with_agent
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.findings import Finding
from svet.kernel.money import from_kopecks
from svet.surfaces.web import messages


class Command(BaseCommand):
    """Posts a registry whole or refuses it whole; compares the daily registry of a terminals' agent."""

    help = "Провести реестр платежей банка (sberbank) или сверить день с агентом терминалов (osmp)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=register_formats.names(), help="формат файла")
        parser.add_argument("file", type=Path, help="файл реестра, можно zip")
        parser.add_argument("--source", help="код канала приёма; если не указан, он равен формату")
        parser.add_argument("--dry-run", action="store_true", help="проверить и ничего не проводить")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise CommandError(f"Файл не читается: {path} ({error.strerror})") from error
        name, source = options["format"], options["source"]
        try:
            if register_formats.is_compared(name):
                self._show_comparison(compare_with_agent(raw, source_code=source or name, format_name=name))
                return
            report = post_bank_register(
                raw,
                format_name=name,
                file_name=path.name,
                at=clock.now(),
                source_code=source,
                dry_run=options["dry_run"],
            )
        except DomainError as error:
            raise CommandError(messages.of_error(error)) from error
        self._show_report(report)

    def _show_report(self, report: RegisterReport) -> None:
        for finding in report.findings:
            self._show_finding(finding)
        if report.state is RegisterState.REFUSED:
            raise CommandError("Реестр не принят целиком, ни один платёж не зачислен. Файл сохранён.")
        if not report.is_new:
            self.stdout.write(
                f"Этот файл уже проведён (реестр № {report.register_id}). Второй раз не зачислено ничего."
            )
            return
        done = "Проверка без проведения: реестр можно провести" if report.dry_run else "Реестр проведён"
        number = "" if report.register_id is None else f" (№ {report.register_id})"
        self.stdout.write(f"{done}{number}: строк {report.lines}, сумма {rub(report.amount)}")
        self.stdout.write(f"  к перечислению {rub(report.transferred)}, комиссия {rub(report.fee)}")
        self.stdout.write(f"  новых платежей {report.posted}, были зачислены раньше {report.repeated}")
        self.stdout.write(f"  невыясненных {report.unidentified} на {rub(report.unidentified_amount)}")

    def _show_comparison(self, comparison: Comparison) -> None:
        for finding in comparison.findings:
            self._show_finding(finding)
        for line in comparison.missing:
            self.stdout.write(
                f"нет у нас: {line.external_id}, счёт {line.account_number}, {rub(from_kopecks(line.kopecks))},"
                f" {line.paid_at:%d.%m.%Y %H:%M}"
            )
        for row in comparison.extra:
            self.stdout.write(
                f"нет у агента: {row.external_id}, счёт {row.account_given}, {rub(row.amount)},"
                f" {row.paid_at.astimezone(clock.MOSCOW):%d.%m.%Y %H:%M}"
            )
        for pair in comparison.different:
            self.stdout.write(
                f"расходится: {pair.ours.external_id},"
                f" у агента {rub(from_kopecks(pair.theirs.kopecks))} на счёт {pair.theirs.account_number},"
                f" у нас {rub(pair.ours.amount)} на счёт {pair.ours.account_given}"
            )
        self.stdout.write(f"Совпало платежей: {comparison.matched} на {rub(comparison.amount)}")
        if not comparison.agrees:
            raise CommandError("Сверка не сошлась.")

    def _show_finding(self, finding: Finding) -> None:
        more = finding.facts.get("more")
        rest = f" (и ещё таких: {more})" if more else ""
        self.stderr.write(messages.of_finding(finding) + rest)


def rub(amount: Decimal) -> str:
    """Return an amount as people write it.

    >>> rub(Decimal("1234.50"))
    '1 234,50 ₽'
    """
    return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",").replace("\u00a0", " ") + " ₽"
