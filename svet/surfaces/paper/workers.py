"""How a spawned typesetting process begins. Nothing here may need Django before it is ready."""

from __future__ import annotations

import os

import django


def set_up() -> None:
    """Make Django ready in a fresh process: the documents that arrive are of modules that need it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "svet.config.settings")
    django.setup()
