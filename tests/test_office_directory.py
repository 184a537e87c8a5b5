"""The directory of offices on the site: state now, search, filters, the nearest, one office, JSON, calendar, markup."""

import json
import re
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from svet.domains.access import actions as access
from svet.domains.offices import actions, queries
from svet.domains.offices.models import Office
from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.opening import Exceptional
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.domains.visits.actions import Wanted
from svet.infra import clock
from svet.infra.clock import MOSCOW

pytestmark = pytest.mark.django_db
LIST = "/offices/"


@pytest.fixture
def at(monkeypatch):
    """Bring the offices and set the clock."""

    def go(*moment: int) -> None:
        now = datetime(*moment, tzinfo=MOSCOW)
        monkeypatch.setattr(clock, "now", lambda: now)

    go(2026, 11, 18, 10, 30)
    tariffs.load_reference(at=clock.now())
    actions.load_reference(at=clock.now())
    return go


def codes(page) -> list[str]:
    return re.findall(r'<section class="card" id="([a-z0-9-]+)"', page.content.decode())


def test_the_list_reads_offices_and_their_hours_once(client, at):
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)

    for table in ("offices_office", "offices_hours"):
        assert len([one for one in asked if f'FROM "{table}"' in one["sql"]]) == 1, table


def test_the_list_says_what_is_open_for_whom_and_finds_by_street_settlement_place_and_equipment(client, at):
    everything = client.get(LIST)
    assert len(codes(everything)) == 20
    assert "открыто до 18:00" in everything.content.decode()

    assert codes(client.get(LIST, {"text": "ул. Мира"})) == ["vladimir-mira-61a"]
    near_pokrov = client.get(LIST, {"text": "  г. ПОКРОВ, ул. Ленина, 5 "})
    assert codes(near_pokrov)[0] == "gorodischi-sovetskaya-32"
    assert "начиная с ближайшего к населённому пункту Покров" in near_pokrov.content.decode()
    assert codes(client.get(LIST, {"near": "56.42,40.45"}))[0] == "suzdal-krasnaya-10"
    assert "yurev-polskiy-shibankova-54a" not in codes(client.get(LIST, {"audience": "individuals"}))

    assert codes(client.get(LIST, {"feature": "ramp"})) == []
    Office.objects.filter(code="suzdal-krasnaya-10").update(ramp="yes")
    Office.objects.filter(code="vladimir-mira-61a").update(ramp="no")
    assert codes(client.get(LIST, {"feature": ["ramp"]})) == ["suzdal-krasnaya-10"]

    at(2026, 11, 21, 14, 59)  # Saturday
    assert codes(client.get(LIST, {"open_now": "on"})) == ["vladimir-mira-61a"]
    assert "закрыто, откроется в понедельник в 8:30" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"text": "Атлантида"}, 200),
        ({"text": "' OR 1=1 --"}, 200),
        ({"text": "🙂" * 50}, 200),
        ({"text": "а" * 201}, 422),
        ({"near": "91.00,40.00"}, 422),
        ({"near": "nan,nan"}, 422),
        ({"near": "56.1,40.2,1"}, 422),
        ({"audience": "martians"}, 422),
        ({"feature": "sauna"}, 422),
    ],
)
def test_an_odd_question_never_breaks_the_list(client, at, asked, status):
    page = client.get(LIST, asked)

    assert page.status_code == status
    assert "<script>" not in page.content.decode()


def test_the_page_of_an_office_tells_what_differs_to_people_and_to_machines(client, at):
    office = queries.office("suzdal-krasnaya-10")
    day = date(2026, 11, 20)
    actions.add_exception(
        Exceptional(day, day, "ремонт </script><b>", office_id=office.office_id), by=1, at=clock.now()
    )
    address = reverse("website:office", kwargs={"code": office.code})

    page = client.get(address).content.decode()
    assert "ремонт &lt;/script&gt;" in page
    assert "31.12" in page  # a moved day off
    assert page.count("уточняется") == 6
    told = json.loads(re.search(r'ld\+json"[^>]*>(.*?)</script>', page, re.S).group(1))
    assert told["@type"] == "LocalBusiness"
    assert "geo" not in told  # the coordinate is the town's, not the building's
    special = {one["validFrom"]: (one["opens"], one["closes"]) for one in told["specialOpeningHoursSpecification"]}
    assert special["2026-11-20"] == ("00:00", "00:00")

    calendar = Calendar.from_ical(client.get(f"{address}hours.ics").content)
    starts = {event.start.astimezone(MOSCOW) for event in calendar.walk("VEVENT")}
    assert datetime(2026, 11, 19, 8, tzinfo=MOSCOW) in starts
    assert not [start for start in starts if start.date() == day]
    assert len({str(event["uid"]) for event in calendar.walk("VEVENT")}) == len(calendar.walk("VEVENT"))

    offices = client.get("/offices/offices.json").json()["offices"]
    assert len(offices) == 20
    suzdal = next(one for one in offices if one["code"] == office.code)
    assert suzdal["place"]["precision"] == "settlement"
    assert suzdal["equipment"]["ramp"] == "unknown"
    assert suzdal["now"]["individuals"]["is_open"] is True

    assert client.get("/offices/nowhere/").status_code == 404
    assert client.get("/offices/nowhere/hours.ics").status_code == 404


def test_an_office_with_a_queue_says_how_long_one_waits_now_and_leads_to_booking(client, at):
    code = "vladimir-mira-61a"
    page = reverse("website:office", args=[code])
    assert "Очередь" not in client.get(page).content.decode()
    visits.load_reference(at=clock.now())
    window = visits.make_window(code, 1, at=clock.now())
    assert "Сейчас окна не работают" in client.get(page).content.decode()
    operator = access.create_user("window", password="long enough 12", at=clock.now(), roles=["operator"])
    visits.sit_down(window, operator_id=operator, services=["readings"], at=clock.now())
    for place in range(3):
        visits.issue(Wanted(code, "readings", Audience.INDIVIDUALS, f"{place:032x}"), at=clock.now())

    told = client.get(page).content.decode()
    assert "Сейчас в очереди: 3" in told
    assert re.search(r"Показания и счётчик</dt><dd[^>]*>15\xa0мин", told)
    assert "Договор и собственник" not in told
    steps = re.search(rf'href="({reverse("website:book")}\?office={code})"', told)[1]
    assert "С каким вопросом вы придёте?" in client.get(steps).content.decode()
    assert "Какой офис вам удобен?" in client.get(f"{reverse('website:book')}?office=nowhere").content.decode()


def test_without_offices_the_list_says_so(client):
    assert "ещё не внесён" in client.get(LIST).content.decode()
