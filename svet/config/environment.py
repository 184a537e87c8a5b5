"""Reads the environment: the only source of secrets and of what differs between installations."""

from __future__ import annotations

import os
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, *, default: bool) -> bool:
    """Return whether the variable says yes (1, true, yes, on)."""
    value = os.environ.get(name)
    return default if value is None else value.lower() in {"1", "true", "yes", "on"}


def items(name: str, default: str = "") -> list[str]:
    """Return the comma-separated values of the variable."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def guid(name: str, *, needed: bool) -> str:
    """Return the GUID of the variable, "" where there is none; raise ImproperlyConfigured for what is no GUID."""
    value = os.environ.get(name, "").strip()
    if not value and not needed:
        return ""
    try:
        return str(UUID(value))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a GUID") from error


def database(url: str) -> dict[str, object]:
    """Return Django's settings for `postgresql://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
