"""`svet payment-source CODE …`: open a channel of money or change its terms; without a code, list the channels."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from svet.domains.payments import actions, queries
from svet.domains.payments.rules import SourceKind
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.kernel.money import exact_kopecks
from svet.surfaces.web import messages


class Command(BaseCommand):
    """Opens a payment channel."""

    help = "Открыть канал приёма платежей или изменить его условия; без кода — показать все."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="код канала, латиницей")
        parser.add_argument("--name", default="", help="как его знают клиенты: название видно на сайте и в платежах")
        parser.add_argument("--kind", choices=[kind.value for kind in SourceKind], default=SourceKind.TERMINAL.value)
        parser.add_argument("--network", action="append", default=[], help="разрешённая подсеть, можно несколько раз")
        parser.add_argument("--secret", default="", help="имя переменной окружения с паролем")
        parser.add_argument("--min", default="1", help="наименьшая сумма, ₽")
        parser.add_argument("--max", default="100000", help="наибольшая сумма, ₽")
        parser.add_argument("--closed", action="store_true", help="платежи не принимать")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["code"]:
            self._open(options)
        for row in queries.sources():
            state = "открыт" if row.active else "закрыт"
            networks = ", ".join(row.allowed_networks) or "без ограничения по адресам"
            self.stdout.write(f"{row.code}: {row.name}, {row.kind.value}, {state}, {networks}")

    def _open(self, options: dict[str, Any]) -> None:
        try:
            limits = exact_kopecks(options["min"]), exact_kopecks(options["max"])
            actions.open_source(
                options["code"],
                name=options["name"] or options["code"],
                kind=SourceKind(options["kind"]),
                at=clock.now(),
                active=not options["closed"],
                min_amount=limits[0],
                max_amount=limits[1],
                allowed_networks=options["network"],
                secret_name=options["secret"],
            )
        except (ArithmeticError, ValueError) as error:
            raise CommandError("Сумма — это рубли с точкой: 1.00") from error
        except DomainError as error:
            raise CommandError(messages.of_error(error)) from error
