"""The phone desk: nothing of an account before the caller is identified; then a bill, a reading, an appeal at once."""

import time
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.access.models import PersonalDataLook
from svet.domains.cases import actions
from svet.domains.cases import queries as cases
from svet.domains.cases.models import Case, MatterPart, ServiceContact
from svet.domains.cases.rules.contacts import ContactChannel
from svet.domains.cases.rules.register import CaseChannel, CaseKind
from svet.domains.content import actions as content
from svet.domains.content import queries as content_reads
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.flows import case_intake
from tests import cast, reference
from tests.architecture.test_urls import signed_in
from tests.doors import identified

pytestmark = pytest.mark.django_db
PHONE = "/desk/phone/"


def test_a_call_from_the_number_to_the_appeal(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(content, at=cast.NOW)
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    assert "сейчас работает" in operator.get(PHONE).content.decode()
    for _ in range(2):
        assert operator.post(PHONE, {"take_call": "yes"}).status_code == 302
    contact = ServiceContact.objects.get()
    about = content_reads.knowledge_about(["charges"])[0]
    told = reverse("desk:knowledge_article", args=[about.id])
    assert told in operator.get(PHONE, {"about": "charges"}).content.decode()
    for other in ("", "forged", "cabinet_access"):
        assert told not in operator.get(PHONE, {"about": other}).content.decode()
    found = operator.get(PHONE, {"q": people.anna.number}).content.decode()
    assert people.anna.number in found and people.anna.account.customer_name not in found
    assert not PersonalDataLook.objects.exists()
    appeal = {
        "request_key": uuid.uuid4().hex,
        "kind": "question",
        "subject": "bill_amount",
        "text": "О'Нил <b> 😀",
    }
    assert operator.post(PHONE, appeal).status_code == 200 and not Case.objects.exists()

    why = reverse("desk:why", args=[people.anna.number])
    wrong = operator.post(f"{why}?how=phone&next={PHONE}", {"name": "Иван Иванов", "number": people.anna.number})
    assert wrong.status_code == 422 and "Записать обращение<" not in operator.get(PHONE).content.decode()
    said = {"name": people.anna.account.customer_name, "number": people.anna.number}
    assert operator.post(f"{why}?how=phone&next={PHONE}", said).headers["Location"] == PHONE
    page = operator.get(PHONE).content.decode()
    assert people.anna.account.customer_name in page and "Принять показания" in page
    assert PersonalDataLook.objects.filter(page="desk:phone", account_id=people.anna.account.id).exists()
    for bad in ({"text": " "}, {"subject": "forged"}, {"kind": "x"}, {"request_key": "x"}):
        assert operator.post(PHONE, appeal | bad).status_code == 422 and not Case.objects.exists(), bad
    for _ in range(2):
        assert operator.post(PHONE, appeal).status_code == 302
    case = Case.objects.get()
    assert (case.channel, case.account_id) == ("by_phone", people.anna.account.id)
    assert MatterPart.objects.filter(part="contact_part", part_id=contact.pk, matter=case.matter).exists()

    other = signed_in(people.staff["supervisor"].user_id, proved=True)
    assert people.anna.account.customer_name not in other.get(PHONE).content.decode()
    cashier = signed_in(people.staff["cashier"].user_id, proved=True)
    assert cashier.post(PHONE, appeal | {"request_key": uuid.uuid4().hex}).status_code == 200
    assert signed_in(people.anna.user_id).get(PHONE).status_code == 403
    assert Case.objects.count() == 1


def test_a_visit_joins_the_matter_of_the_open_case_that_its_operator_looks_at(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, actions):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    who = people.staff["operator"].user_id
    operator = signed_in(who, proved=True)
    numbers = []
    for place, one in enumerate((people.anna, people.anna, people.igor)):
        identified(operator, one.number)
        letter = actions.Incoming(channel=CaseChannel.POST, text="Счёт", received_at=cast.NOW, key=f"one-{place}")
        made = case_intake.take_at_desk(
            letter,
            applicant=cases.applicant_of_number(one.number, at=cast.NOW),
            kind=CaseKind.QUESTION,
            subject_code="bill_amount",
            by=who,
            at=cast.NOW,
            details=actions.Details(),
        )
        numbers.append(made.number)
        actions.close_abandoned(at=cast.NOW + timedelta(days=1))
    contact_id = actions.begin_contact(who, channel=ContactChannel.VISIT, at=cast.NOW)
    operator.get(reverse("desk:case", args=[numbers[0]]))
    assert not MatterPart.objects.filter(part="contact_part", part_id=contact_id).exists()

    identified(operator, people.anna.number)
    for number in (numbers[2], numbers[0], numbers[1], numbers[0]):
        assert operator.get(reverse("desk:case", args=[number])).status_code == 200

    hung = MatterPart.objects.get(part="contact_part", part_id=contact_id)
    assert (hung.matter, hung.how) == (Case.objects.get(number=numbers[0]).matter, "joined_by_suggestion")
    assert hung.by_id == who


def test_a_refusal_and_the_end_of_a_call_lead_back_to_the_phone_and_its_note_stands_on_the_event(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, actions):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    refusal = reverse("desk:why", args=[people.anna.number]) + "?how=refusal"
    assert (
        f"{refusal.replace('&', '&amp;')}&amp;next={PHONE}"
        in operator.get(PHONE, {"q": people.anna.number}).content.decode()
    )
    said = {"channel": "call", "reason": "Не назвал адрес"}
    assert operator.post(f"{refusal}&next={PHONE}", said).headers["Location"] == PHONE
    assert operator.post(f"{refusal}&next=//evil.example", said).headers["Location"] == reverse("desk:home")

    operator.post(PHONE, {"take_call": "yes"})
    contact = ServiceContact.objects.get(ended_at=None)
    identified(operator, people.anna.number)
    for text in ("Не дозвониться", "И не приняли показания"):
        operator.post(PHONE, {"request_key": uuid.uuid4().hex, "kind": "grievance", "subject": "other", "text": text})
    first, second = Case.objects.order_by("pk")
    assert MatterPart.objects.get(part="contact_part", part_id=contact.pk).matter == first.matter != second.matter
    end = reverse("desk:end_contact", args=[contact.pk])
    assert f"{end}?next={PHONE}" in operator.get(PHONE).content.decode()
    ended = {"subjects": ["complaint"], "settled": "promised", "note": "Обещали <b>перезвонить</b>"}
    assert operator.post(f"{end}?next={PHONE}", ended).headers["Location"] == PHONE
    page = operator.get(reverse("desk:case", args=[first.number])).content.decode()
    assert "Обещали &lt;b&gt;перезвонить&lt;/b&gt;" in page


def test_an_appeal_takes_its_call_from_the_case_that_was_only_looked_at(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    for domain in (tariffs, offices, actions):
        reference.load(domain, at=cast.moment(cast.LONG_AGO))
    people = cast.assemble()
    who = people.staff["operator"].user_id
    operator = signed_in(who, proved=True)
    contact_id = actions.begin_contact(who, channel=ContactChannel.CALL, at=cast.NOW)
    looked_at = actions.register(
        actions.Incoming(channel=CaseChannel.POST, text="Счёт", received_at=cast.NOW),
        applicant=cases.applicant_of_number(people.anna.number, at=cast.NOW),
        at=cast.NOW,
    )
    identified(operator, people.anna.number)
    operator.get(reverse("desk:case", args=[looked_at.number]))
    operator.post(PHONE, {"request_key": uuid.uuid4().hex, "kind": "question", "subject": "other", "text": "О другом"})

    taken = Case.objects.exclude(pk=looked_at.case_id).get()
    hung = MatterPart.objects.filter(part="contact_part", part_id=contact_id).latest("pk")
    assert (hung.matter, hung.how) == (taken.matter, "joined_by_hand")
