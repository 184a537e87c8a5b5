"""A hall with a window, a kiosk, a board and visitors, for the tests in the browser."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from playwright.sync_api import Page, expect

from svet.domains.offices.rules import Audience
from svet.domains.visits import actions as visits
from svet.domains.visits.actions import Booked, Wanted
from svet.domains.visits.models import Ticket
from svet.domains.visits.rules import DeviceKind
from svet.flows import booking
from svet.infra import clock
from tests import cast, reference

OFFICE = "vladimir-mira-61a"
TOUCH = {"width": 1080, "height": 1280}


@dataclass(frozen=True)
class Hall:
    """The secrets of the devices, a window, and what a visitor holds."""

    kiosk: str
    board: str
    terminal: str
    tablet: str
    window_id: int
    ticket_id: int
    ticket_code: str
    booking: str


def a_hall() -> Hall:
    """Open the hall of an office: a waiting visitor, one out of turn, one who booked."""
    at = clock.now()
    reference.load(visits, at=cast.moment(cast.LONG_AGO))
    window_id = visits.make_window(OFFICE, 1, at=at)
    visits.make_window(OFFICE, 2, at=at)
    kiosk = visits.make_device(OFFICE, DeviceKind.KIOSK, name="у входа", at=at)
    board = visits.make_device(OFFICE, DeviceKind.BOARD, name="над окнами", at=at)
    terminal = visits.make_device(OFFICE, DeviceKind.TERMINAL, name="у кассы", at=at)
    tablet = visits.make_device(OFFICE, DeviceKind.TABLET, name="у окна", at=at, window=1)
    first = a_ticket("charges")
    a_ticket("contract", privilege="disability")
    starts_at = (at + timedelta(days=1)).replace(hour=9, minute=20, second=0, microsecond=0)
    booked = Booked(
        OFFICE,
        "charges",
        Audience.INDIVIDUALS,
        starts_at,
        uuid.uuid4().hex,
        "Анна Павловна",
        email="anna@example.org",
    )
    made = visits.book(booked, at=at)
    return Hall(kiosk, board, terminal, tablet, window_id, first.ticket_id, first.follow_code, booking.address_of(made))


def a_ticket(series: str, **more):
    return visits.issue(Wanted(OFFICE, series, Audience.INDIVIDUALS, uuid.uuid4().hex, **more), at=clock.now())


def kiosk_of(hall: Hall) -> str:
    return reverse("hall:kiosk", kwargs={"device": hall.kiosk})


def press(page: Page, digits: str) -> None:
    for digit in digits:
        page.get_by_role("button", name={",": "Запятая", "-": "Чёрточка"}.get(digit, digit), exact=True).click()
    page.get_by_role("button", name="Дальше", exact=True).click()
    expect(page.locator("[data-sending]")).to_have_count(0)


def served(operator_id: int) -> Ticket:
    """Serve whoever is next and return his ticket."""
    called = visits.call_next(operator_id, at=clock.now())
    visits.begin(operator_id, contact_id=None, at=clock.now())
    visits.finish(operator_id, at=clock.now())
    return Ticket.objects.get(pk=called.ticket_id)
