"""When this happens, that follows: the one table of it. Handlers are idempotent and run after commit."""

from __future__ import annotations

from datetime import datetime

from svet.domains.content import actions as content
from svet.domains.content.rules import EVENTS
from svet.domains.customers.rules import Subject
from svet.domains.ledger import jobs as ledger
from svet.flows import (
    appeals,
    booking,
    escalating,
    gis_appeals,
    indexing,
    outage_news,
    penalties,
    telling,
    visit_asking,
)
from svet.infra import delivery
from svet.infra.models import Fact


def check_closed_month(fact: Fact, at: datetime) -> None:
    """Compare the turnovers of the month just closed with its entries, apart from the transaction that closed it."""
    ledger.check_turnovers(timestamp=int(at.timestamp()))


def doubt_pages(fact: Fact, at: datetime) -> None:
    """Make the pages doubtful that depend on what happened, until somebody has read them again."""
    content.note_happened(fact.name, at=fact.at)


REACTIONS: dict[str, tuple[tuple[str, ...], delivery.Handler]] = {
    # reaction              facts                       handler
    "check_closed_month": (("ledger.month_closed",), check_closed_month),
    "accrue_rated": (("billing.run_rated",), penalties.accrue_rated),
    "doubt_pages": (tuple(sorted(EVENTS)), doubt_pages),
    "tell_bill": (("billing.bill_issued",), telling.tell_bill),
    "tell_revision": (("billing.account_revised",), telling.tell_revision),
    "tell_payment": (("payments.payment_accepted",), telling.tell_payment),
    "tell_reading": (
        ("metering.reading_accepted", "metering.reading_held", "metering.reading_refused"),
        telling.tell_reading,
    ),
    "warn_of_access": (("accounts.access_granted", "accounts.access_revoked"), telling.warn_of_access),
    "index_loaded": (indexing.LOADS, indexing.index_loaded),
    "index_account": (
        (
            "accounts.account_opened",
            "accounts.agreement_made",
            "accounts.agreement_ended",
            "accounts.agreement_reopened",
            "accounts.opening_withdrawn",
        ),
        indexing.index_account,
    ),
    "index_customer": (
        (
            "customers.customer_renamed",
            "customers.contact_added",
            "customers.contact_ended",
            "customers.contact_resumed",
        ),
        indexing.index_customer,
    ),
    "tell_case_registered": (("cases.case_registered",), appeals.tell_registered),
    "tell_stage": (("cases.application_moved",), appeals.tell_stage),
    "send_case_letter": (("cases.letter_written",), appeals.send_letter),
    "take_in_work_on_portal": (
        ("cases.case_taken", "cases.case_assigned", "cases.case_handed_over"),
        gis_appeals.tell_in_work,
    ),
    "answer_on_portal": (("cases.letter_written",), gis_appeals.send_answer),
    "extend_on_portal": (("cases.clock_extended",), gis_appeals.tell_extended),
    "ask_the_grid": (("cases.grid_asked", "cases.grid_is_silent"), appeals.remind_grid),
    "tell_of_term": (("cases.term_is_near", "cases.term_passed"), escalating.tell_of_term),
    "tell_booked": (("visits.booking_made",), booking.tell_booked),
    "tell_moved": (("visits.booking_moved",), booking.tell_moved),
    "tell_cancelled": (("visits.booking_cancelled",), booking.tell_cancelled),
    "check_bookings": (
        ("offices.hours_changed", "visits.service_closed", "visits.service_reopened"),
        booking.check_bookings,
    ),
    "tell_displaced": (("visits.booking_displaced",), booking.tell_displaced),
    "tell_stands": (("visits.booking_stands",), booking.tell_stands),
    "ask_of_visit": (("visits.ticket_finished",), visit_asking.ask_of_visit),
    "ask_no_more_of_visit": (("visits.visit_rated",), visit_asking.ask_no_more),
    "tell_outage": (
        ("supply.ongoing_told", "supply.ongoing_ended", "supply.ongoing_withdrawn"),
        outage_news.tell_news,
    ),
    "tell_reply": (("cases.letter_written",), telling.tell_reply),
    "warn_of_contact": (("customers.contact_added", "customers.contact_ended"), telling.warn_of_contact),
}

SIEVES: dict[str, delivery.Sieve] = {
    "tell_bill": telling.who_is_told(Subject.BILL),
    "tell_revision": telling.who_is_told(Subject.BILL),
    "tell_payment": telling.who_is_told(Subject.PAYMENT),
    "tell_reading": telling.who_is_told(Subject.READING),
}
"""Facts that come by the million, most of which concern nobody."""


def deliver_facts(*, at: datetime) -> int:
    """Hand all waiting facts to their reactions; return how many were seen."""
    seen = 0
    for reaction, (names, handler) in REACTIONS.items():
        sieve = SIEVES.get(reaction)
        while count := delivery.deliver(reaction, names=names, handler=handler, at=at, sieve=sieve):
            seen += count
        delivery.retry_failed(reaction, handler=handler, at=at)
    return seen
