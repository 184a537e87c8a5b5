"""A visit and the case it was about show each other; service time by subject and ratings by way in the report (G3)."""

import time
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.cases import actions as cases
from svet.domains.cases.actions import Incoming
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.contacts import Settled, Subject
from svet.domains.cases.rules.register import CaseChannel
from svet.domains.content import actions as content
from svet.domains.content import queries as content_reads
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind, Way
from svet.domains.customers.rules import Subject as Told
from svet.domains.notifications.models import Message
from svet.domains.offices import actions as offices
from svet.domains.offices import queries as company
from svet.domains.offices.rules import Audience
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.domains.visits import queries
from svet.domains.visits.actions import Wanted
from svet.flows import hall_window, visit_asking
from svet.infra.models import Fact
from svet.surfaces.gates.sending import readable
from svet.surfaces.web import message_words, words
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in

OFFICE = "vladimir-mira-61a"


@pytest.fixture
def people(db, monkeypatch) -> cast.Cast:
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, cases, visits):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


@pytest.fixture
def operator(people) -> int:
    operator_id = people.staff["operator"].user_id
    visits.sit_down(visits.make_window(OFFICE, 3, at=cast.NOW), operator_id=operator_id, at=cast.NOW)
    return operator_id


def at_the_window(operator_id: int) -> queries.TicketView:
    """Call and begin a new visitor."""
    made = visits.issue(Wanted(OFFICE, "charges", Audience.INDIVIDUALS, uuid.uuid4().hex), at=cast.NOW)
    visits.call_next(operator_id, at=cast.NOW)
    hall_window.begin_visit(operator_id, at=cast.NOW)
    return made


def finished(operator_id: int, *, minutes: int, subject=Subject.BALANCE) -> None:
    at = cast.NOW + timedelta(minutes=minutes)
    hall_window.finish_visit(operator_id, subjects=[subject], settled=Settled.YES, note="", at=at)


def a_case(people) -> str:
    letter = Incoming(channel=CaseChannel.EMAIL, text="Почему столько?", received_at=cast.NOW, key=uuid.uuid4().hex)
    made = cases.register(
        letter, applicant=Applicant(name="Анна"), account_id=people.anna.account.id, at=cast.NOW, subject_code="bill"
    )
    return made.number


def test_the_case_shows_the_visit_and_the_visit_its_case(people, operator):
    number, ticket = a_case(people), at_the_window(operator)
    desk = signed_in(operator, proved=True)
    doors.identified(desk, people.anna.number)
    page = desk.get(reverse("desk:case", args=[number])).content.decode()
    assert f"талон {ticket.label}, окно № 3" in page
    assert "ещё идёт" in page
    hall_window.transfer_visit(operator, series="contract", window=None, note="", at=cast.NOW)
    visits.call_next(operator, at=cast.NOW)
    hall_window.begin_visit(operator, at=cast.NOW)
    finished(operator, minutes=4)
    visits.rate_visit(ticket.follow_code, score=2, comment="долго", at=cast.NOW + timedelta(minutes=5))

    page = desk.get(reverse("desk:case", args=[number])).content.decode()
    assert page.count(f"талон {ticket.label}, окно № 3") == 1
    assert "ещё идёт" not in page
    supervisor = signed_in(people.staff["supervisor"].user_id, proved=True)
    story = supervisor.get(reverse("desk:ticket_story", args=[OFFICE, ticket.ticket_id])).content.decode()
    assert story.count("Окно № 3, ") == 2
    assert story.count(number) >= 1
    assert "2 из 5, на странице талона" in story
    assert "долго" in story


def test_the_report_tells_service_time_by_subject_and_ratings_by_way(people, operator):
    window_id = queries.duty_of(operator).window_id
    for place, minutes in enumerate((2, 4, 12)):
        ticket = at_the_window(operator)
        finished(operator, minutes=minutes, subject=Subject.METER if place else Subject.BALANCE)
        at = cast.NOW + timedelta(minutes=minutes)
        if place == 2:
            Client().post(
                reverse("website:ticket", args=[ticket.follow_code]) + "?qr", {"score": "3", "comment": "ждал"}
            )
        else:
            visits.rate_at_window(ticket.ticket_id, office_code=OFFICE, window_id=window_id, score=5, at=at)
    supervisor = signed_in(people.staff["supervisor"].user_id, proved=True)
    day = {"since": cast.NOW.date(), "until": cast.NOW.date()}
    ((_,), (service,)) = queries.wait_figures(**day, target=timedelta(minutes=15))
    ways, (said,) = queries.ratings(**day)

    assert (service.takes, service.median) == (timedelta(minutes=6), timedelta(minutes=4))
    assert service.nine == timedelta(minutes=10, seconds=24)
    assert [(one.way, one.ratings, one.score) for one in ways] == [("tablet", 2, 5), ("qr", 1, 3)]
    assert (said.comment, said.score) == ("ждал", 3)
    report = supervisor.get(reverse("desk:queue_report"), {**as_form(), "office": OFFICE}).content.decode()
    for text in ("По темам приёма", "На планшете у окна", "По коду с талона", "ждал", words.of("meter").capitalize()):
        assert text in report, text
    other = supervisor.get(reverse("desk:queue_report"), {**as_form(), "office": "vladimir-chaykovskogo-38d"})
    assert "талонов не было" in other.content.decode()
    assert supervisor.get(reverse("desk:queue_report"), {**as_form(), "office": "none"}).status_code == 422


def test_the_window_shows_what_to_know_of_what_the_visitor_came_for(people, operator):
    reference.load(content, at=cast.NOW)
    desk, page = signed_in(operator, proved=True), reverse("desk:window")
    assert "Что знать об этом" not in desk.get(page).content.decode()
    at_the_window(operator)
    text = desk.get(page).content.decode()
    about = content_reads.knowledge_about(["charges"])
    assert about
    assert all(reverse("desk:knowledge_article", args=[one.id]) in text for one in about[:3])
    finished(operator, minutes=1)
    assert "Что знать об этом" not in desk.get(page).content.decode()


def test_an_identified_visitor_who_chose_a_way_is_asked_to_rate_once_unless_he_did(people, operator):
    anna, facts = people.anna, Fact.objects.filter(name="visits.ticket_finished").order_by("pk")
    desk, told = signed_in(operator, proved=True), Message.objects.filter(kind="visit_rating")
    at_the_window(operator)  # nobody is identified
    finished(operator, minutes=1)
    at_the_window(operator)  # who is identified chose nothing
    doors.identified(desk, anna.number)
    finished(operator, minutes=2)
    for fact in facts:
        visit_asking.ask_of_visit(fact, cast.NOW)
    assert not told.exists()

    wants_letters(anna)
    ticket = at_the_window(operator)
    doors.identified(desk, anna.number)
    finished(operator, minutes=3)
    for _ in range(2):
        visit_asking.ask_of_visit(facts.last(), cast.NOW)

    message = told.get()
    assert message.next_try_at == cast.NOW + timedelta(hours=1, minutes=3)
    assert ticket.follow_code not in str(message.facts)
    shown = readable(message.facts | {"visit": ticket.follow_code})
    assert reverse("website:ticket", args=[ticket.follow_code]) in shown["visit"]
    assert shown["visit"] in message_words.sms(message.kind, facts=shown, company=company.company(cast.NOW.date()))
    visits.rate_visit(ticket.follow_code, score=5, comment="", at=cast.NOW + timedelta(minutes=5))
    visit_asking.ask_no_more(Fact.objects.get(name="visits.visit_rated"), cast.NOW)
    assert told.get().state == "dropped"


def wants_letters(one) -> None:
    customer_id = one.account.customer_id
    terms = {"from_on": cast.LONG_AGO, "at": cast.NOW, "confirmed_at": cast.NOW}
    customers.add_contact(customer_id, kind=ContactKind.EMAIL, value="anna@example.org", **terms)
    customers.prefer(customer_id, ways={Told.REPLY: Way.EMAIL}, at=cast.NOW)


def as_form() -> dict[str, str]:
    return {"from_on": cast.NOW.date().isoformat(), "to_on": cast.NOW.date().isoformat()}
