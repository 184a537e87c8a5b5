"""The door of a channel: a page that gives readings, takes money or appeals is closed while its channel is off (M5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse

from svet.domains.metering.rules import Channel
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.channels import Deed, Way, WayState
from svet.domains.payments import queries as payments
from svet.domains.visits import queries as visits
from svet.domains.visits.rules import DeviceKind
from svet.infra import clock

View = Callable[..., HttpResponse]

READING_WAYS: dict[Channel, Way] = {
    Channel.WEBSITE: Way.SITE,
    Channel.CABINET: Way.CABINET,
    Channel.PHONE: Way.PHONE,
    Channel.DESK: Way.OFFICE,
}
"""By which way of the switchboard a reading comes that somebody types on a page."""

NAMES: dict[Way, str] = {
    Way.SITE: "на сайте",
    Way.CABINET: "в личном кабинете",
    Way.SMS: "по СМС",
    Way.EMAIL: "по электронной почте",
    Way.PHONE: "по телефону",
    Way.OFFICE: "в офисе",
    Way.TERMINAL: "в терминале офиса",
}
DEEDS: dict[Deed, str] = {
    Deed.READINGS: "Передать показания",
    Deed.PAYMENT: "Оплатить",
    Deed.APPEALS: "Обратиться",
}


def served(way: Way, deed: Deed) -> Callable[[View], View]:
    """Return the decorator of a page by which something is done: while its way is off the visitor reads where to go."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            offices.check_channel(way, deed, at=clock.now())
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def told(state: WayState) -> str:
    """Return what people read of a way that is off: «На сайте сейчас не работает. Позвоните нам».

    >>> told(WayState(Way.SITE, Deed.PAYMENT, False, "Платите в офисе"))
    'На сайте сейчас не работает. Платите в офисе'
    """
    name = NAMES[state.way]
    return f"{name[:1].upper()}{name[1:]} сейчас не работает. {state.redirect}"


def way_rows(deed: Deed | None = None) -> list[dict[str, Any]]:
    """Return every way (of one deed) for a page: its name, whether it is on now, what is told when it is off.

    A page that leads people to the ways of a deed leaves terminals and cash desks out while no office has one.
    """
    absent = set() if deed is None else _absent(deed)
    return [
        {
            "code": one.way.value,
            "deed": DEEDS[one.deed],
            "name": NAMES[one.way],
            "told": "" if one.is_on else one.redirect,
            "state": one,
        }
        for one in offices.way_states(at=clock.now(), deed=deed)
        if one.way not in absent
    ]


def _absent(deed: Deed) -> set[Way]:
    """Return the ways that no office has for a deed, on or off."""
    absent = set() if visits.stands_anywhere(DeviceKind.TERMINAL) else {Way.TERMINAL}
    return absent | {Way.OFFICE} if deed is Deed.PAYMENT and not payments.offices_with_a_till() else absent


def off_on_the_site() -> dict[str, str]:
    """Return what cannot be done on the site now, by the deed's value, with the advice what to do instead."""
    return {one.deed.value: one.redirect for one in offices.turned_off(at=clock.now()) if one.way is Way.SITE}


def ways_apart(deed: Deed) -> dict[str, Any]:
    """Return the ways of a deed that work (`ways`), and those that do not (`off`): told once for the same advice.

    People read first what they can do; a way that is off is named beside others with the same advice.
    """
    rows = way_rows(deed)
    off = sorted((one for one in rows if one["told"]), key=lambda one: one["told"])
    return {
        "ways": [one for one in rows if not one["told"]],
        "off": [
            {"names": [one["name"] for one in same], "told": advice}
            for advice, same in groupby(off, key=lambda one: one["told"])
        ],
    }
