"""`svet setup`: make the database ready — tables, cache table, reference data. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, call_command


class Command(BaseCommand):
    help = "Подготовить базу: таблицы, кэш, справочные данные (можно повторять)"

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_reference")
