"""Where to pay near an address: offices with a cash desk, the nearest first, and what the switchboard says of them."""

import re
import time

import pytest

from svet.domains.offices import actions as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.payments import actions as payments
from svet.domains.tariffs import actions as tariffs
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/payment-places/"


@pytest.fixture
def desks(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    tariffs.load_reference(at=cast.moment(cast.LONG_AGO))
    offices.load_reference(at=cast.moment(cast.LONG_AGO))
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


def test_a_closed_desk_is_not_shown_and_none_at_all_is_said(client, desks):
    for code, office in (("one", "vladimir-mira-61a"), ("two", "suzdal-krasnaya-10")):
        payments.open_till(code, name="Касса", office_code=office, at=cast.NOW, active=False)

    found, page = shown(client)

    assert (found, "Касс у нас сейчас нет" in page) == ([], True)


def test_desks_that_are_turned_off_say_where_to_go(client, desks):
    turn = {"redirect": "Платите в банке", "reason": "нет связи", "from_at": None, "by": 1, "at": cast.NOW}
    offices.turn_channel(Way.OFFICE, Deed.PAYMENT, is_on=False, **turn)

    assert "Платите в банке" in shown(client)[1]
