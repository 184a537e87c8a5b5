"""Messages to people and what happened to them; what people sent."""

from svet.domains.notifications.models.incoming import IncomingSms
from svet.domains.notifications.models.mail import IncomingMail, MailboxLook
from svet.domains.notifications.models.outgoing import Message, MessageEvent
from svet.domains.notifications.models.quiet import QuietHours

__all__ = ["IncomingMail", "IncomingSms", "MailboxLook", "Message", "MessageEvent", "QuietHours"]
