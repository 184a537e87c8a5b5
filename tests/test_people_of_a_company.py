"""A company's account and its people: the director owns it, the bookkeeper pays, the storekeeper reads."""

import time
from decimal import Decimal

import pytest
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.accounts.rules import account_number
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.customers import actions as customers
from svet.domains.customers.rules import CustomerKind
from svet.domains.metering import queries as readings_of
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.kernel.period import Month
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db
NAME = "ООО «Ромашка & Ко»"
MONTH = Month("2026-10")


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


@pytest.fixture
def company(people):
    """A company at Vera's place, where she is supplied no more, with a billed month."""
    at, from_on = cast.moment(cast.LONG_AGO), cast.LONG_AGO
    customer_id = customers.register_customer(
        kind=CustomerKind.COMPANY, organisation_name=NAME, inn="7707083893", kpp="770701001", at=at
    )
    account = accounts.open_account(customer_id, opened_on=from_on, number=account_number(77), at=at)
    for agreement in accounts_of.agreements_of(people.vera.account.id, on=cast.NOW.date()):
        accounts.end_agreement(agreement.id, until_on=agreement.period.start.replace(day=2), at=cast.NOW)
        began = agreement.period.start.replace(day=2)
    accounts.make_agreement(account.id, supply_point_id=people.vera.supply_point_id, from_on=began, at=at)
    accounts.change_household(account.id, from_on=from_on, registered=0, owners=1, at=at)
    cast._readings(account.id, people.vera.serial, [5_210], monthly=[150])
    run_id = billing.start_run(month=MONTH, dry=False, started_by=None, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    billing.issue_bills(run_id, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    return account


@pytest.fixture
def windows(company):
    """Return a browser for each role."""
    opened = {}
    for role, family in (("owner", "Директорова"), ("payer", "Бухгалтерова"), ("reader", "Кладовщиков")):
        user_id = access.create_user(
            f"romashka-{role}", password=cast.PASSWORD, at=cast.NOW, family_name=family, given_name="Ли"
        )
        accounts.grant_access(company.id, user_id=user_id, role=role, from_on=cast.LONG_AGO, at=cast.NOW)
        opened[role] = signed_in(user_id)
    return opened


def page(company, name, *rest):
    return reverse(f"cabinet:{name}", args=[company.number, *rest])


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_everybody_sees_the_company_by_its_name_its_bills_and_its_papers(company, windows):
    for role, window in windows.items():
        home = window.get(page(company, "home"))
        assert home.status_code == 200, role
        assert "ООО «Ромашка &amp; Ко»" in text(home)
        for name in ("readings", "bills", "payments", "statement"):
            assert window.get(page(company, name)).status_code == 200, (role, name)
        assert window.get(page(company, "bill", MONTH.text)).status_code == 200
        paper = window.get(page(company, "bill_pdf", MONTH.text))
        assert paper.content.startswith(b"%PDF"), role


def test_owner_and_payer_give_readings_and_the_reader_does_not(people, company, windows):
    for role, code in (("reader", 403), ("payer", 200), ("owner", 200)):
        assert windows[role].get(page(company, "give_reading")).status_code == code, role
    assert "Передать" not in text(windows["reader"].get(page(company, "home")))

    before = readings_of.history(company.id)
    typed = {"source_id": "click-0001", "meter": people.vera.serial, "taken_on": str(cast.NOW.date())}
    typed |= {"t1": str(int(before[0].value) + 140)}
    given = windows["payer"].post(page(company, "give_reading"), typed)

    assert given.status_code == 302
    assert len(readings_of.history(company.id)) == len(before) + 1


def test_only_the_owner_decides_about_people_and_contacts(company, windows):
    for role, code in (("reader", 403), ("payer", 403), ("owner", 200)):
        assert windows[role].get(page(company, "people")).status_code == code, role
    invited = windows["owner"].post(page(company, "people"), {"value": "new@romashka.example", "role": "payer"})
    assert invited.status_code == 302
    assert (
        windows["payer"].post(page(company, "people"), {"value": "x@romashka.example", "role": "owner"}).status_code
        == 403
    )


def test_the_companys_people_see_no_other_account_and_nobody_else_sees_theirs(people, company, windows):
    for window in windows.values():
        assert window.get(reverse("cabinet:home", args=[people.anna.number])).status_code == 404
    for person in (people.anna, people.vera, people.intruder):
        assert signed_in(person.user_id).get(page(company, "home")).status_code == 404


def test_who_is_removed_sees_nothing_any_more(company, windows):
    payer = next(one for one in accounts_of.people_of(company.id, on=cast.NOW.date()) if one.role == "payer")

    removed = windows["owner"].post(reverse("cabinet:remove_person", args=[company.number, payer.user_id]))

    assert removed.status_code == 302
    assert windows["payer"].get(page(company, "home")).status_code == 404


def test_the_desk_finds_the_company_and_shows_its_card(people, company):
    browser = signed_in(people.staff["supervisor"].user_id, proved=True)
    doors.inside(browser, company.number)

    card = text(browser.get(reverse("desk:account", args=[company.number])))

    assert "ООО «Ромашка &amp; Ко»" in card
    assert Decimal(5210) < readings_of.history(company.id)[0].value
