"""The report on appeals: each case counted once, terms kept or not, first replies, ratings; constant in statements."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Incoming
from svet.domains.cases.models import Letter
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.register import CaseChannel, Resolution
from svet.domains.offices import actions as offices
from svet.domains.offices.queries import directory
from svet.domains.tariffs import actions as tariffs
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT = cast.NOW


def test_the_report_counts_each_appeal_once_and_hides_whom_it_is_about(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    boss, operator = people.staff["supervisor"].user_id, people.staff["operator"].user_id
    made = []
    for place, (days, subject) in enumerate(((40, "bill"), (50, "bill"), (40, "meter"), (45, "bill"))):
        at = AT - timedelta(days=days)
        letter = Incoming(channel=CaseChannel.EMAIL, text="Почему?", received_at=at, key=f"<{place}>")
        made.append(actions.register(letter, applicant=Applicant(name="Анна"), at=at, subject_code=subject).case_id)
    actions.take(made[0], by=operator, at=AT - timedelta(days=39))
    soon = AT - timedelta(days=40) + timedelta(hours=5)
    actions.reply(made[0], text="Да.", by=operator, at=soon, request_key="", resolution=Resolution.EXPLAINED)
    asking = actions.ask(Letter.objects.get(is_answer=True).pk, question=actions.RATING, at=AT)
    actions.rate(asking, score=4, comment="", at=AT)
    actions.merge_cases(made[3], into_id=made[1], by=boss, at=AT)
    actions.name_complained_about(made[2], users=[boss], units=[], by=operator, at=AT)

    def report(user_id):
        return queries.case_report(user_id, from_on=AT.date() - timedelta(days=60), to_on=AT.date(), at=AT)

    seen = report(people.staff["head"].user_id if "head" in people.staff else operator)
    assert (seen.total.cases, seen.total.answered, seen.total.late, seen.total.score) == (3, 1, 2, 4.0)
    bill = next(one for one in seen.subjects if one.key == "bill")
    assert (bill.cases, bill.late, bill.kept_percent, bill.hours) == (2, 1, 50, 5.0)
    assert {one.key for one in seen.handlers} == {str(operator), "0"} and len(seen.days) == 2
    assert report(boss).total.cases == 2
    with CaptureQueriesContext(
        connection,
    ) as spent:
        report(boss)
    assert len(spent) <= 8

    page = signed_in(boss, proved=True)
    days = f"?from_on={AT.date() - timedelta(days=60)}&to_on={AT.date()}"
    assert "Седов" in page.get(reverse("desk:case_report") + days).content.decode()
    assert page.get(reverse("desk:case_report") + "?from_on=x&to_on='").status_code == 422
    assert signed_in(operator, proved=True).get(reverse("desk:case_report")).status_code == 403


def test_the_report_names_offices_and_its_chart_skips_no_day(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    for domain in (tariffs, offices, actions):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    office = directory()[0]
    for days in (4, 2):
        at = AT - timedelta(days=days)
        letter = Incoming(channel=CaseChannel.OFFICE, text="Почему?", received_at=at)
        actions.register(letter, applicant=Applicant(name="Анна"), at=at, office_code=office.code)

    page = signed_in(people.staff["supervisor"].user_id, proved=True)
    address = reverse("desk:case_report")
    shown = page.get(f"{address}?from_on=2026-11-12&to_on=2026-11-30").content.decode()

    assert office.name in shown and f">{office.code}<" not in shown
    assert [day for day in range(10, 32) if f">{day}.11.2026<" in shown] == list(range(12, 19))


@pytest.mark.parametrize(
    "days",
    ["0001-01-01&{}=0001-01-02", "9999-12-30&{}=9999-12-31", "1999-12-31&{}=2000-01-02", "2099-01-01&{}=2100-01-01"],
)
def test_days_of_impossible_years_are_no_error_of_ours(monkeypatch, days):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    page = signed_in(people.staff["supervisor"].user_id, proved=True)

    for name in ("desk:case_report", "desk:service"):
        answer = page.get(f"{reverse(name)}?from_on={days.format('to_on')}")
        assert (answer.status_code, "с 2000 по 2099 год" in answer.content.decode()) == (422, True)
    assert page.get(f"{reverse('desk:cases')}?since={days.format('until')}&state=").status_code == 200
