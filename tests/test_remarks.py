"""A question about a bill: asked in the account area once, answered at the desk once, told to the customer (B3)."""

import time

import pytest
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.access.rules import Role
from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.cases import actions, queries
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind, Subject, Way
from svet.domains.notifications import queries as notifications
from svet.domains.tariffs import actions as tariffs
from svet.flows import account_card, reactions
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month
from tests import cast, doors
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

OCTOBER = Month("2026-10")
NAUGHTY = "Почему «так» много?\nО'Нил <script>alert(1)</script> 😀"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    tariffs.load_reference(at=cast.moment(cast.LONG_AGO))
    at = cast.moment(OCTOBER.next.first_on)
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)
    return found


def address(person, month="2026-10"):
    return reverse("cabinet:bill_remark", args=[person.number, month])


def ask(people, text, *, key="one", person=None, by=None):
    person = person or people.anna
    return signed_in((by or person).user_id).post(address(person), {"text": text, "request_key": key})


def waiting(people):
    return queries.remarks_of(people.anna.account.id)


def test_a_question_is_kept_as_it_was_written_and_shown_harmlessly(people):
    answer = ask(people, NAUGHTY)
    page = signed_in(people.anna.user_id).get(answer.headers["Location"]).content.decode()

    (one,) = waiting(people)
    assert (one.text, one.month, one.number) == (NAUGHTY, OCTOBER, "З-26-000001")
    assert "<script>alert" not in page
    assert one.number in page
    assert "ждёт ответа" in page


def test_an_appeal_about_the_bill_is_tied_to_it(people):
    actions.load_reference(at=cast.moment(cast.LONG_AGO))
    anna = signed_in(people.anna.user_id)
    asked = reverse("cabinet:new_appeal", args=[people.anna.number])
    assert f"{asked}?bill=2026-10" in anna.get(address(people.anna)).content.decode()
    said = {"kind": "question", "subject": "bill_amount", "text": "Почему так?", "request_key": "a" * 32}
    assert anna.post(asked, said | {"bill": "2026-10"}).status_code == 302

    (case,) = queries.cases_of_user(people.anna.user_id)
    page = queries.case_page(case.case_id, user_id=people.staff["operator"].user_id, at=cast.NOW)
    assert page.bill_month == OCTOBER and page.bill_number


def test_a_form_sent_twice_is_one_question(people):
    for _ in range(2):
        assert ask(people, "Почему так много?").status_code == 302

    assert len(waiting(people)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\n", "а" * 2001])
def test_what_cannot_be_a_question_is_refused_and_stays_in_the_field(people, text):
    answer = ask(people, text)

    assert answer.status_code == 422
    assert waiting(people) == []
    assert text.strip() in answer.content.decode()


def test_the_sixth_that_waits_is_refused_with_a_reason(people):
    for turn in range(5):
        ask(people, "Почему?", key=str(turn))
    answer = ask(people, "И ещё", key="more")

    assert answer.status_code == 422
    assert "уже ждут ответа" in answer.content.decode()
    assert len(waiting(people)) == 5


def test_only_an_owner_asks_and_only_about_a_bill_that_is_there(people):
    accounts.grant_access(
        people.anna.account.id, user_id=people.igor.user_id, role=GrantRole.READER, from_on=cast.LONG_AGO, at=cast.NOW
    )

    assert ask(people, "Почему?", by=people.igor).status_code == 403
    assert ask(people, "Почему?", by=people.vera).status_code == 404
    browser = signed_in(people.anna.user_id)
    missing = browser.post(address(people.anna, "2026-03"), {"text": "Почему?", "request_key": "x"})
    assert missing.status_code == 404
    assert waiting(people) == []


def test_an_operator_answers_once_behind_the_door_and_the_customer_reads_it(people):
    ask(people, NAUGHTY)
    (one,) = waiting(people)
    browser = signed_in(people.staff["operator"].user_id, proved=True)
    page = reverse("desk:answer_remark", args=[people.anna.number, one.remark_id])
    listed = browser.get(reverse("desk:waiting_remarks")).content.decode()
    closed = browser.get(page)
    doors.inside(browser, people.anna.number, purpose="written_appeal")

    empty = browser.post(page, {"answer": " "})
    first = browser.post(page, {"answer": "Показание за октябрь больше обычного."})
    second = browser.post(page, {"answer": "Другой ответ"})

    assert one.number in listed
    assert "Почему" not in listed
    assert closed.status_code == 302
    assert (empty.status_code, first.status_code, second.status_code) == (422, 302, 422)
    assert "уже ответил" in second.content.decode()
    shown = signed_in(people.anna.user_id).get(address(people.anna)).content.decode()
    assert "Показание за октябрь больше обычного." in shown
    assert queries.waiting_remarks() == []
    assert access.looks(account_id=people.anna.account.id)


def test_others_neither_see_nor_answer(people):
    ask(people, "Почему?")
    (one,) = waiting(people)
    with pytest.raises(NotFound):
        actions.answer_remark(one.remark_id, account_id=people.vera.account.id, by=1, answer="Так", at=cast.NOW)
    for role in (Role.CASHIER, Role.ADMINISTRATOR, Role.AUDITOR):
        browser = signed_in(people.staff[role.value].user_id, proved=True)
        assert browser.get(reverse("desk:waiting_remarks")).status_code in {403, 404}


@pytest.mark.django_db(transaction=True)
def test_the_answer_is_told_by_the_way_the_customer_chose_and_stands_on_the_card(people):
    customer_id = people.anna.account.customer_id
    terms = {"from_on": cast.LONG_AGO, "at": cast.NOW, "confirmed_at": cast.NOW}
    customers.add_contact(customer_id, kind=ContactKind.EMAIL, value="anna@example.org", **terms)
    customers.prefer(customer_id, ways={Subject.REPLY: Way.EMAIL}, at=cast.NOW)
    ask(people, "Почему?")
    (one,) = waiting(people)
    by = people.staff["operator"].user_id
    actions.answer_remark(one.remark_id, account_id=people.anna.account.id, by=by, answer="Потому", at=cast.NOW)
    with pytest.raises(Conflict, match="remark_is_answered"):
        actions.answer_remark(one.remark_id, account_id=people.anna.account.id, by=by, answer="Потому", at=cast.NOW)

    assert account_card.timeline(people.anna.account.id, kind="remark")[0].what.answer == "Потому"
    reactions.deliver_facts(at=cast.NOW)
    told = [message for message in notifications.messages_of(people.anna.account.id) if message.kind == "reply"]
    assert [(message.address, message.facts["case"]) for message in told] == [("anna@example.org", one.number)]
