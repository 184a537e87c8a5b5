"""Letters by SMTP (settings SVET_EMAIL_*). The Message-ID is the message's own, so that a repeated letter is known."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from svet.domains.cases import queries as cases
from svet.domains.notifications import queries
from svet.domains.notifications.actions import Outgoing
from svet.domains.notifications.rules import MessageKind
from svet.domains.offices.queries import CompanyView
from svet.flows import answering
from svet.infra import clock, files
from svet.surfaces.gates.sending import Refused, readable
from svet.surfaces.paper import letter as paper_letter
from svet.surfaces.paper.downloads import letter_name
from svet.surfaces.paper.engine import TypesettingFailed
from svet.surfaces.web.message_words import letter


def deliver(message: Outgoing, *, company: CompanyView) -> str:
    """Hand the letter to the mail server and return its Message-ID; raise Refused."""
    if not settings.EMAIL_READY:
        raise Refused("no_mail_server_is_set")
    subject, paragraphs = letter(message.kind, facts=readable(message.facts), company=company)
    own_id = f"<{queries.message_id(message.id, domain=own_domain())}>"
    mail = EmailMultiAlternatives(
        subject,
        "\n\n".join(paragraphs),
        to=[message.address],
        headers={"Message-ID": own_id, **_headers(message)},
    )
    html = render_to_string("web/mail/letter.html", {"subject": subject, "paragraphs": paragraphs})
    mail.attach_alternative(html, "text/html")
    for file in _files(message):
        mail.attach(file.name, file.content, file.media_type)
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


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a letter."""

    name: str
    content: bytes
    media_type: str


def _files(message: Outgoing) -> list[Enclosed]:
    """Return what goes with a letter of a case: its numbered answer on letterhead, the files its author enclosed."""
    letter_id = message.facts.get("letter_id")
    if message.kind != MessageKind.APPEAL_LETTER or not isinstance(letter_id, int):
        return []
    paper = answering.paper_of_letter(letter_id)
    found = []
    if paper is not None:
        try:
            made = paper_letter.render(paper, at=clock.now())
        except TypesettingFailed as error:
            raise Refused("paper_failed") from error
        found.append(Enclosed(letter_name(paper), made, "application/pdf"))
    known = files.described(cases.letter_to_send(letter_id).file_ids)
    return [*found, *(Enclosed(one.name, files.read(one.id), one.media_type) for one in known.values())]


def own_domain() -> str:
    """Return what ends the Message-IDs of our letters."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
