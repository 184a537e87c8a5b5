"""`svet setup`: make the database ready — tables, cache table, reference data, what moved. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, call_command

from svet.domains.cases import actions as cases
from svet.infra import clock


class Command(BaseCommand):
    help = "Подготовить базу: таблицы, кэш, справочные данные (можно повторять)"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_reference")
        moved = cases.take_remarks_into_register(at=clock.now())
        if moved:
            self.stdout.write(f"Вопросы по счетам, ждавшие ответа, теперь в реестре обращений: {moved}.")
