"""`svet till CODE …`: open a till of an office or change its terms; without a code, list the tills."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from svet.domains.payments import actions, queries
from svet.infra import clock
from svet.kernel.errors import DomainError
from svet.surfaces.web import messages


class Command(BaseCommand):
    """Opens a till."""

    help = "Завести кассу офиса или изменить её условия; без кода — показать все."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="код кассы, латиницей")
        parser.add_argument("--name", default="", help="название для людей")
        parser.add_argument("--office", default="", help="код офиса; без него кассы нет на сайте, в киоске и терминале")
        parser.add_argument("--device", default="", help="адрес АТОЛ Web-сервера: http://192.168.1.20:16732")
        parser.add_argument("--secret", default="", help="имя переменной окружения с логином и паролем аппарата")
        parser.add_argument("--closed", action="store_true", help="вывести кассу из работы")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["code"]:
            try:
                actions.open_till(
                    options["code"],
                    name=options["name"] or options["code"],
                    at=clock.now(),
                    office_code=options["office"],
                    device_url=options["device"],
                    secret_name=options["secret"],
                    active=not options["closed"],
                )
            except DomainError as error:
                raise CommandError(messages.of_error(error)) from error
        for row in queries.tills():
            state = "в работе" if row.active else "выведена из работы"
            self.stdout.write(f"{row.code}: {row.name}, {state}, {row.device_url or 'касса не подключена'}")
