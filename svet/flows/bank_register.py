"""A bank's registry, from the bytes of the file to posted payments: for the desk's upload and the console alike.

The raw file goes to the inbox first and stays there, whatever becomes of it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from svet.domains.payments import actions, queries
from svet.domains.payments.rules import RegisterState
from svet.domains.payments.rules.register import RegisterReport
from svet.flows import register_formats
from svet.infra import inbox


def post_bank_register(
    raw: bytes,
    *,
    format_name: str,
    file_name: str,
    at: datetime,
    source_code: str | None = None,
    dry_run: bool = False,
) -> RegisterReport:
    """Read and post the file of format `format_name` ("sberbank"), or refuse it whole and say why.

    `source_code` is the channel the money came through, the format's own name when it is not given. A dry run
    does everything and keeps nothing. Raises NotFound for the format or the channel; never for the file.
    """
    code, sha256 = source_code or format_name, hashlib.sha256(raw).hexdigest()
    queries.source(code)
    message = None
    if not dry_run:
        name = file_name.replace("\x00", "")[-255:]
        message, _ = inbox.receive(f"register/{code}"[:40], external_id=sha256, raw=raw, at=at, file_name=name)
    report = actions.post_register(
        register_formats.read(format_name, raw=raw),
        source_code=code,
        sha256=sha256,
        file_name=file_name,
        received_at=at,
        inbox_id=message.pk if message else None,
        dry_run=dry_run,
    )
    if message and report.is_new:
        result = {"register_id": report.register_id, "state": report.state.value, "posted": report.posted}
        inbox.finish(message, at=at, result=result, failed=report.state is RegisterState.REFUSED)
    return report
