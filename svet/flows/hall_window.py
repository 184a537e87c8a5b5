"""An operator's window and the supervisor's hall: the queue together with the contact of the desk (O4, O5, G3).

A visit is a contact by the way "visit": it begins when the visitor comes to the window and ends with its subject and
result, both in one transaction with the ticket.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from svet.domains.access import queries as access
from svet.domains.cases import actions as contacts
from svet.domains.cases import queries as cases
from svet.domains.cases.queries import CaseOfContact, ContactRow, Entry
from svet.domains.cases.rules.contacts import ContactChannel, Settled, Subject
from svet.domains.content import queries as content
from svet.domains.content.queries import KnowledgeCard
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import OfficeView
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.queries import (
    Accuracy,
    BookingView,
    ClosingView,
    DeviceView,
    DutyView,
    RatingView,
    SeriesView,
    TicketStepView,
    TicketView,
    WindowView,
)
from svet.domains.visits.rules import State
from svet.flows.phone_desk import Caller, caller
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict

FEW = 3


@dataclass(frozen=True, slots=True)
class InLine:
    """How many wait for a service, and since when the first of them."""

    title: str
    waiting: int
    since: datetime


@dataclass(frozen=True, slots=True)
class WindowPage:
    """What an operator sees at his window. No duty: the windows that are free to sit down at.

    `articles`: of the knowledge base, about what the visitor came for.
    """

    office: OfficeView | None
    duty: DutyView | None
    free: tuple[WindowView, ...]
    services: tuple[SeriesView, ...]
    ticket: TicketView | None
    story: tuple[TicketStepView, ...]
    in_line: tuple[InLine, ...]
    held: tuple[TicketView, ...]
    missed: tuple[TicketView, ...]
    others: tuple[int, ...]
    articles: tuple[KnowledgeCard, ...] = ()


@dataclass(frozen=True, slots=True)
class HallPage:
    """A supervisor's view of one office: who waits, the windows, services, devices, bookings of the day."""

    office: OfficeView
    line: tuple[TicketView, ...]
    late: frozenset[int]
    windows: tuple[WindowView, ...]
    at_windows: dict[int, TicketView]
    services: tuple[SeriesView, ...]
    closings: tuple[ClosingView, ...]
    devices: tuple[DeviceView, ...]
    bookings: tuple[BookingView, ...]
    accuracy: Accuracy
    target_minutes: int


@dataclass(frozen=True, slots=True)
class ContactOfVisit:
    """A contact of a visit: its window, and the cases of its matter."""

    contact: ContactRow
    window: int | None
    cases: tuple[CaseOfContact, ...]


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A visit: its ticket with the story, its contacts, what the visitor said of it."""

    ticket: TicketView
    story: tuple[TicketStepView, ...]
    office: OfficeView
    contacts: tuple[ContactOfVisit, ...]
    rating: RatingView | None


def window_page(user_id: int, *, at: datetime, office_code: str = "") -> WindowPage:
    """Return the operator's window, or the windows of his (or the named) office to sit down at."""
    duty = queries.duty_of(user_id)
    code = duty.office_code if duty else office_code or access.office_of(user_id)
    if not code:
        return WindowPage(None, None, (), (), None, (), (), (), (), ())
    line = queries.hall_line(code, day=at.astimezone(MOSCOW).date())
    windows = queries.windows(code)
    ticket = queries.ticket_of_duty(duty.duty_id) if duty else None
    return WindowPage(
        office=offices.office(code),
        duty=duty,
        free=tuple(one for one in windows if one.operator_id is None),
        services=tuple(queries.services_of(code)),
        ticket=ticket,
        story=tuple(queries.story(ticket.ticket_id)) if ticket else (),
        in_line=_in_line(line, duty),
        held=tuple(one for one in line if one.state == State.HELD),
        missed=tuple(queries.missed(code, at=at)),
        others=tuple(one.number for one in windows if one.operator_id not in {None, user_id}),
        articles=tuple(content.knowledge_about([ticket.subject], limit=FEW)) if ticket else (),
    )


def customer_at_window(
    number: str, *, held: Entry | None, user_id: int, roles: Iterable[str], at: datetime
) -> Caller | None:
    """Return what the window knows of the identified visitor, recording the look; None until he is identified."""
    if held is None:
        return None
    return caller(number, held=held, user_id=user_id, roles=roles, at=at, page="desk:window")


def begin_visit(user_id: int, *, at: datetime) -> int:
    """The visitor came to the window: his contact begins; return its id.

    Raises Conflict("not_at_a_window"), Conflict("nobody_is_called"), Conflict("contact_is_running").
    """
    with transaction.atomic():
        duty = queries.duty_of(user_id)
        if duty is None:
            raise Conflict("not_at_a_window")
        contact_id = contacts.begin_contact(user_id, channel=ContactChannel.VISIT, at=at, office_code=duty.office_code)
        visits.begin(user_id, contact_id=contact_id, at=at)
    return contact_id


def finish_visit(user_id: int, *, subjects: Iterable[Subject], settled: Settled, note: str, at: datetime) -> TicketView:
    """End the visit and its contact with what it was about; a contact that ended otherwise stays as it ended.

    Raises Conflict("nobody_is_served"), DomainError("subject_is_needed").
    """
    with transaction.atomic():
        _end_contact(user_id, _served(user_id), subjects=subjects, settled=settled, note=note, at=at)
        return visits.finish(user_id, at=at)


def hold_visit(user_id: int, *, at: datetime) -> None:
    """Let the visitor fill in a form: the window is free, his contact ends as promised. Raises as `finish_visit`."""
    with transaction.atomic():
        ticket = _served(user_id)
        subjects = [Subject(ticket.subject)]
        _end_contact(user_id, ticket, subjects=subjects, settled=Settled.PROMISED, note="заполняет бланк", at=at)
        visits.hold(user_id, at=at)


def transfer_visit(user_id: int, *, series: str, window: int | None, note: str, at: datetime) -> None:
    """Send the visitor on; his contact here ends unsettled. Raises as `visits.actions.transfer`."""
    with transaction.atomic():
        ticket = _served(user_id)
        _end_contact(user_id, ticket, subjects=[Subject(ticket.subject)], settled=Settled.NO, note=note, at=at)
        visits.transfer(user_id, series=series, window=window, note=note, at=at)


def hall_page(office_code: str, *, at: datetime) -> HallPage:
    """Return the hall of an office; raise NotFound("no_such_office")."""
    day = at.astimezone(MOSCOW).date()
    line = queries.hall_line(office_code, day=day)
    target = queries.rules_on(day).target
    return HallPage(
        office=offices.office(office_code),
        line=tuple(one for one in line if one.state in {State.WAITING, State.HELD}),
        late=frozenset(one.ticket_id for one in line if one.state == State.WAITING and at - one.counts_from > target),
        windows=tuple(queries.windows(office_code)),
        at_windows={one.window_id: one for one in line if one.window_id and one.state in {State.CALLED, State.SERVING}},
        services=tuple(queries.services_of(office_code, on=day)),
        closings=tuple(queries.closings_of(office_code, since=day)),
        devices=tuple(queries.devices(office_code)),
        bookings=tuple(queries.bookings_on(office_code, day=day)),
        accuracy=queries.accuracy(office_code),
        target_minutes=round(target.total_seconds() / 60),
    )


def visit_page(office_code: str, ticket_id: int, *, user_id: int) -> VisitPage:
    """Return a visit with its contacts and their cases, as far as the asker may see them; raise NotFound."""
    ticket = queries.ticket(ticket_id, office_code=office_code)
    ids = queries.contacts_of_ticket(ticket_id)
    joined = cases.cases_of_contacts(ids, user_id=user_id) if ids else {}
    tickets = queries.visits_of_contacts(ids)
    return VisitPage(
        ticket=ticket,
        story=tuple(queries.story(ticket_id)),
        office=offices.office(office_code),
        contacts=tuple(
            ContactOfVisit(one, tickets[one.contact_id].window, joined.get(one.contact_id, ()))
            for one in (cases.contacts_by_id(ids) if ids else ())
        ),
        rating=queries.rating_of(ticket_id),
    )


def _in_line(line: Iterable[TicketView], duty: DutyView | None) -> tuple[InLine, ...]:
    """Return who waits for the window by service; of a person at no window, for all."""
    waiting: dict[str, list[TicketView]] = {}
    for one in line:
        if one.state == State.WAITING and (duty is None or one.series in duty.series):
            waiting.setdefault(one.title, []).append(one)
    return tuple(InLine(title, len(those), min(t.counts_from for t in those)) for title, those in waiting.items())


def _served(user_id: int) -> TicketView:
    """Return who is served at the operator's window; raise Conflict("nobody_is_served")."""
    duty = queries.duty_of(user_id)
    ticket = queries.ticket_of_duty(duty.duty_id) if duty else None
    if ticket is None or ticket.state != State.SERVING:
        raise Conflict("nobody_is_served")
    return ticket


def _end_contact(
    user_id: int, ticket: TicketView, *, subjects: Iterable[Subject], settled: Settled, note: str, at: datetime
) -> None:
    """End the contact of the visit; one that ended otherwise stays as it ended."""
    running = cases.running(user_id)
    if running is not None and running.contact_id == ticket.contact_id:
        contacts.end_contact(
            running.contact_id, operator_id=user_id, subjects=subjects, settled=settled, note=note, at=at
        )
