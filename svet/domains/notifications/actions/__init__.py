"""What changes in messages: those to people (outgoing) and those that people sent (incoming)."""

from svet.domains.notifications.actions.incoming import Outcome, drop_questions, hold_sms, note_sms, settle_sms
from svet.domains.notifications.actions.mail import (
    BY_HAND,
    MailOutcome,
    describe_mail,
    hold_mail,
    note_look,
    set_aside,
    settle_by_hand,
    settle_mail,
    take_mail,
)
from svet.domains.notifications.actions.outgoing import (
    NOBODY,
    SENDER,
    Outgoing,
    claim_waiting,
    drop_waiting,
    mark_delivered,
    mark_failed,
    mark_sent,
    rehearse,
    send,
    try_again,
)
from svet.domains.notifications.actions.reference import load_reference

__all__ = [
    "BY_HAND",
    "NOBODY",
    "SENDER",
    "MailOutcome",
    "Outcome",
    "Outgoing",
    "claim_waiting",
    "describe_mail",
    "drop_questions",
    "drop_waiting",
    "hold_mail",
    "hold_sms",
    "load_reference",
    "mark_delivered",
    "mark_failed",
    "mark_sent",
    "note_look",
    "note_sms",
    "rehearse",
    "send",
    "set_aside",
    "settle_by_hand",
    "settle_mail",
    "settle_sms",
    "take_mail",
    "try_again",
]
