"""Service time, questions settled in one and customers who came again, from the contacts themselves (clause G3)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.cases import actions, queries
from svet.domains.cases.rules.contacts import ContactChannel, Settled, Subject
from svet.domains.cases.rules.identity import DocumentKind
from tests import cast
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

TODAY = cast.NOW.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def people():
    return cast.assemble()


def serve(people, person, *, minutes, settled=Settled.YES, subject=Subject.METER, at=cast.NOW, operator="operator"):
    operator_id = people.staff[operator].user_id
    actions.identify_by_document(person.number, operator_id=operator_id, document=DocumentKind.PASSPORT, at=at)
    contact = queries.running(operator_id)
    ended = at + timedelta(minutes=minutes)
    actions.end_contact(contact.contact_id, operator_id=operator_id, subjects=[subject], settled=settled, at=ended)


def test_times_and_shares_are_those_of_finished_contacts(people):
    serve(people, people.anna, minutes=2)
    serve(people, people.igor, minutes=4, settled=Settled.NO, at=cast.NOW + timedelta(hours=1))
    serve(people, people.vera, minutes=9, subject=Subject.BALANCE, at=cast.NOW + timedelta(hours=2))
    actions.refuse_to_open(
        people.anna.number,
        operator_id=people.staff["operator"].user_id,
        channel=ContactChannel.CALL,
        reason="Не назвал себя",
        at=cast.NOW + timedelta(hours=3),
    )

    figures = queries.service_figures(from_on=TODAY, to_on=TODAY)

    total = figures.total
    assert (total.finished, total.settled, total.refused, total.repeated) == (3, 2, 1, 0)
    assert (total.median, total.settled_percent) == (4.0, 67)
    assert [(row.key, row.finished, row.median) for row in figures.subjects] == [("meter", 2, 3.0), ("balance", 1, 9.0)]
    assert {row.key: (row.finished, row.refused) for row in figures.channels} == {"visit": (3, 0), "call": (0, 1)}
    assert [row.key for row in figures.days] == [TODAY.isoformat()]


def test_who_comes_again_within_a_week_about_the_same_was_not_helped(people):
    serve(people, people.anna, minutes=2, at=cast.NOW - timedelta(days=6))
    serve(people, people.anna, minutes=2)
    serve(people, people.igor, minutes=2, at=cast.NOW - timedelta(days=8))
    serve(people, people.igor, minutes=2, at=cast.NOW + timedelta(hours=1))
    serve(people, people.vera, minutes=2, at=cast.NOW - timedelta(days=2))
    serve(people, people.vera, minutes=2, subject=Subject.BALANCE, at=cast.NOW + timedelta(hours=2))

    figures = queries.service_figures(from_on=TODAY - timedelta(days=30), to_on=TODAY)

    assert (figures.total.finished, figures.total.repeated) == (6, 1)


def test_a_day_is_a_day_of_moscow(people):
    late = cast.NOW.replace(hour=23, minute=30)
    serve(people, people.anna, minutes=45, at=late)

    assert queries.service_figures(from_on=TODAY, to_on=TODAY).total.finished == 1
    assert queries.service_figures(from_on=TOMORROW, to_on=TOMORROW).total is None


def test_figures_are_shown_to_those_who_answer_for_quality_only(people, monkeypatch):
    serve(people, people.anna, minutes=2)
    page = reverse("desk:service")
    head = signed_in(people.staff["head"].user_id, proved=True)

    shown = head.get(page, {"from_on": TODAY.isoformat(), "to_on": TODAY.isoformat()})
    wrong = head.get(page, {"from_on": "2026-02-31", "to_on": "x"})
    backwards = head.get(page, {"from_on": "2026-11-02", "to_on": "2026-11-01"})
    long = head.get(page, {"from_on": "2020-01-01", "to_on": "2026-11-01"})

    assert "2\u00a0мин" in shown.content.decode()
    assert "100\u00a0%" in shown.content.decode()
    assert (wrong.status_code, backwards.status_code, long.status_code) == (422, 422, 422)
    assert "раньше первого" in backwards.content.decode()
    assert signed_in(people.staff["operator"].user_id, proved=True).get(page).status_code in {403, 404}
