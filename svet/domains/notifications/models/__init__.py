"""Messages to people and what happened to them; what people sent."""

from svet.domains.notifications.models.incoming import IncomingSms
from svet.domains.notifications.models.outgoing import Message, MessageEvent

__all__ = ["IncomingSms", "Message", "MessageEvent"]
