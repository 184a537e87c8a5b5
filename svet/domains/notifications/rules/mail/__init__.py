"""Letters that come by e-mail: read out of their bytes, sorted, their threads found. Pure; takes anything."""

from svet.domains.notifications.rules.mail.quoting import own_words
from svet.domains.notifications.rules.mail.reading import Attachment, Mail, read_mail
from svet.domains.notifications.rules.mail.sorting import (
    Bounce,
    Flag,
    MailState,
    OurId,
    Sort,
    Sorted,
    claims_falsely,
    our_ids,
    sort_mail,
)

__all__ = [
    "Attachment",
    "Bounce",
    "Flag",
    "Mail",
    "MailState",
    "OurId",
    "Sort",
    "Sorted",
    "claims_falsely",
    "our_ids",
    "own_words",
    "read_mail",
    "sort_mail",
]
