"""`svet code LOGIN`: the present one-time code of one of the demo region's staff."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import BaseCommand, CommandError, CommandParser

from svet.surfaces.console.demo import names


class Command(BaseCommand):
    help = "Одноразовый код сотрудника демонстрационного города"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, **options: Any) -> None:
        secrets = {one.username: one.secret for one in names.STAFF}
        if options["login"] not in secrets:
            raise CommandError(f"Коды есть только у сотрудников города: {', '.join(secrets)}.")
        self.stdout.write(present_code(secrets[options["login"]]))


def present_code(secret: str) -> str:
    """Return the code that an authenticator app with `secret` shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
