"""`svet gis`: the exchange with the state portal: check messages by the portal's schemas, do what waits now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from svet.infra import clock
from svet.surfaces.gates.gis_zhkh.signing import signer_of
from svet.surfaces.gates.gis_zhkh.validation import NoSchemas, check
from svet.surfaces.gates.gis_zhkh.work import exchange_waiting


class Command(BaseCommand):
    """Read the arguments, do one thing, tell the outcome."""

    help = "Обмен с ГИС ЖКХ: проверить сообщения по схемам, выполнить то, что ждёт"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the two things it can do."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="действие")
        validate = actions.add_parser("validate", help="проверить все виды сообщений и образцы по схемам портала")
        validate.add_argument("--xsd", type=Path, required=True, metavar="ПАПКА", help="папка со схемами портала")
        actions.add_parser("exchange", help="отправить и запросить то, что ждёт, не дожидаясь задания по расписанию")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one asked for."""
        if options["action"] == "validate":
            self._validate(options["xsd"])
        elif not settings.GIS_URL:
            raise CommandError("Обмен с ГИС ЖКХ выключен: не задан SVET_GIS_URL.")
        else:
            self.stdout.write(f"Обработано запросов: {exchange_waiting(clock.now)}.")

    def _validate(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CommandError(f"Нет папки {folder}.")
        signer = signer_of(
            program=settings.GIS_SIGN_PROGRAM,
            key_file=settings.GIS_SIGN_KEY,
            certificate_file=settings.GIS_SIGN_CERTIFICATE,
        )
        wrong = 0
        try:
            for checked in check(folder, signer=signer):
                wrong += bool(checked.faults)
                self.stdout.write(f"{'не подходит' if checked.faults else 'подходит   '}  {checked.name}")
                for fault in checked.faults:
                    self.stdout.write(f"    {fault}")
        except NoSchemas as error:
            raise CommandError(f"Схемы не прочитаны: {error}.") from error
        if wrong:
            raise CommandError(f"Не подходит под схемы: {wrong}.")
        self.stdout.write("Все сообщения и образцы подходят под схемы.")
