"""The door of the gates: who may knock. An allow-list of networks, HTTP Basic, or both, per source.

A source with neither has no door and lets nobody in. Secrets come from the environment; comparison takes the
same time for every wrong password.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import os
from collections.abc import Sequence
from enum import Enum

import structlog
from django.http import HttpRequest

from svet.surfaces.web.addresses import client_address

log = structlog.get_logger("svet.gates")


class Verdict(Enum):
    """What the door says."""

    OPEN = "open"
    WRONG_ADDRESS = "wrong_address"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    NO_DOOR = "no_door"


def knock(request: HttpRequest, *, name: str, allowed_networks: Sequence[str], secret_name: str) -> Verdict:
    """Say whether the caller may pass: from an allowed network, and with `name` and its password if one is set."""
    if not allowed_networks and not secret_name:
        log.error("gate_without_door", gate=name)
        return Verdict.NO_DOOR
    if allowed_networks and not _inside(client_address(request), allowed_networks):
        return Verdict.WRONG_ADDRESS
    if secret_name and not _knows_password(request, name=name, secret=os.environ.get(secret_name, "")):
        return Verdict.WRONG_PASSWORD
    return Verdict.OPEN


def _inside(address: str, networks: Sequence[str]) -> bool:
    try:
        caller = ipaddress.ip_address(address)
        if isinstance(caller, ipaddress.IPv6Address) and caller.ipv4_mapped:
            caller = caller.ipv4_mapped
        return any(caller in ipaddress.ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False


def _knows_password(request: HttpRequest, *, name: str, secret: str) -> bool:
    if not secret:
        log.error("gate_secret_is_not_set", gate=name)
        return False
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(credentials.strip().encode(), validate=True)
    except (binascii.Error, ValueError):
        given = b""
    right = hmac.compare_digest(given, f"{name}:{secret}".encode())
    return right and scheme.lower() == "basic"
