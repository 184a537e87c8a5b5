"""Subjects and terms of appeals, and quiet hours, kept in the admin: new rows count, old ones only end."""

import time
from datetime import date, timedelta
from datetime import time as hour

import pytest
from django.urls import reverse

from svet.domains.cases import actions, queries
from svet.domains.cases.actions import Incoming
from svet.domains.cases.admin import CHOICES
from svet.domains.cases.models import CaseSubject, CaseTerm
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.clocks import ClockKind
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel
from svet.domains.notifications import actions as notifications
from svet.domains.notifications import queries as messages
from svet.domains.notifications.models import QuietHours
from svet.domains.tariffs import actions as tariffs
from svet.infra.models import AuditRecord
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT = cast.NOW
SUBJECT = {"code": "charging", "parent": "", "name": "Зарядка машин", "field": "field_other", "place": "90"}
TERM = {
    "code": "answer_charging",
    "clock": "answer_clock",
    "subject": "charging",
    "case_kind": "",
    "channel": "",
    "applicant_kind": "",
    "days": "7",
    "unit": "calendar_days",
    "counted_from": "from_registration",
    "roll": "keep_day_off",
    "warn_before": "1",
    "most_extension": "0",
}
REST = {"valid_0": "01.01.2026", "valid_1": "", "source": "Приказ № 7", "reason": "Приказ № 7"}


@pytest.fixture
def keeper(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    reference.load(notifications, at=cast.moment(cast.LONG_AGO))
    return signed_in(cast.assemble().staff["administrator"].user_id, proved=True)


def added(keeper, table, **sent):
    return keeper.post(reverse(f"admin:{table}_add"), sent)


def test_a_subject_and_its_term_that_were_added_count_from_the_next_appeal_on(keeper):
    assert added(keeper, "cases_casesubject", **SUBJECT, **REST).status_code == 302
    assert added(keeper, "cases_caseterm", **TERM, **REST).status_code == 302

    letter = Incoming(channel=CaseChannel.EMAIL, text="Не заряжает", received_at=AT)
    applicant = Applicant(kind=ApplicantKind.PERSON, name="Анна")
    case = actions.register(letter, applicant=applicant, at=AT, subject_code="charging")

    assert queries.clock_due_on(case.case_id, kind=ClockKind.ANSWER) == (AT + timedelta(days=7)).date()
    told = AuditRecord.objects.filter(verb="reference.add").order_by("pk")
    assert [(row.target_kind, row.reason) for row in told] == [
        ("cases.casesubject", "Приказ № 7"),
        ("cases.caseterm", "Приказ № 7"),
    ]


def test_a_row_only_ends_and_its_words_and_days_stay(keeper):
    subject, term = CaseSubject.objects.get(code="service_phone"), CaseTerm.objects.get(code="answer")
    ends = {"valid_0": "01.01.2025", "valid_1": "18.11.2026", "reason": "Приказ № 8"}

    keeper.post(
        reverse("admin:cases_casesubject_change", args=[subject.pk]),
        ends | {"place": "1", "name": "Другое", "code": "x"},
    )
    keeper.post(
        reverse("admin:cases_caseterm_change", args=[term.pk]),
        ends | {"warn_before": "2", "most_extension": "30", "days": "90", "valid_1": ""},
    )

    assert CaseSubject.objects.get(pk=subject.pk).name == subject.name
    assert "service_phone" in {one.code for one in queries.subjects(date(2026, 11, 17))}
    assert "service_phone" not in {one.code for one in queries.subjects(date(2026, 11, 18))}
    assert (CaseTerm.objects.get(pk=term.pk).days, CaseTerm.objects.get(pk=term.pk).warn_before) == (30, 2)


@pytest.mark.parametrize(
    ("table", "sent", "said"),
    [
        ("cases_casesubject", SUBJECT | {"parent": "nothing"}, "Такой темы нет"),
        ("cases_casesubject", SUBJECT | {"parent": "charging"}, "Такой темы нет"),
        ("cases_casesubject", SUBJECT | {"code": "bill", "parent": "bill_amount"}, "ниже самой себя"),
        ("cases_casesubject", SUBJECT | {"code": "other"}, "исключающее"),
        ("cases_caseterm", TERM | {"subject": "nothing"}, "Такой темы нет"),
        ("cases_caseterm", TERM | {"subject": "", "days": "0"}, "Нарушено ограничение"),
        ("notifications_quiethours", {"begins": "21:00", "ends": "21:00"}, "Нарушено ограничение"),
        ("notifications_quiethours", {"begins": "20:00", "ends": "09:00"}, "Нарушено ограничение"),
    ],
)
def test_what_cannot_be_is_refused(keeper, table, sent, said):
    answer = added(keeper, table, **sent, **REST)

    assert answer.status_code == 200
    assert said in answer.content.decode() or "Нарушено ограничение" in answer.content.decode()
    assert not AuditRecord.objects.filter(verb__startswith="reference.add").exists()


def test_other_quiet_hours_count_from_their_day_on(keeper):
    shipped = QuietHours.objects.get()
    keeper.post(
        reverse("admin:notifications_quiethours_change", args=[shipped.pk]),
        {"valid_0": "01.01.2025", "valid_1": "18.11.2026", "source": shipped.source, "reason": "Приказ № 9"},
    )
    sent = {"begins": "13:00", "ends": "15:00", "source": "Приказ № 9", "reason": "Приказ № 9"}
    assert added(keeper, "notifications_quiethours", **sent, valid_0="18.11.2026", valid_1="").status_code == 302

    def goes(at, kind="bill_issued", channel="sms"):
        key = f"{at}{kind}{channel}"
        number = notifications.send(kind, channel=channel, address="+79160000001", facts={}, key=key, at=at)
        return messages.message(number).next_try_at

    noon, day = AT.replace(hour=14, minute=30), timedelta(days=1)
    assert goes(noon) == AT.replace(hour=15, minute=0)
    assert goes(noon, kind="code") == goes(noon, channel="email") == noon
    assert goes(AT.replace(hour=22)) == AT.replace(hour=22)
    assert goes(AT.replace(hour=22) - day) == AT.replace(hour=9, minute=0)
    assert goes(noon - day) == noon - day


def test_without_a_row_nothing_is_quiet_and_the_shipped_hours_come_back_only_to_an_empty_table(keeper):
    assert notifications.load_reference(at=AT) == 0
    QuietHours.objects.all().delete()
    assert messages.quiet_hours(AT.date()) is None
    assert notifications.load_reference(at=AT) == 1
    assert messages.quiet_hours(AT.date()).begins == hour(21)


def test_every_code_of_the_tables_has_words(keeper):
    for model in (CaseSubject, CaseTerm):
        for field in model._meta.fields:
            if field.choices:
                assert {code for code, _ in CHOICES[field.name] if code} == {code for code, _ in field.choices}, (
                    field.name
                )
