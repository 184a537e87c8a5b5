"""An application for a contract: sent with papers, worked at the desk by stages, followed by number and code."""

import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from svet.domains.cases import actions, queries
from svet.domains.cases.models import AppealConsent, Case, Letter
from svet.domains.cases.rules.applications import FOLLOWING, ApplicationStage
from svet.domains.notifications.models import Message
from svet.domains.offices import actions as office_actions
from svet.domains.offices import queries as offices
from svet.domains.tariffs import actions as tariffs
from svet.flows import reactions
from svet.kernel.errors import Conflict, DomainError
from svet.surfaces.gates.sending import readable
from svet.surfaces.web import message_words
from svet.surfaces.website import robots
from tests import cast, reference, scans
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AT = cast.NOW
APPLY = "/contract/apply/"
S = ApplicationStage


@pytest.fixture
def town(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(AT.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    reference.load(office_actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def filled(**more):
    mark = robots.new_mark(AT - timedelta(minutes=5))
    first, second = robots._terms(robots.opened(mark)[0])
    return {
        "mark": mark,
        "sum": str(first + second),
        "applicant_kind": "person",
        "name": "Смирнова Анна Петровна",
        "email": "anna@example.org",
        "supply_address": "г. Владимир, ул. Садовая, д. 12, кв. 7",
        "reason": "bought",
        "reading": "01234",
        "consent": "on",
    } | more


def sent(browser, **more):
    answer = browser.post(APPLY, filled(**more))
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.latest("pk")


def moved(town, case, stage, text="", at=AT):
    actions.move_application(case.pk, stage=stage, text=text, by=town.staff["operator"].user_id, at=at)


def test_an_application_is_a_case_with_its_papers_and_consent(town):
    browser = Client()
    paper = SimpleUploadedFile("выписка.pdf", scans.pdf(), content_type="application/pdf")

    case = sent(browser, scans=[paper])

    assert (case.subject, case.kind, case.channel) == ("contract_new", "request", "by_site")
    letter = Letter.objects.get(case=case)
    assert "Садовая, д. 12, кв. 7" in letter.text
    assert "Купил, получил в наследство" in letter.text
    assert letter.files.count() == 1
    assert AppealConsent.objects.filter(case=case).exists()
    assert "account_or_contract" not in case.missing
    page = browser.get(reverse("website:appeal", args=[case.number])).content.decode()
    assert "Заявка получена" in page


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": ""}),
        ("supply_address", {"supply_address": ""}),
        ("email", {"email": ""}),
        ("inn", {"applicant_kind": "company", "name": "ООО «Ромашка»"}),
        ("inn", {"applicant_kind": "company", "name": "ООО «Ромашка»", "inn": "123"}),
        ("inn", {"applicant_kind": "company", "name": "ООО «Ромашка»", "inn": "7722245109"}),
        ("reason", {"reason": "forged"}),
        ("consent", {"consent": ""}),
        ("sum", {"sum": "1"}),
    ],
)
def test_what_is_lacking_is_named_at_its_field_and_nothing_is_registered(town, field, wrong):
    answer = Client().post(APPLY, filled(**wrong))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Case.objects.exists()


def test_a_lying_upload_is_refused_and_the_application_too(town):
    liar = SimpleUploadedFile("паспорт.pdf", b"MZ\x90\x00" * 100, content_type="application/pdf")

    answer = Client().post(APPLY, filled(scans=[liar]))

    assert answer.status_code == 422
    assert "scans" in answer.context["form"].errors
    assert not Case.objects.exists()


def test_an_organisation_applies_and_the_same_form_is_one_application(town):
    browser, form = Client(), filled(applicant_kind="company", name="ООО «Ромашка»", inn="7722245108")
    first, again = browser.post(APPLY, form), browser.post(APPLY, form)

    assert first.headers["Location"] == again.headers["Location"]
    assert "ИНН: 7722245108" in Letter.objects.get().text


def test_stages_go_in_their_order_and_the_applicant_reads_each_by_number_and_code(town):
    case = sent(Client())
    with pytest.raises(Conflict, match="stage_does_not_follow"):
        moved(town, case, S.CONCLUDED)
    with pytest.raises(DomainError, match="stage_needs_words"):
        moved(town, case, S.LACKING, "  ")

    moved(town, case, S.LACKING, "Нет выписки из ЕГРН <b>")
    moved(town, case, S.DRAFTED, at=AT + timedelta(hours=1))

    assert queries.stage_of(case.pk) is S.DRAFTED
    stranger = Client()
    code = queries.receipt_code(case.pk)
    assert stranger.post("/appeals/", {"number": case.number, "code": code}).status_code == 302
    page = stranger.get(reverse("website:appeal", args=[case.number])).content.decode()
    assert "Нет выписки из ЕГРН &lt;b&gt;" in page
    assert "Готовим договор" in page


def test_only_an_application_has_stages(town):
    case = sent(Client())
    Case.objects.filter(pk=case.pk).update(subject="bill_amount")

    with pytest.raises(DomainError, match="not_an_application"):
        moved(town, case, S.DOCUMENTS)


def test_the_desk_moves_it_and_is_offered_only_what_may_follow(town):
    case = sent(Client())
    operator = signed_in(town.staff["operator"].user_id, proved=True)
    page = reverse("desk:case_operation", args=[case.number, "stage"])
    assert page in operator.get(reverse("desk:case", args=[case.number])).content.decode()
    offered = operator.get(page).context["form"].fields["stage"].choices
    assert [code for code, _ in offered] == [one.value for one in FOLLOWING[S.RECEIVED]]
    assert operator.post(page, {"stage": S.SENT.value, "text": ""}).status_code == 422
    assert operator.post(page, {"stage": S.LACKING.value, "text": ""}).status_code == 422

    assert operator.post(page, {"stage": S.DOCUMENTS.value, "text": "Смотрим"}).status_code == 302

    assert queries.stage_of(case.pk) is S.DOCUMENTS
    assert "Смотрим" in operator.get(reverse("desk:case", args=[case.number])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_applicant_is_told_of_each_stage_once_with_what_was_said(town):
    case = sent(Client())
    moved(town, case, S.LACKING, "Нет выписки из ЕГРН")
    moved(town, case, S.DOCUMENTS, at=AT + timedelta(hours=1))
    for _ in range(2):
        reactions.deliver_facts(at=AT + timedelta(hours=2))

    told = list(Message.objects.filter(kind="application_moved").order_by("pk"))
    assert [(one.address, one.facts["stage"]) for one in told] == [
        ("anna@example.org", S.LACKING),
        ("anna@example.org", S.DOCUMENTS),
    ]
    subject, lines = message_words.letter(
        "application_moved", facts=readable(told[0].facts), company=offices.company(AT.date())
    )
    assert subject == f"Заявка {case.number}: не хватает документов"
    assert "Нет выписки из ЕГРН" in lines
    _, silent = message_words.letter(
        "application_moved", facts=readable(told[1].facts), company=offices.company(AT.date())
    )
    assert all(silent)
    assert len(silent) == len(lines) - 1
