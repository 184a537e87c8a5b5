"""What changes in messages: those to people (outgoing) and those that people sent (incoming)."""

from svet.domains.notifications.actions.incoming import Outcome, drop_questions, hold_sms, note_sms, settle_sms
from svet.domains.notifications.actions.outgoing import (
    NOBODY,
    SENDER,
    Outgoing,
    claim_waiting,
    mark_delivered,
    mark_failed,
    mark_sent,
    rehearse,
    send,
    try_again,
)

__all__ = [
    "NOBODY",
    "SENDER",
    "Outcome",
    "Outgoing",
    "claim_waiting",
    "drop_questions",
    "hold_sms",
    "mark_delivered",
    "mark_failed",
    "mark_sent",
    "note_sms",
    "rehearse",
    "send",
    "settle_sms",
    "try_again",
]
