"""Letters by SMTP (settings SVET_EMAIL_*). The Message-ID is the message's own, so that a repeated letter is known."""

from __future__ import annotations

from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from svet.domains.notifications import queries
from svet.domains.notifications.actions import Outgoing
from svet.domains.notifications.rules import MessageKind
from svet.domains.offices.queries import CompanyView
from svet.surfaces.gates.sending import Refused, readable
from svet.surfaces.web.message_words import letter


def deliver(message: Outgoing, *, company: CompanyView) -> str:
    """Hand the letter to the mail server and return its Message-ID; raise Refused."""
    if not settings.EMAIL_READY:
        raise Refused("no_mail_server_is_set")
    subject, paragraphs = letter(message.kind, facts=readable(message.facts), company=company)
    own_id = f"<svet-{message.id}@{own_domain()}>"
    mail = EmailMultiAlternatives(
        subject,
        "\n\n".join(paragraphs),
        to=[message.address],
        headers={"Message-ID": own_id, **_headers(message)},
    )
    html = render_to_string("web/mail/letter.html", {"subject": subject, "paragraphs": paragraphs})
    mail.attach_alternative(html, "text/html")
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise Refused(f"smtp_{codes[0]}", for_good=all(code >= 500 for code in codes)) from error
    except SMTPResponseException as error:
        raise Refused(f"smtp_{error.smtp_code}") from error
    except (SMTPException, OSError) as error:
        raise Refused(type(error).__name__) from error
    return own_id


def _headers(message: Outgoing) -> dict[str, str]:
    """Return of which thread a letter is, and that a machine wrote it (RFC 3834) where no person did."""
    headers = {} if message.kind == MessageKind.APPEAL_LETTER else {"Auto-Submitted": "auto-generated"}
    case_id = message.facts.get("case_id")
    thread = queries.thread_of(case_id, sender=message.address) if isinstance(case_id, int) else []
    if thread:
        headers["In-Reply-To"] = f"<{thread[-1]}>"
        headers["References"] = " ".join(f"<{one}>" for one in thread)
    return headers


def own_domain() -> str:
    """Return what ends the Message-IDs of our letters."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
