"""The Message-IDs of our letters: `svet-<number>-<tag>@domain`. Only we can make the tag: a guess proves nothing.

The tag is a keyed digest of number and domain. Tags by the keys of SECRET_KEY_FALLBACKS count too: a report may come
days after the key was changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from svet.domains.notifications.rules.mail import OurId, our_ids

SALT = "svet.notifications.message_id"


def message_id(number: int, *, domain: str) -> str:
    """Return the Message-ID of our letter with this number, without brackets; the same for every try."""
    return f"svet-{number}-{_tag(number, domain=domain)}@{domain}"


def proven_ids(ids: Iterable[str], *, domain: str) -> list[OurId]:
    """Return those of the Message-IDs whose tag we made."""
    return [one for one in our_ids(ids, domain=domain) if one.tag and _is_ours(one, domain=domain)]


def _is_ours(one: OurId, *, domain: str) -> bool:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(constant_time_compare(one.tag, _tag(one.number, domain=domain, key=key)) for key in keys)


def _tag(number: int, *, domain: str, key: str | bytes | None = None) -> str:
    return salted_hmac(SALT, f"{number}@{domain.lower()}", secret=key, algorithm="sha256").hexdigest()[:32]
