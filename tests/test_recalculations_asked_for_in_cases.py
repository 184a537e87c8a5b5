"""A recalculation asked for from the page of an appeal: an engineer settles it, what came of it goes to the answer."""

import time

import pytest
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Bill, Details, Incoming
from svet.domains.cases.models import CaseEvent
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel
from svet.domains.tariffs import actions as tariffs
from svet.flows import answering
from svet.kernel.period import Month
from svet.surfaces.desk import answer_words
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT, OCTOBER = cast.NOW, Month("2026-10")
SAID = "По показаниям 120 кВт·ч, минус 214,30 ₽ в счёте за ноябрь"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    found = cast.assemble()
    run_id = billing.start_run(month=OCTOBER, dry=False, started_by=None, at=AT)
    billing_jobs.work_off(run_id, at=AT)
    return found


def at_desk(people, role="operator"):
    return signed_in(people.staff[role].user_id, proved=True)


def wrote(home, *, text="Почему так много?", key=""):
    letter = Incoming(channel=CaseChannel.CABINET, text=text, received_at=AT, key=key)
    applicant = Applicant(kind=ApplicantKind.PERSON, name="Анна", email="anna@example.org")
    account_id = home.account.id if home else None
    details = Details(bill=Bill(OCTOBER, "1"))
    return actions.register(letter, applicant=applicant, at=AT, account_id=account_id, details=details)


def page_of(case):
    return reverse("desk:case_recalculation", args=[case.number])


def asked(people, case, **sent):
    words = {"first_month": "2026-10", "reason": "Показания передавали вовремя"}
    return at_desk(people).post(page_of(case), words | sent)


def test_the_engineer_answers_and_the_handler_has_it_in_the_case_and_in_the_answer(people):
    case = wrote(people.anna)
    assert asked(people, case).status_code == 302
    waiting = bills.waiting_recalculations()
    assert [(one.account_number, one.months) for one in waiting] == [(people.anna.number, (OCTOBER,))]
    assert waiting[0].reason == f"{case.number}: Показания передавали вовремя"

    address = reverse("desk:settle_recalculation", args=[waiting[0].recalculation_id])
    engineer = at_desk(people, "billing_engineer")
    assert "cause=other" in engineer.get(address).content.decode()
    assert engineer.post(address, {"outcome": SAID}).status_code == 302

    assert SAID in at_desk(people).get(page_of(case)).content.decode()
    notes = CaseEvent.objects.filter(case_id=case.case_id, kind="noted").order_by("pk")
    assert [one.data["text"] for one in notes] == ["Показания передавали вовремя", SAID]
    page = answering.answer_page(case.number, user_id=people.staff["operator"].user_id, at=AT)
    assert answer_words.filled(page.known)["recalculation"] == SAID


def test_one_is_asked_for_at_a_time_and_only_of_what_is_charged(people):
    case = wrote(people.anna)

    assert asked(people, case, first_month="2026-11").status_code == 422
    assert asked(people, case, reason=" ").status_code == 422
    assert asked(people, case).status_code == 302
    again = asked(people, case)

    assert (again.status_code, "ещё не ответил" in again.content.decode()) == (422, True)
    assert len(bills.waiting_recalculations()) == 1


def test_another_account_on_the_same_matter_does_not_see_it(people):
    case, other = wrote(people.anna, key="1"), wrote(people.igor, text="И у меня", key="2")
    matter_id = queries.matter_of_case(case.case_id)
    actions.join_matter(other.case_id, matter_id=matter_id, by=people.staff["supervisor"].user_id, at=AT)
    asked(people, case)

    assert "ждёт инженера" in at_desk(people).get(page_of(case)).content.decode()
    assert "ждёт инженера" not in at_desk(people).get(page_of(other)).content.decode()


def test_a_case_without_an_account_and_one_that_is_about_the_asker_have_no_such_page(people):
    assert at_desk(people).get(page_of(wrote(None))).status_code == 404

    case = wrote(people.anna)
    operator = people.staff["operator"].user_id
    actions.name_complained_about(
        case.case_id, users=[operator], units=[], by=people.staff["supervisor"].user_id, at=AT
    )
    assert asked(people, case).status_code == 404
    assert bills.waiting_recalculations() == []
