"""SMS by Kannel's `sendsms` over loopback (settings SVET_SMS_*). Without a gateway a development installation prints.

Kannel's address carries the text and the password: httpx must not log it (settings.LOGGING).
"""

from __future__ import annotations

import sys

import httpx
from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse

from svet.domains.notifications.actions import Outgoing
from svet.domains.notifications.rules import MessageKind
from svet.domains.offices.queries import CompanyView
from svet.surfaces.gates.sending import Refused, readable
from svet.surfaces.web import sms_words
from svet.surfaces.web.message_words import phone_of, sms

SIGNER_SALT = "gates.sms.report"
REPORTS = 1 + 2 + 8 + 16
"""Asked of Kannel: delivered, not delivered, taken by the operator, refused by the operator."""
TIMEOUT_SECONDS = 10


def deliver(message: Outgoing, *, company: CompanyView) -> str:
    """Hand the SMS to Kannel and return what it said; raise Refused."""
    text = _text(message, company)
    if not settings.SMS_URL:
        if settings.PRODUCTION:
            raise Refused("no_sms_gateway_is_set")
        sys.stdout.write(f"SMS {message.address}: {text}\n")
        return "console"
    query = {
        "username": settings.SMS_USER,
        "password": settings.SMS_PASSWORD,
        "from": settings.SMS_FROM,
        "to": message.address,
        "text": text,
        "charset": "UTF-8",
        "coding": "2",
        "dlr-mask": str(REPORTS),
        "dlr-url": report_url(message.id),
    }
    try:
        answer = httpx.get(settings.SMS_URL, params=query, timeout=TIMEOUT_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        raise Refused(type(error).__name__) from error
    if answer.status_code != 202:
        raise Refused(f"kannel_{answer.status_code}")
    return answer.text[:100]


def _text(message: Outgoing, company: CompanyView) -> str:
    if message.kind == MessageKind.SMS_ANSWER:
        return sms_words.answer(message.facts, phone=phone_of(company))
    return sms(message.kind, facts=readable(message.facts), company=company)


def report_url(message_id: int) -> str:
    """Return where Kannel reports the message's fate: signed, so that nobody reports what he was not told of.

    `%d` is filled in by Kannel: what happened.
    """
    signed = Signer(salt=SIGNER_SALT).sign(str(message_id))
    return f"{settings.SMS_REPORT_BASE}{reverse('gates:sms_report', args=[signed])}?status=%d"
