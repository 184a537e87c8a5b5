"""Secrets at rest: sealed with the installation's key, opened with it or with an older one (SECRET_KEY_FALLBACKS)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

__all__ = ["InvalidToken", "opened", "sealed"]


def sealed(text: str) -> str:
    """Return what may be stored."""
    return _boxes().encrypt(text.encode()).decode()


def opened(sealed_text: str) -> str:
    """Return what was sealed; raise InvalidToken when no key of the installation opens it."""
    return _boxes().decrypt(sealed_text.encode()).decode()


def _boxes() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(force_bytes(key)).digest())) for key in keys])
