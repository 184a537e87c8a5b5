"""Background work of content: what was approved for a later moment is published when it comes."""

from __future__ import annotations

from django.core.management import call_command

from svet.infra.jobs import app


@app.task(queueing_lock="publish_scheduled")
def publish_scheduled(timestamp: int) -> None:
    """Publish the pages whose moment has come and take down those whose moment is over."""
    call_command("publish_scheduled", verbosity=0)
