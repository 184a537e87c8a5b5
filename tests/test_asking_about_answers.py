"""After an answer: it is rated once by one press without signing in; weeks later the applicant can have it reopened."""

import re
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Incoming
from svet.domains.cases.models import Case, CaseAsking, CaseEvent
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, Resolution
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import Subject, Way
from svet.domains.notifications import actions as notifications
from svet.domains.tariffs import actions as tariffs
from svet.flows.asking import ask_about_answers
from svet.surfaces.gates.sending import readable
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT = cast.NOW
DAY, WEEKS = timedelta(days=1), timedelta(days=21)


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def answered(people, *, days, email="anna@example.org", customer_id=None, key=""):
    at = AT - timedelta(days=days)
    who = Applicant(kind=ApplicantKind.PERSON, name="Анна", email=email, customer_id=customer_id)
    letter = Incoming(channel=CaseChannel.EMAIL, text="Почему столько?", received_at=at, key=key)
    made = actions.register(letter, applicant=who, at=at, subject_code="bill")
    boss = people.staff["supervisor"].user_id
    actions.reply(made.case_id, text="Да.", by=boss, at=at, request_key="", resolution=Resolution.EXPLAINED)
    return made


def asks(at=AT):
    return ask_about_answers(rating_after=DAY, solved_after=WEEKS, at=at)


def link_of(kind):
    going = notifications.claim_waiting(channel="email", at=AT)
    facts = readable(next(one.facts for one in going if one.kind == kind))
    return re.sub(r"^https?://[^/]+", "", facts["asking"])


def test_an_answer_is_rated_once_by_a_link_that_cannot_be_forged(people):
    made = answered(people, days=2)
    assert asks() == 1 and asks() == 0
    link, anybody = link_of("appeal_rating"), Client()
    for _ in range(2):
        assert made.number in anybody.get(link).content.decode()
    assert CaseAsking.objects.get().given_at is None
    for wrong in ({}, {"answer": "6"}, {"answer": "5", "comment": "ы" * 2001}, {"answer": "five"}):
        assert anybody.post(link, wrong | {"comment": wrong.get("comment", "моё")}).status_code == 422
    assert anybody.get(link[:-2] + "x/").status_code == anybody.get("/asked/1/").status_code == 404
    assert anybody.post(link, {"answer": "4", "comment": "Вежливо, но <b>долго</b> 😀"}).status_code == 302
    second = anybody.post(link, {"answer": "1"}, follow=True)

    assert "Ваша оценка: 4 из 5" in second.content.decode()
    kept = CaseAsking.objects.get()
    assert (kept.score, kept.case_id) == (4, made.case_id)
    assert CaseEvent.objects.filter(kind="answer_rated").count() == 1
    shown = signed_in(people.staff["supervisor"].user_id, proved=True).get(reverse("desk:case", args=[made.number]))
    assert "★★★★☆" in shown.content.decode() and "&lt;b&gt;долго" in shown.content.decode()


def test_weeks_later_who_says_it_is_not_solved_has_his_case_open_again(people):
    made = answered(people, days=22)
    assert asks() == 1
    assert list(CaseAsking.objects.values_list("question", flat=True)) == ["solved"]
    link = link_of("appeal_solved")
    Client().post(link, {"answer": "no", "comment": "Ничего не пересчитали"})
    Client().post(link, {"answer": "yes"})

    case = Case.objects.get(pk=made.case_id)
    assert case.state == "case_registered" and case.reopened == 1 and case.due_at is not None
    assert "открыли обращение снова" in Client().get(link).content.decode()
    assert asks(AT + DAY) == 0, "an answer that did not stand is asked about no more"


def test_who_does_not_want_to_be_told_or_has_no_address_is_not_asked(people):
    customer = people.anna.account.customer_id
    customers.prefer(customer, ways={Subject.REPLY: Way.EMAIL}, at=AT)
    customers.prefer(customer, ways={Subject.REPLY: Way.NONE}, at=AT)
    answered(people, days=2, customer_id=customer, key="<1>")
    answered(people, days=2, email="", key="<2>")
    answered(people, days=40, key="<3>")
    answered(people, days=0, key="<4>")

    assert asks() == 0 and not list(queries.to_ask("rating", after=WEEKS, at=AT))


def test_those_who_cannot_be_asked_do_not_keep_others_from_being_asked(people):
    for place, email in enumerate(("", "", "", "anna@example.org", "vera@example.org")):
        answered(people, days=5, email=email, key=f"<{place}>")

    asked = list(queries.to_ask("rating", after=DAY, at=AT, page=2))
    assert [one.address for one in asked] == ["anna@example.org", "vera@example.org"]


def test_an_answer_is_rated_beside_itself_once_and_then_asked_about_no_more(people):
    anna, intruder = signed_in(people.anna.user_id), signed_in(people.intruder.user_id)
    new = reverse("cabinet:new_appeal", args=[people.anna.number])
    anna.post(new, {"request_key": "a" * 32, "kind": "question", "subject": "bill", "text": "Почему столько?"})
    case = Case.objects.get()
    page = reverse("cabinet:appeal", args=[people.anna.number, case.number])
    assert "Оцените ответ" not in anna.get(page).content.decode()
    anna.post(page, {"answer": "5"})
    assert not CaseAsking.objects.exists()
    boss = people.staff["supervisor"].user_id
    actions.reply(case.pk, text="Да.", by=boss, at=AT, request_key="", resolution=Resolution.EXPLAINED)

    assert "Оцените ответ" in anna.get(page).content.decode()
    assert intruder.post(page, {"answer": "1"}).status_code == 404
    wrong = anna.post(page, {"answer": "6"}, follow=True)
    assert "от 1 до 5" in wrong.content.decode() and not CaseAsking.objects.exists()
    for score in ("4", "1"):
        anna.post(page, {"answer": score, "comment": "Ясно <b>"})
    rated = CaseAsking.objects.get()
    assert (rated.score, rated.comment) == (4, "Ясно <b>")
    shown = anna.get(page).content.decode()
    assert "Ваша оценка ответа: 4 из 5" in shown and "Оцените ответ" not in shown
    assert asks(AT + DAY * 2) == 0
