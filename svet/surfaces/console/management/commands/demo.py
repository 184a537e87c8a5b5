"""`svet demo`: build the demo region in a database of its own, bill its last month, serve it.

The embedded database `svet_demo` is made anew each time. With DATABASE_URL the town is built only into a
database without accounts; otherwise what is there is served.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser, call_command
from django.db import connection

from svet.infra import clock, embedded
from svet.surfaces.console.demo import story

DATABASE = "svet_demo"
TODAY = datetime(2026, 11, 5, 9, 0, tzinfo=clock.MOSCOW)


class Command(BaseCommand):
    help = "Построить демонстрационный город и рассчитать в нём месяц"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", type=int, default=2000)
        parser.add_argument("--serve", action="store_true", help="затем запустить сайт")
        parser.add_argument("--keep", action="store_true", help="не строить заново, если город уже есть")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        own_server = bool(settings.DATABASE_URL)
        if not own_server and settings.DATABASES["default"]["NAME"] != DATABASE:
            self._again_in_demo_database()
        if not own_server and not options["keep"]:
            embedded.drop_database(Path(settings.DATABASES["default"]["EMBEDDED_DATA"]), DATABASE)
        started = time.perf_counter()
        call_command("setup", verbosity=0, stdout=self.stderr)
        if story.is_built():
            self.stdout.write("Город уже построен.")
        else:
            story.build(options["accounts"], today=TODAY, say=self._say)
        self.stdout.write(f"\nГотово за {time.perf_counter() - started:.0f} с.\n")
        self.stdout.write(story.visiting_card(port=options["port"]))
        if options["serve"]:
            connection.close()
            call_command("serve", port=options["port"], stdout=self.stdout)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _again_in_demo_database(self) -> None:
        """Start this command anew with the demo's database and clock in the environment."""
        offset = TODAY.timestamp() - time.time()
        os.environ.update(SVET_DB_NAME=DATABASE, SVET_CLOCK_OFFSET=f"{offset:.0f}")
        self.stdout.flush()
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
