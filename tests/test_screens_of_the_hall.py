"""Screens of the hall ask every second: who has the version gets 304, compressed or not, until the hall moves on."""

import time
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.offices import actions as offices
from svet.domains.offices.rules import Audience
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.domains.visits.actions import Wanted
from svet.domains.visits.models import VisitRating
from svet.domains.visits.rules import DeviceKind
from tests import cast, reference

OFFICE = "vladimir-mira-61a"


@pytest.fixture
def operator(db, monkeypatch) -> int:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, visits):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    operator_id = cast.assemble().staff["operator"].user_id
    visits.sit_down(visits.make_window(OFFICE, 1, at=cast.NOW), operator_id=operator_id, at=cast.NOW)
    return operator_id


def a_ticket():
    return visits.issue(Wanted(OFFICE, "charges", Audience.INDIVIDUALS, uuid.uuid4().hex), at=cast.NOW)


def served(operator):
    ticket = visits.call_next(operator, at=cast.NOW)
    visits.begin(operator, contact_id=None, at=cast.NOW)
    visits.finish(operator, at=cast.NOW)
    return ticket


@pytest.mark.parametrize("encoding", ["", "gzip"])
@pytest.mark.parametrize("kind", [DeviceKind.BOARD, DeviceKind.TABLET])
def test_a_screen_that_has_the_version_gets_304(operator, kind, encoding):
    secret = visits.make_device(OFFICE, kind, name="экран", window=1, at=cast.NOW)
    page, browser = reverse(f"hall:{kind}_now", args=[secret]), Client(headers={"Accept-Encoding": encoding})
    for _ in range(3):
        a_ticket()
    served(operator)
    first = browser.get(page)
    assert first.headers.get("Content-Encoding", "") == encoding
    assert browser.get(page, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    served(operator)
    assert browser.get(page, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_tap_is_kept_once_and_a_strange_one_never(operator):
    secret = visits.make_device(OFFICE, DeviceKind.TABLET, name="у окна", window=1, at=cast.NOW)
    page, waiting = reverse("hall:tablet", args=[secret]), [a_ticket(), a_ticket()]
    done = served(operator)
    for given in ({}, {"ticket": "x", "score": "5"}, {"ticket": str(10**30), "score": "5"}):
        assert Client().post(page, given).headers["Location"].endswith("?late")
    strange = {"ticket": str(waiting[1].ticket_id), "score": "5"}
    assert Client().post(page, strange).headers["Location"].endswith("?late")
    for score in ("0", "6", "-1", "5"):
        Client().post(page, {"ticket": str(done.ticket_id), "score": score})
    assert Client().post(page, {"ticket": str(done.ticket_id), "score": "1"}).headers["Location"].endswith("?thanks")
    assert [(one.ticket_id, one.score) for one in VisitRating.objects.all()] == [(done.ticket_id, 5)]
    assert Client().get(reverse("hall:tablet", args=["forged"])).status_code == 404
