"""Readings that staff take: by which channel one at the card counts, by the contact that runs."""

from __future__ import annotations

from svet.domains.cases import queries as cases
from svet.domains.cases.rules.contacts import ContactChannel
from svet.domains.metering.rules import Channel


def channel_at_the_desk(operator_id: int, *, account_number: str) -> Channel:
    """Return by which way a reading comes that this operator takes: by phone in a call, else at the office."""
    contact = cases.running(operator_id)
    by_phone = contact is not None and contact.channel == ContactChannel.CALL and contact.number in {"", account_number}
    return Channel.PHONE if by_phone else Channel.DESK
