"""Reads of messages: to people (outgoing) and from them (incoming). Secrets never come out here."""

from svet.domains.notifications.queries.incoming import (
    SmsView,
    asked_sms,
    earlier_from,
    sms_counts,
    sms_of,
    sms_page,
    waiting_sms,
)
from svet.domains.notifications.queries.outgoing import (
    EventView,
    MessageView,
    events_of,
    failed_count,
    failed_messages,
    message,
    messages_of,
    messages_to,
)

__all__ = [
    "EventView",
    "MessageView",
    "SmsView",
    "asked_sms",
    "earlier_from",
    "events_of",
    "failed_count",
    "failed_messages",
    "message",
    "messages_of",
    "messages_to",
    "sms_counts",
    "sms_of",
    "sms_page",
    "waiting_sms",
]
