"""A question about a bill: a case of the one register, tied to the bill; its state and answer beside the bill (B3)."""

import time

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.cases import actions, queries
from svet.domains.cases.models import Remark
from svet.domains.cases.queries import Filters
from svet.domains.cases.rules.register import CaseChannel, Resolution
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import ContactKind, Subject, Way
from svet.domains.notifications import queries as notifications
from svet.domains.tariffs import actions as tariffs
from svet.flows import account_card, reactions
from svet.kernel.period import Month
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

OCTOBER = Month("2026-10")
NAUGHTY = "Почему «так» много?\nО'Нил <script>alert(1)</script> 😀"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    at = cast.moment(OCTOBER.next.first_on)
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)
    return found


def address(person, month="2026-10"):
    return reverse("cabinet:bill_remark", args=[person.number, month])


def ask(people, text, *, key="a" * 32, by=None):
    return signed_in((by or people.anna).user_id).post(address(people.anna), {"text": text, "request_key": key})


def asked(people):
    """The cases that an operator finds in the register."""
    operator = people.staff["operator"].user_id
    return queries.register_page(operator, filters=Filters(channel=CaseChannel.BILL), at=cast.NOW).rows


def opened(people, case):
    return queries.case_page(case.case_id, user_id=people.staff["operator"].user_id, at=cast.NOW)


def shown(people):
    return signed_in(people.anna.user_id).get(address(people.anna)).content.decode()


def old_remark(people, *, key="1", **more):
    """A remark of the time before the one register."""
    return Remark.objects.create(
        number=f"З-26-00000{key}",
        account_id=people.anna.account.id,
        author_id=people.anna.user_id,
        request_key=key,
        month=OCTOBER.first_on,
        bill_number="26-10-1",
        text="Давний вопрос",
        sent_at=cast.NOW,
        **more,
    )


def test_a_question_is_a_case_about_the_bill_with_its_terms_and_shown_harmlessly(people):
    answer = ask(people, NAUGHTY)

    (row,) = asked(people)
    case = opened(people, row)
    assert (case.subject, case.bill_month, case.row.account_number) == ("bill", OCTOBER, people.anna.number)
    assert (case.letters[0].text, bool(case.bill_number), case.applicants[0].name) == (
        NAUGHTY,
        True,
        people.anna.account.customer_name,
    )
    assert {one.kind for one in case.clocks} == {"answer_clock", "charges_check_clock"}
    page = signed_in(people.anna.user_id).get(answer.headers["Location"]).content.decode()
    assert "<script>alert" not in page
    assert row.number in page and "Ответим не позже" in page


def test_what_is_asked_while_an_answer_is_owed_joins_the_case_and_later_begins_another(people):
    ask(people, "Почему так много?")
    ask(people, "И ещё: откуда две зоны?", key="b" * 32)
    (row,) = asked(people)
    assert [one.text for one in opened(people, row).letters] == ["Почему так много?", "И ещё: откуда две зоны?"]

    operator = people.staff["operator"].user_id
    actions.take(row.case_id, by=operator, at=cast.NOW)
    said = {"text": "Так вышло по счётчику", "by": operator, "request_key": "1", "channel": CaseChannel.CABINET}
    actions.reply(row.case_id, resolution=Resolution.EXPLAINED, at=cast.NOW, **said)
    assert "Так вышло по счётчику" in shown(people)
    ask(people, "А теперь другое", key="c" * 32)
    assert len(asked(people)) == 2


@pytest.mark.parametrize("text", ["Почему так много?", "И ещё"])
def test_a_form_sent_twice_is_one_letter(people, text):
    ask(people, "Первый вопрос", key="f" * 32)
    for _ in range(2):
        assert ask(people, text).status_code == 302

    (row,) = asked(people)
    assert [one.text for one in opened(people, row).letters] == ["Первый вопрос", text]


def test_an_appeal_with_files_about_the_bill_is_tied_to_it(people):
    anna = signed_in(people.anna.user_id)
    page = reverse("cabinet:new_appeal", args=[people.anna.number])
    assert f"{page}?bill=2026-10" in shown(people)
    said = {"kind": "question", "subject": "bill_amount", "text": "Почему так?", "request_key": "a" * 32}
    assert anna.post(page, said | {"bill": "2026-10"}).status_code == 302

    (case,) = queries.cases_of_user(people.anna.user_id)
    assert opened(people, case).bill_month == OCTOBER
    assert case.number in shown(people)


@pytest.mark.parametrize("text", ["", "   ", "\n", "а" * 20_001])
def test_what_cannot_be_a_question_is_refused_and_stays_in_the_field(people, text):
    answer = ask(people, text)

    assert answer.status_code == 422
    assert asked(people) == ()
    assert text.strip() in answer.content.decode()


def test_only_who_acts_for_the_account_asks_and_only_about_a_bill_that_is_there(people):
    accounts.grant_access(
        people.anna.account.id, user_id=people.igor.user_id, role=GrantRole.READER, from_on=cast.LONG_AGO, at=cast.NOW
    )

    assert ask(people, "Почему?", by=people.igor).status_code == 403
    assert ask(people, "Почему?", by=people.vera).status_code == 404
    browser = signed_in(people.anna.user_id)
    missing = browser.post(address(people.anna, "2026-03"), {"text": "Почему?", "request_key": "a" * 32})
    assert missing.status_code == 404
    assert asked(people) == ()


def test_old_remarks_stay_where_they_were_read_and_are_never_rewritten(people):
    by = people.staff["operator"].user_id
    old = old_remark(people, answer="Давний ответ", answered_at=cast.NOW, answered_by_id=by)

    assert actions.take_remarks_into_register(at=cast.NOW) == 0
    page = shown(people)
    assert "Давний вопрос" in page and "Давний ответ" in page and old.number in page
    (event,) = account_card.timeline(people.anna.account.id, user_id=by, at=cast.NOW, kind="remark")
    assert event.what.answer == "Давний ответ"
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        connection.cursor().execute("UPDATE cases_remark SET answer = 'Другой'")


def test_an_old_remark_without_an_answer_goes_on_as_a_case_once(people):
    old = old_remark(people)

    assert [actions.take_remarks_into_register(at=cast.NOW) for _ in range(2)] == [1, 0]
    (row,) = asked(people)
    case = opened(people, row)
    assert (case.letters[0].text, case.bill_month, case.received_at) == ("Давний вопрос", OCTOBER, old.sent_at)
    assert row.number in shown(people)
    (event,) = account_card.timeline(
        people.anna.account.id, user_id=people.staff["operator"].user_id, at=cast.NOW, kind="case"
    )
    assert event.what.number == row.number


@pytest.mark.django_db(transaction=True)
def test_an_answer_in_the_account_area_is_told_by_the_way_the_customer_chose(people):
    customer_id = people.anna.account.customer_id
    terms = {"from_on": cast.LONG_AGO, "at": cast.NOW, "confirmed_at": cast.NOW}
    customers.add_contact(customer_id, kind=ContactKind.EMAIL, value="anna@example.org", **terms)
    customers.prefer(customer_id, ways={Subject.REPLY: Way.EMAIL}, at=cast.NOW)
    ask(people, "Почему?")
    (row,) = asked(people)
    by = people.staff["operator"].user_id
    actions.take(row.case_id, by=by, at=cast.NOW)
    said = {"by": by, "at": cast.NOW, "channel": CaseChannel.CABINET}
    actions.reply(row.case_id, text="Смотрим", request_key="1", **said)
    actions.reply(row.case_id, text="Потому", request_key="2", resolution=Resolution.EXPLAINED, **said)

    for _ in range(2):
        reactions.deliver_facts(at=cast.NOW)
    told = [message for message in notifications.messages_of(people.anna.account.id) if message.kind == "reply"]
    assert [(message.address, message.facts["case"]) for message in told] == [("anna@example.org", row.number)]
