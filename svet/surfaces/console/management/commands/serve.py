"""`svet serve`: the web and the job worker, supervised together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser, call_command
from django.db import connection

from svet.surfaces.console import processes
from svet.surfaces.console.processes import Child


class Command(BaseCommand):
    help = "Запустить сайт и фоновые задания"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="процессов сайта")
        parser.add_argument("--threads", type=int, default=4, help="потоков в процессе; не больше SVET_POOL")
        parser.add_argument("--web-only", action="store_true", help="без фоновых заданий")

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if settings.PRODUCTION:
            call_command("collectstatic", verbosity=0, interactive=False)
        connection.ensure_connection()  # the embedded server lives as long as this process
        connection.close()
        web = processes.web_command(
            host=options["host"],
            port=options["port"],
            workers=options["workers"],
            threads=min(options["threads"], settings.POOL_SIZE),
        )
        children = [Child("сайт", web)]
        if not options["web_only"]:
            children.append(Child("задания", processes.worker_command()))
        self.stdout.write(f"Svet отвечает на http://{options['host']}:{options['port']}/  (остановить: Ctrl-C)")
        processes.supervise(children, say=self.stderr.write)
