"""`svet import-standard FILE`: read the Standard's text and load its offices, phones and contacts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from django.core.management import BaseCommand, CommandError, CommandParser

from svet.domains.offices import actions
from svet.domains.offices.actions import Change
from svet.domains.offices.rules.facts import as_document
from svet.domains.offices.rules.standard_text import StandardReading, decode, read_standard
from svet.infra import clock
from svet.kernel.findings import Finding, Level
from svet.surfaces.web import messages

REFUSED, UNREADABLE = 2, 3
"""Exit codes: the text is not in the expected form; the file cannot be read at all."""

KINDS = {"office": "Офисы", "phone": "Телефоны", "contact": "Контакты"}
CONTACTS = {
    "postal_address": "почтовый адрес",
    "email": "электронная почта",
    "website": "сайт",
    "readings_url": "страница о передаче показаний",
    "payment_url": "страница об оплате",
    "feedback_url": "обратная связь",
    "cabinet_url": "личный кабинет",
    "offices_url": "страница офисов",
}
SIGNS = {"added": "+", "changed": "~", "removed": "−"}


class Command(BaseCommand):
    help = "Загрузить офисы и контакты из текста Стандарта (приложения № 1 и № 2)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="текст Стандарта, UTF-8 или Windows-1251")
        parser.add_argument("--dry-run", action="store_true", help="показать изменения и ничего не менять")
        parser.add_argument("--facts", action="store_true", help="только напечатать прочитанное в виде файла данных")

    def handle(self, *args: Any, **options: Any) -> None:
        reading = self._read(options["file"])
        for finding in reading.findings:
            self.stderr.write(f"{'!' if finding.level is Level.REFUSE else '·'} {messages.of_finding(finding)}")
        if reading.refused:
            raise CommandError("Ничего не загружено: текст не в том виде, который ожидается.", returncode=REFUSED)
        if options["facts"]:
            document = as_document(reading.facts)
            self.stdout.write(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
            return
        changes = actions.load_standard(reading.facts, at=clock.now(), dry_run=options["dry_run"])
        self._tell(reading, changes)
        if options["dry_run"]:
            self.stdout.write("Это была проверка: ничего не изменено.")

    def _read(self, path: Path) -> StandardReading:
        try:
            raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        except OSError as error:
            raise CommandError(f"Файл «{path}» не открывается: {error.strerror}.", returncode=UNREADABLE) from error
        text = decode(raw)
        if text is None:
            raise CommandError(messages.of_finding(Finding("S15", Level.REFUSE)), returncode=UNREADABLE)
        return read_standard(text)

    def _tell(self, reading: StandardReading, changes: tuple[Change, ...]) -> None:
        facts = reading.facts
        self.stdout.write(f"Прочитано: офисов {len(facts.offices)}, телефонов {len(facts.phones)}.")
        for kind, title in KINDS.items():
            of_kind = [change for change in changes if change.kind == kind]
            counts = {how: sum(change.how == how for change in of_kind) for how in SIGNS}
            self.stdout.write(
                f"{title}: добавлено {counts['added']}, изменено {counts['changed']}, удалено {counts['removed']}."
            )
            for change in of_kind:
                self.stdout.write(f"  {SIGNS[change.how]} {CONTACTS.get(change.name, change.name)}")
