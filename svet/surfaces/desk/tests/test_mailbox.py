"""The mailbox at the desk: what needs a person, decided once; letters of cases are not shown past the case's door."""

import time

import pytest
from django.urls import reverse

from svet.domains.cases import actions as register
from svet.domains.notifications import actions, queries
from svet.domains.tariffs import actions as tariffs
from svet.flows import mail_intake
from svet.flows.mail_intake import MailTerms
from tests import cast, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

TERMS = MailTerms(("info@svet.example",), "svet.example")
NAUGHTY = "<script>alert(1)</script> О'Нил 😀"


def came(count: int, subject: str, *, more: str = "", sender: str = "anna@example.org") -> int:
    raw = f"From: {sender}\r\nSubject: {subject}\r\nMessage-ID: <{count}@x.org>\r\n{more}\r\n{NAUGHTY}".encode()
    mail_id = actions.take_mail(raw, mailbox="info", uidvalidity=1, uid=count, at=cast.NOW, size=len(raw))
    mail_intake.settle(mail_id, terms=TERMS, at=cast.NOW)
    return mail_id


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.NOW)
    reference.load(register, at=cast.NOW)
    staff = [one for one in cast.names.STAFF if one.role in {"operator", "cashier"}]
    people = {one.role: cast.employee(one) for one in staff}
    return {role: signed_in(one.user_id, proved=True) for role, one in people.items()}


def page(mail_id: int) -> str:
    return reverse("desk:letter_of_mailbox", args=[mail_id])


def test_what_needs_a_person_is_decided_once(desk):
    operator = desk["operator"]
    taken, spam = came(1, "Вопрос"), came(2, NAUGHTY, more="X-Spam-Flag: YES\r\n")
    other = came(3, "ещё", more="List-Id: <x>\r\n")
    actions.note_look("info", at=cast.NOW, uidvalidity=1, held=4, missing=1)
    ledger = operator.get(reverse("desk:mailbox")).content.decode()
    assert ("<script>alert" in ledger, "ещё не забрали 1" in ledger, "anna@example.org" in ledger) == (
        False,
        True,
        True,
    )
    cases = operator.get(reverse("desk:mailbox"), {"state": "cases"}).content.decode()
    number = queries.mail(taken).case_number
    assert (number in cases, "anna@example.org" in cases, "Вопрос</" in cases) == (True, False, False)
    assert operator.get(page(taken)).headers["Location"] == reverse("desk:case", args=[number])
    for odd in ({"state": "'"}, {"page": "0"}, {"page": "999999"}, {"page": "😀"}):
        assert operator.get(reverse("desk:mailbox"), odd).status_code == 200

    shown = operator.get(page(spam)).content.decode()
    assert ("<script>alert" in shown, "считает спамом" in shown) == (False, True)
    wrongs = ({}, {"decision": "x"}, {"decision": "join"}, {"decision": "join", "number": "12"}, {"decision": "aside"})
    for wrong in wrongs:
        assert operator.post(page(spam), wrong).status_code == 422
    unknown = operator.post(page(spam), {"decision": "join", "number": "ОБ-26-00-999999"})
    assert (unknown.status_code, "Такого обращения нет" in unknown.content.decode()) == (422, True)
    assert operator.post(page(spam), {"decision": "aside", "reason": "реклама"}).status_code == 302
    assert (queries.mail(spam).state, queries.mail(spam).note) == ("set_aside", "реклама")

    joined = operator.post(page(other), {"decision": "join", "number": number})
    assert joined.headers["Location"] == reverse("desk:case", args=[number])
    again = operator.post(page(other), {"decision": "case"})
    assert (again.status_code, "другой сотрудник" in again.content.decode()) == (409, True)
    made = operator.post(page(spam), {"decision": "case"})
    assert made.status_code == 302
    assert queries.mail_counts() == {"new_case": 2, "joined": 1}


def test_only_who_answers_cases_reads_the_mailbox(desk):
    mail_id = came(1, "спам", more="X-Spam-Flag: YES\r\n")

    assert desk["cashier"].get(reverse("desk:mailbox")).status_code == 403
    assert desk["cashier"].post(page(mail_id), {"decision": "case"}).status_code == 403
    assert desk["operator"].get(page(mail_id + 1_000)).status_code == 404
    assert queries.mail(mail_id).state == "unusable"
