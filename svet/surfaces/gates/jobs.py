"""The jobs of the gates: the outbox of messages is emptied, SMS that were kept are answered, fiscal devices print what
waits, the state portal is asked.

The first two run right after something urgent was committed too, and all every minute.

A message taken and not marked (the worker was killed) is tried again after its lease; see domains/notifications.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from svet.domains.notifications import actions
from svet.domains.notifications.actions import Outgoing
from svet.domains.notifications.rules import Channel
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.payments import actions as payments
from svet.infra import clock
from svet.infra.jobs import app
from svet.surfaces.gates.email import receive as mailbox
from svet.surfaces.gates.email import send as email
from svet.surfaces.gates.fiscal import printing
from svet.surfaces.gates.gis_zhkh import work as gis_zhkh
from svet.surfaces.gates.sending import Refused
from svet.surfaces.gates.sms import receive
from svet.surfaces.gates.sms import send as sms

log = logging.getLogger(__name__)

WAYS = {Channel.EMAIL: email.deliver, Channel.SMS: sms.deliver}


@app.task(name=actions.SENDER, queueing_lock=actions.SENDER, pass_context=False)
def send_messages(timestamp: int) -> int:
    """Send what waits by each channel; return how many messages were tried."""
    tried = 0
    company = offices.company(on=clock.today())
    for channel, deliver in WAYS.items():
        while taken := actions.claim_waiting(channel=channel, at=clock.now()):
            for message in taken:
                _send(message, deliver, company)
            tried += len(taken)
    return tried


def _send(message: Outgoing, deliver: Callable[..., str], company: CompanyView) -> None:
    try:
        provider_id = deliver(message, company=company)
    except Refused as refusal:
        actions.mark_failed(message.id, error=refusal.why, at=clock.now(), for_good=refusal.for_good)
    except Exception as error:  # whatever is wrong with one message must not stop the others
        # The error's own text may hold the address or the code.
        log.error("message %s cannot be sent: %s", message.id, type(error).__name__)
        actions.mark_failed(message.id, error=type(error).__name__, at=clock.now(), for_good=True)
    else:
        actions.mark_sent(message.id, at=clock.now(), provider_id=provider_id)


@app.task(queueing_lock="answer_sms", pass_context=False)
def answer_sms(timestamp: int) -> int:
    """Answer the SMS that were kept and not answered at once; return how many there were (every minute)."""
    return receive.answer_kept(at=clock.now())


@app.task(queueing_lock="read_mailbox", lock="read_mailbox", pass_context=False)
def read_mailbox(timestamp: int) -> int:
    """Take what is new in the mailbox and make cases of it; return how many letters were taken (every minute)."""
    return mailbox.read_mailbox()


@app.task(name=payments.PRINTER, queueing_lock=payments.PRINTER, pass_context=False)
def print_receipts(timestamp: int) -> int:
    """Have the fiscal devices of the tills do what waits; return how many tasks were carried out."""
    return printing.print_waiting(clock.now)


@app.task(queueing_lock="exchange_with_gis", pass_context=False)
def exchange_with_gis(timestamp: int) -> int:
    """Send to and fetch from the state portal what waits (every minute); return how many requests were moved."""
    return gis_zhkh.exchange_waiting(clock.now)
