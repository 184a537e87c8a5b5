"""A way turned off at the desk says where to go instead at once, wherever people look; turned on, it works at once."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import expect

from svet.domains.content import actions as content
from svet.domains.visits import actions as visits
from svet.domains.visits.rules import DeviceKind
from svet.infra import clock
from tests import cast, reference
from tests.browser.conftest import PHONE, come_back, photograph, scrolls_sideways
from tests.browser.halls import OFFICE

GO = "Позвоните на горячую линию или придите в офис"


def test_a_way_turned_off_at_the_desk_leads_elsewhere_everywhere_at_once(visit, people):
    reference.load(content, at=cast.NOW)
    reference.load(visits, at=cast.moment(cast.LONG_AGO))
    terminal = visits.make_device(OFFICE, DeviceKind.TERMINAL, name="у кассы", at=clock.now())
    anna = people.anna
    stranger, hall, customer = visit("/info/readings/", viewport=PHONE), visit("/"), visit("/", viewport=PHONE)
    hall.goto(reverse("hall:terminal", kwargs={"device": terminal}))
    come_back(customer, anna.number)
    own = reverse("cabinet:give_reading", args=[anna.number])
    expect(stranger.get_by_text(GO)).to_have_count(0)
    places = (
        (stranger, "/info/readings/"),
        (stranger, "/readings/give/"),
        (stranger, "/readings/sms/"),
        (stranger, "/appeals/new/"),
        (stranger, "/status/"),
        (hall, reverse("hall:terminal", kwargs={"device": terminal})),
        (customer, own),
    )

    desk = visit("/sign-in/")
    who = people.staff["supervisor"]
    come_back(desk, who.username)
    turned = (
        "Передать показания на сайте",
        "Передать показания по СМС",
        "Передать показания в терминале офиса",
        "Передать показания в личном кабинете",
        "Обратиться на сайте",
    )
    for name in turned:
        turn(desk, name, "Отключить")
    desk.goto("/desk/channels/")
    photograph(desk, "channels/desk")

    for number, (page, path) in enumerate(places):
        page.goto(path)
        photograph(page, f"channels/off-{number}")
        expect(page.get_by_text(re.compile(GO)).first).to_be_visible()
        assert not scrolls_sideways(page), path

    for name in turned:
        turn(desk, name, "Включить")
    for page, path in places:
        page.goto(path)
        expect(page.get_by_text(re.compile(GO))).to_have_count(0)


def turn(desk, name: str, deed: str) -> None:
    """Turn a way by the form of the desk, as a supervisor does."""
    desk.goto("/desk/channels/")
    desk.get_by_role("link", name=re.compile(f"{deed} ?: {name}")).click()
    if deed == "Отключить":
        desk.get_by_label("Что прочтут люди").fill(GO)
        photograph(desk, "channels/form")
    desk.get_by_label("Причина").fill("Учебная тревога")
    desk.get_by_role("button", name=deed, exact=True).click()
    expect(desk.get_by_text("Записано: изменение увидят везде.")).to_be_visible()
