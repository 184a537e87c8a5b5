"""Where to pay near an address: offices with a cash desk, the nearest first, and what the switchboard says of them."""

import re
import time

import pytest

from svet.domains.offices import actions as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.payments import actions as payments
from svet.domains.payments.rules import SourceKind
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.domains.visits.rules import DeviceKind
from svet.flows import cash_desks
from svet.kernel.period import Period
from svet.surfaces.web.channels import ways_apart
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/payment-places/"


@pytest.fixture
def desks(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    for code, office in (("one", "vladimir-mira-61a"), ("two", "suzdal-krasnaya-10")):
        payments.open_till(code, name="Касса", office_code=office, at=cast.NOW)


def shown(client, place=""):
    page = client.get(PAGE, {"place": place}).content.decode()
    return re.findall(r'<p><a href="/offices/([a-z0-9-]+)/"', page), page


def test_only_offices_with_a_cash_desk_are_shown_the_nearest_first(client, desks):
    assert shown(client)[0] == ["vladimir-mira-61a", "suzdal-krasnaya-10"]
    assert shown(client, "Суздаль")[0][0] == "suzdal-krasnaya-10"
    for nowhere in ("<b>\x00", "Нигдеево"):
        found, page = shown(client, nowhere)
        assert (found, "показываем все" in page) == (["vladimir-mira-61a", "suzdal-krasnaya-10"], True)


def named():
    return "office" in {one["code"] for one in ways_apart(Deed.PAYMENT)["ways"]}


def test_a_closed_desk_is_not_shown_and_none_at_all_is_said(client, desks):
    assert named()
    for code, office in (("one", "vladimir-mira-61a"), ("two", "suzdal-krasnaya-10")):
        payments.open_till(code, name="Касса", office_code=office, at=cast.NOW, active=False)

    found, page = shown(client)

    assert (found, "Касс у нас сейчас нет" in page) == ([], True)
    assert not named(), "nor is it among the ways of paying"


def test_desks_that_are_turned_off_say_where_to_go(client, desks):
    turn = {"redirect": "Платите в банке", "reason": "нет связи", "from_at": None, "by": 1, "at": cast.NOW}
    offices.turn_channel(Way.OFFICE, Deed.PAYMENT, is_on=False, **turn)

    assert "Платите в банке" in shown(client)[1]
    assert "оплатить без входа" in shown(client)[1]
    offices.turn_channel(Way.SITE, Deed.PAYMENT, is_on=False, **turn)
    assert "оплатить без входа" not in shown(client)[1]


def test_places_of_others_are_entered_by_the_keeper_and_shown_the_nearest_first(client, desks):
    keeper = signed_in(
        cast.employee(next(one for one in cast.names.STAFF if one.role == "administrator")).user_id, proved=True
    )
    for company, town, until in (
        ("Банк «Заря»", "Суздаль", ""),
        ("Почта", "Муром", ""),
        ("Почта", "Ковров", "2026-01-01"),
    ):
        place = {"company": company, "settlement": town, "street_address": "ул. Ленина, 1", "hours": "пн–пт 9:00–18:00"}
        more = {"fee": "1 %", "valid_0": "2025-01-01", "valid_1": until, "source": "договор", "reason": "Письмо банка"}
        assert keeper.post("/desk/reference/offices/paymentplace/add/", place | more).status_code == 302

    page = shown(client)[1]
    assert "Ковров, ул. Ленина" not in page
    assert page.index("Почта, Муром, ул. Ленина, 1") < page.index("Банк «Заря», Суздаль, ул. Ленина, 1")
    assert "пн–пт 9:00–18:00, комиссия: 1 %" in page
    near = shown(client, "Суздаль")[1]
    assert "Банк «Заря»" in near
    assert "Муром" not in near
    further = shown(client, "Боголюбово")[1]
    assert further.index("Суздаль") < further.index("Муром")


def test_who_else_takes_payments_is_named_while_he_does(client, desks):
    terms = {"name": "Банк «Заря»", "kind": SourceKind.TERMINAL, "at": cast.NOW}
    payments.open_source("zarya", **terms)
    assert "Банк «Заря»" in shown(client)[1]

    payments.open_source("zarya", active=False, **terms)

    assert "Банк «Заря»" not in shown(client)[1]


WITHOUT, WITH = "vladimir-chaykovskogo-38d", "vladimir-mira-61a"
TITLE = "Оплата в кассе"


@pytest.fixture
def halls(desks):
    """A kiosk in an office with a cash desk and in one without."""
    reference.load(visits, at=cast.moment(cast.LONG_AGO))
    kiosks = {}
    for office in (WITH, WITHOUT):
        visits.make_window(office, 1, at=cast.NOW)
        kiosks[office] = f"/hall/kiosk/{visits.make_device(office, DeviceKind.KIOSK, name='у входа', at=cast.NOW)}/"
    return kiosks


def ticket(client, kiosk, key="a" * 32):
    form = {"request_key": key, "audience": "individuals"}
    return client.post(f"{kiosk}payments/", form)


def test_a_kiosk_offers_the_cash_desk_where_the_site_says_that_one_is(client, halls):
    for office, kiosk in halls.items():
        is_there = office in shown(client)[0]
        assert (TITLE in client.get(kiosk).content.decode()) == is_there == (office == WITH)
        assert ("/ticket/" in ticket(client, kiosk).url) == is_there
        assert (cash_desks.service_of(office, at=cast.NOW) is not None) == is_there


def test_a_desk_that_is_closed_says_why_at_the_kiosk_and_on_the_site(client, halls):
    first = ticket(client, halls[WITH])
    offices.turn_channel(
        Way.OFFICE,
        Deed.PAYMENT,
        is_on=False,
        redirect="Платите в банке.",
        reason="нет",
        from_at=None,
        by=1,
        at=cast.NOW,
    )
    assert "Сейчас не оказываем: Платите в банке." in client.get(halls[WITH]).content.decode()
    refused = ticket(client, halls[WITH], key="b" * 32)
    assert (refused.status_code, "не оказывает: Платите в банке.<" in refused.content.decode()) == (422, True)
    # A ticket asked for again by a kiosk that lost the network is the one that was given.
    assert ticket(client, halls[WITH]).url == first.url
    assert cash_desks.service_of(WITH, at=cast.NOW) is None
    offices.turn_channel(
        Way.OFFICE, Deed.PAYMENT, is_on=True, redirect="", reason="есть", from_at=None, by=1, at=cast.NOW
    )

    visits.close_service(WITH, "payments", days=Period(cast.NOW.date(), None), why="ремонт кассы", at=cast.NOW)

    assert "Сегодня закрыта: ремонт кассы" in shown(client)[1]
    assert "Сейчас не оказываем: ремонт кассы" in client.get(halls[WITH]).content.decode()
