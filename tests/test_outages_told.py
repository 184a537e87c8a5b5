"""Interruptions that go on: who hears from callers keeps them, customers hear by the way they chose, two never meet."""

import html
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind, Subject, Way
from svet.domains.notifications import actions as notifications
from svet.domains.notifications import queries as messages
from svet.domains.notifications.models import Message
from svet.domains.supply import queries as places
from svet.domains.supply.rules import Cause, InterruptionKind
from svet.domains.tariffs import actions as tariffs
from svet.flows import outages
from svet.flows.outages import Asked
from svet.flows.reactions import deliver_facts
from svet.infra.clock import MOSCOW
from svet.kernel.errors import DomainError
from svet.surfaces.gates.sending import readable
from svet.surfaces.web import message_words
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = datetime(2026, 11, 18, 8, 0, tzinfo=MOSCOW)
PHONE = "+79161234567"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(notifications, at=cast.moment(cast.LONG_AGO))
    return found


def wants_to_hear(one, way=Way.SMS, kind=ContactKind.PHONE, value=PHONE):
    customer = one.account.customer_id
    customers.add_contact(
        customer, kind=kind, value=value, from_on=date(2026, 1, 1), at=cast.NOW, confirmed_at=cast.NOW
    )
    customers.prefer(customer, ways={Subject.OUTAGE: way}, at=cast.NOW)


def asked(*who, key="a" * 32, **changes):
    terms = {
        "request_key": key, "house_id": None, "address": "", "numbers": tuple(one.number for one in who),
        "kind": InterruptionKind.OUTAGE, "from_at": BEGAN, "until_at": None, "independent_sources": 1,
        "reason": "Звонок диспетчера", "cause": Cause.ACCIDENT,
    }  # fmt: skip
    return Asked(**terms | changes)


def told(one):
    """Return what an account was told, the earliest first, as people read it."""
    return [
        (row.state, message_words.WORDS[row.kind].short.format_map(readable(row.facts)))
        for row in Message.objects.filter(account_id=one.account.id).order_by("pk")
        if row.kind.startswith("outage")
    ]


def sent(*, at):
    for row in notifications.claim_waiting(channel="sms", at=at):
        notifications.mark_sent(row.id, at=at)


def test_who_chose_hears_that_it_began_what_is_new_and_that_it_is_over(people):
    wants_to_hear(people.anna)
    by, at = people.staff["operator"].user_id, cast.NOW
    ongoing = outages.begin(asked(people.anna, people.vera), by=by, at=at)
    for _ in range(2):
        deliver_facts(at=at)
    sent(at=at)
    outages.supply.tell_ongoing(
        ongoing, cause=Cause.WORKS, expected_at=at + timedelta(hours=3), reason="Диспетчер", by=by, at=at
    )
    outages.supply.tell_ongoing(
        ongoing, cause=Cause.WORKS, expected_at=at + timedelta(hours=3), reason="Ещё раз", by=by, at=at
    )
    deliver_facts(at=at)
    sent(at=at)
    outages.supply_is_back(ongoing, ended_at=at, reason="Диспетчер", by=by, at=at + timedelta(minutes=1))
    deliver_facts(at=at + timedelta(minutes=1))

    number = people.anna.number
    assert [text.replace("\xa0", " ") for _, text in told(people.anna)] == [
        f"Нет света: счёт {number}, с 18.11.2026, 08:00, авария на сети. Когда исправят, пока не известно.",
        f"Нет света: счёт {number}, работы на сети. Ожидаем, что исправят к 18.11.2026, 13:30.",
        f"Счёт {number}: подача восстановлена 18.11.2026, 10:30. Если света нет, позвоните нам.",
    ]
    assert told(people.vera) == []


def test_what_waited_in_quiet_hours_is_dropped_when_it_is_over_and_the_end_is_told_to_nobody(people):
    wants_to_hear(people.anna)
    by, night = people.staff["operator"].user_id, datetime(2026, 11, 18, 23, 30, tzinfo=MOSCOW)
    ongoing = outages.begin(asked(people.anna, from_at=night), by=by, at=night)
    deliver_facts(at=night)
    sent(at=night)
    assert [state for state, _ in told(people.anna)] == ["waiting"]
    outages.withdraw(ongoing, reason="Не та линия", by=by, at=night + timedelta(minutes=20))
    deliver_facts(at=night + timedelta(minutes=20))
    sent(at=night + timedelta(hours=12))
    assert [state for state, _ in told(people.anna)] == ["dropped"]
    (row,) = Message.objects.filter(account_id=people.anna.account.id, kind="outage_begun")
    assert [event.kind for event in messages.events_of(row.pk)] == ["dropped"]
    assert messages.failed_count() == 0


def test_what_waits_in_quiet_hours_gives_way_to_what_is_known_anew(people):
    wants_to_hear(people.anna)
    by, night = people.staff["operator"].user_id, datetime(2026, 11, 18, 23, 30, tzinfo=MOSCOW)
    ongoing = outages.begin(asked(people.anna, from_at=night), by=by, at=night)
    deliver_facts(at=night)
    later, expected = night + timedelta(minutes=20), night + timedelta(hours=12)
    outages.supply.tell_ongoing(ongoing, cause=Cause.WORKS, expected_at=expected, reason="Диспетчер", by=by, at=later)
    deliver_facts(at=later)
    begun = f"Нет света: счёт {people.anna.number}, с 18.11.2026, 23:30,"
    assert [(state, words.replace("\xa0", " ")) for state, words in told(people.anna)] == [
        ("dropped", f"{begun} авария на сети. Когда исправят, пока не известно."),
        ("waiting", f"{begun} работы на сети. Ожидаем, что исправят к 19.11.2026, 11:30."),
    ]


def text(answer):
    return html.unescape(answer.content.decode())


def test_an_operator_registers_widens_and_ends_it_and_only_the_engineer_reckons_it(people):
    wants_to_hear(people.vera, Way.EMAIL, ContactKind.EMAIL, "vera@example.org")
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    engineer = signed_in(people.staff["billing_engineer"].user_id, proved=True)
    given = {
        "request_key": "a" * 32, "kind": "outage", "state": "goes_on", "where": "list", "numbers": people.anna.number,
        "from_on": "2026-11-18", "from_time": "08:00", "sources": "1", "reason": "Звонок жителя", "cause": "accident",
    }  # fmt: skip
    new = reverse("desk:new_outage")
    assert "Если закончился" not in text(operator.get(new))
    over = given | {"state": "over", "until_on": "2026-11-18", "until_time": "09:00"}
    assert operator.post(new, over).status_code == 422

    def confirmed(page, data):
        seen = operator.post(page, data)
        token = re.search(r'name="confirmed" value="(\w+)"', text(seen))
        assert token is not None, text(seen)
        return operator.post(page, data | {"confirmed": token[1]})

    page = confirmed(new, given).url
    (line,) = places.all_ongoing()
    ongoing = line.known.ongoing_id
    more = reverse("desk:widen_outage", args=[ongoing])
    assert "уже записаны" in text(
        operator.post(more, {"where": "list", "numbers": people.anna.number, "reason": "Звонок"})
    )
    widened = {"where": "list", "numbers": f"{people.anna.number} {people.vera.number}", "reason": "Звонок соседки"}
    assert confirmed(more, widened).url == page
    assert operator.post(more, widened | {"confirmed": "x"}).url == page  # sent twice
    assert places.all_ongoing()[0].points == 2
    deliver_facts(at=cast.NOW)
    assert len(told(people.vera)) == 1

    back = reverse("desk:supply_is_back", args=[ongoing])
    end = {"until_on": "2026-11-18", "until_time": "10:00", "reason": "Диспетчер"}
    assert "ещё не закончился" in text(operator.post(back, end | {"until_time": "23:00"}))
    assert operator.post(back, end).url == page
    assert operator.post(back, end).url == page  # sent twice
    assert "уже закончился" in text(operator.post(back, end | {"until_time": "10:10"}))
    assert places.all_ongoing() == []
    assert places.supply_events() == []
    reckon = reverse("desk:end_outage", args=[ongoing])
    assert operator.get(reckon).status_code == 403
    assert reckon not in text(operator.get(reverse("desk:outages")))
    assert reckon in text(engineer.get(reverse("desk:outages")))
    seen = engineer.post(reckon, {"request_key": "c" * 32, "reason": "Акт № 13"})
    token = re.search(r'name="confirmed" value="(\w+)"', text(seen))
    written = engineer.post(reckon, {"request_key": "c" * 32, "reason": "Акт № 13", "confirmed": token[1]})
    (event,) = places.supply_events()
    assert written.url == reverse("desk:outage", args=[event.event_id])
    assert (event.until_at - event.from_at, event.all_points) == (timedelta(hours=2), 2)
    assert places.ended_unreckoned() == []
    assert operator.post(written.url, {"reason": "Не было"}).status_code == 403
    assert "Отменить перерыв" not in text(operator.get(written.url))


def test_whose_address_it_is_is_shown_only_to_whose_work_is_bills(people):
    given = {
        "request_key": "a" * 32, "kind": "outage", "state": "goes_on", "where": "address", "address": "Садовая 12",
        "from_on": "2026-11-18", "from_time": "08:00", "sources": "1", "reason": "Звонок жителя", "cause": "accident",
    }  # fmt: skip
    for role, is_shown in (("operator", False), ("billing_engineer", True)):
        page = text(signed_in(people.staff[role].user_id, proved=True).post(reverse("desk:new_outage"), given))
        assert "Кого это касается" in page
        assert (people.anna.number in page) is is_shown


def test_of_two_who_register_the_same_line_at_once_one_is_refused_and_nothing_is_half_done(people):
    by = [people.staff[role].user_id for role in ("operator", "supervisor", "billing_engineer", "operator")]
    keys = ["a" * 32, "b" * 32, "c" * 32, "a" * 32]

    def one(given):
        who, key = given
        try:
            return outages.begin(asked(people.anna, people.vera, key=key), by=who, at=cast.NOW)
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(one, zip(by, keys, strict=True)))
    (line,) = places.all_ongoing()
    assert line.points == 2
    assert set(results) <= {line.known.ongoing_id, "interruption_overlaps", "interruption_refused"}
    assert line.known.ongoing_id in results
