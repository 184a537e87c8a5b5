"""Papers over the counter: given by who may print, behind the account's door, every look recorded."""

import io
import time

import pytest
from django.urls import reverse
from pypdf import PdfReader

from svet.domains.access import queries as access
from svet.domains.ledger import queries as ledger
from svet.domains.offices import actions as offices
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

AUTUMN = {"from_on": "2026-09-01", "to_on": "2026-10-31"}


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def at_the_desk(people, role, *, opens=("vera",)):
    browser = signed_in(people.staff[role].user_id, proved=True)
    for one in opens:
        doors.identified(browser, getattr(people, one).number)
    return browser


def test_an_operator_gives_the_statement_as_page_paper_and_sheet(people):
    browser = at_the_desk(people, "operator")

    page, pdf, xlsx = (
        browser.get(reverse(name, args=[people.vera.number]), AUTUMN)
        for name in ("desk:statement", "desk:statement_pdf", "desk:statement_xlsx")
    )

    assert "4\u00a0218,60" in page.content.decode()
    assert pdf.content.startswith(b"%PDF-")
    assert xlsx.content.startswith(b"PK")
    looks = access.looks(account_id=people.vera.account.id)
    assert {look.page for look in looks} == {"desk:statement", "desk:statement_pdf", "desk:statement_xlsx"}


def test_the_card_of_the_account_leads_to_it_only_who_may_print(people):
    link = reverse("desk:statement", args=[people.vera.number])
    card = reverse("desk:account", args=[people.vera.number])

    assert link in at_the_desk(people, "operator").get(card).content.decode()
    assert link not in at_the_desk(people, "auditor").get(card).content.decode()


def test_the_door_asks_who_it_is_and_comes_back_to_the_same_days(people):
    browser = at_the_desk(people, "operator", opens=())
    asked = browser.get(reverse("desk:statement", args=[people.vera.number]), AUTUMN)

    answer = browser.post(f"{asked.headers['Location']}&how=document", {"document": "passport"})

    assert "from_on=2026-09-01" in answer.headers["Location"]
    assert browser.get(answer.headers["Location"]).status_code == 200


def test_impossible_days_are_told_on_the_page(people):
    browser = at_the_desk(people, "operator")
    days = {"from_on": "2026-02-31", "to_on": "2026-03-01"}

    page = browser.get(reverse("desk:statement", args=[people.vera.number]), days)
    file = browser.get(reverse("desk:statement_pdf", args=[people.vera.number]), days)

    assert page.status_code == 422
    assert "нет в календаре" in page.content.decode()
    assert (file.status_code, "from_on=2026-02-31" in file.headers["Location"]) == (302, True)


def test_a_certificate_over_the_counter_bears_the_name_of_who_gave_it(people):
    browser = at_the_desk(people, "operator")
    asked = {"kind": "balance", "stated_on": "2026-11-18", "request_key": "0123456789abcdef"}

    answer = browser.post(reverse("desk:certificates", args=[people.vera.number]), asked)
    one = ledger.certificates_of(people.vera.account.id)[0]
    pdf = browser.get(reverse("desk:certificate_pdf", args=[people.vera.number, one.number]))

    author = access.person(people.staff["operator"].user_id)
    shown = " ".join(PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text().split())
    assert (answer.status_code, one.issued_by, one.channel) == (302, author.user_id, "desk")
    assert f"{author.position}, {author.name}" in shown
    assert "в личном кабинете" not in shown


def test_the_counter_gives_no_certificate_of_no_debt_to_who_owes(people):
    asked = {"kind": "no_debt", "stated_on": "2026-11-18", "request_key": "0123456789abcdef"}

    answer = at_the_desk(people, "operator").post(reverse("desk:certificates", args=[people.vera.number]), asked)

    assert answer.status_code == 422
    assert "есть долг" in answer.content.decode()
    assert ledger.certificates_of(people.vera.account.id) == []
