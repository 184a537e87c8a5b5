"""What follows for an applicant from a case: he is told its number, and sent what was written to him.

A letter goes out by the outbox where its channel is e-mail or SMS; letters by post, by ГИС ЖКХ and to the account
area are fetched by those surfaces from the case. Words are the surfaces'; free texts are the handlers'.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from svet.domains.cases import queries as cases
from svet.domains.cases.queries import Sending
from svet.domains.cases.rules.answering import ELECTRONIC, ways
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.register import CaseChannel, shown_receipt_code
from svet.domains.notifications import actions as notifications
from svet.domains.notifications import queries as incoming
from svet.domains.notifications.rules import Channel, MessageKind
from svet.infra.models import Fact

MOST_ACKNOWLEDGED = 10
SENT_BY = {CaseChannel.EMAIL: Channel.EMAIL, CaseChannel.SMS: Channel.SMS}


def tell_registered(fact: Fact, at: datetime) -> None:
    """Tell the applicant the number of his case, the last day for the answer and the code to look it up by.

    A machine's letter of which a person made a case is acknowledged to nobody, and no address gets more than
    `MOST_ACKNOWLEDGED` in a day for letters and the site's form: a machine that does not say so would be answered for
    ever, and on the site anybody types anybody's address.
    """
    case = cases.sending(int(fact.payload["case_id"]))
    if incoming.came_from_a_machine(case.case_id):
        return
    way, address = _electronic(case)
    if way is None or case.answer_on is None:
        return
    lately = incoming.sent_lately(MessageKind.APPEAL_REGISTERED, address=address, since=at - timedelta(days=1))
    if case.channel in {CaseChannel.EMAIL, CaseChannel.SITE} and lately >= MOST_ACKNOWLEDGED:
        return
    notifications.send(
        MessageKind.APPEAL_REGISTERED,
        channel=SENT_BY[way],
        address=address,
        facts={"case": case.number, "until": case.answer_on.isoformat(), "case_id": case.case_id},
        secret_facts={"code": shown_receipt_code(cases.receipt_code(case.case_id))},
        key=f"case_registered:{case.case_id}",
        at=at,
        customer_id=case.applicant.customer_id,
    )


def tell_stage(fact: Fact, at: datetime) -> None:
    """Tell the applicant that his application for a contract went on, with what was said to him."""
    case = cases.sending(int(fact.payload["case_id"]))
    way, address = _electronic(case)
    if way is None:
        return
    notifications.send(
        MessageKind.APPLICATION_MOVED,
        channel=SENT_BY[way],
        address=address,
        facts={
            "case": case.number,
            "stage": fact.payload["stage"],
            "text": cases.said_with(int(fact.payload["event_id"])),
            "case_id": case.case_id,
        },
        key=f"application_moved:{fact.payload['event_id']}",
        at=at,
        customer_id=case.applicant.customer_id,
    )


def send_letter(fact: Fact, at: datetime) -> None:
    """Send a letter of a case where its channel is e-mail or SMS; an SMS carries no answer, only the word of it."""
    way = CaseChannel(fact.payload["channel"])
    if way not in ELECTRONIC:
        return
    letter = cases.letter_to_send(int(fact.payload["letter_id"]))
    notifications.send(
        MessageKind.APPEAL_LETTER,
        channel=SENT_BY[way],
        address=letter.address,
        facts={
            "case": letter.number,
            "text": "\n\n".join(part for part in (letter.text, letter.signature) if part),
            "case_id": letter.case_id,
            "letter_id": letter.letter_id,
        },
        key=f"case_letter:{letter.letter_id}",
        at=at,
    )


def remind_grid(fact: Fact, at: datetime) -> None:
    """Write to the grid company what it was asked, and again when it is silent, where its e-mail is known."""
    address, case_id = str(fact.payload.get("address", "")), int(fact.payload["case_id"])
    if "@" not in address:
        return
    until = cases.clock_due_on(case_id, kind=ClockKind.GRID)
    if until is None:
        return
    again = fact.name == "cases.grid_is_silent"
    notifications.send(
        MessageKind.GRID_REMINDED if again else MessageKind.GRID_ASKED,
        channel=Channel.EMAIL,
        address=address,
        facts={
            "case": fact.payload["number"],
            "text": cases.grid_question(case_id),
            "until": until.isoformat(),
            "case_id": case_id,
        },
        key=f"grid:{fact.pk}",
        at=at,
    )


def _electronic(case: Sending) -> tuple[CaseChannel | None, str]:
    """Return the first way of answering that is e-mail or SMS, with its address; None where there is none."""
    offered = ways(CaseChannel(case.channel), applicant=case.applicant)
    return next(((way, place) for way, place in offered if way in ELECTRONIC), (None, ""))
