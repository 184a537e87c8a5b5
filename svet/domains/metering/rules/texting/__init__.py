"""Readings in a short message: a forgiving reader of text, pure. What it cannot read surely it asks about."""

from svet.domains.metering.rules.texting.letters import MOST_CHARACTERS
from svet.domains.metering.rules.texting.meaning import (
    Ask,
    KnownAccount,
    KnownMeter,
    Question,
    Understood,
    understand,
)
from svet.domains.metering.rules.texting.tokens import Notes, account_numbers, notes_of
from svet.domains.metering.rules.texting.words import Command, command_of

__all__ = [
    "MOST_CHARACTERS",
    "Ask",
    "Command",
    "KnownAccount",
    "KnownMeter",
    "Notes",
    "Question",
    "Understood",
    "account_numbers",
    "command_of",
    "notes_of",
    "understand",
]
