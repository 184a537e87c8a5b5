"""The meters and acts of an account: everybody on it sees them, the owner alone gets scans, others get nothing."""

import time
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.accounts.rules import GrantRole
from svet.domains.metering import actions as metering
from svet.domains.metering.rules.acts import Hung, NewMeter, Paper, TakenDown
from svet.flows import personal_data
from svet.infra import files
from svet.kernel.energy import Zoning
from tests import cast, scans

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    return cast.assemble()


@pytest.fixture
def act(people):
    scan = files.store(scans.pdf(), name="Акт 17.pdf", by=5, at=cast.NOW)
    meter = NewMeter("90000017", "Нева МТ 124", Zoning.ONE, digits=6, verification_due_on=date(2042, 11, 1))
    return metering.replace_meter(
        people.anna.account.id,
        down=TakenDown(people.anna.serial, date(2026, 11, 10), {"1": "13700"}),
        hung=Hung(meter, date(2026, 11, 12), {"1": "0"}),
        paper=Paper("17/А", "Кузнецов А. В.", "k" * 32, seals="АБ 1", scans=(scan.id,)),
        by=5,
        at=cast.NOW,
    )


def browser_of(home):
    browser = Client()
    assert browser.login(username=home.number, password=cast.PASSWORD)
    return browser


def page(home):
    return reverse("cabinet:meters", args=[home.number])


def scan_of(home, act):
    return reverse("cabinet:act_scan", args=[home.number, act.id, act.scans[0].id])


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_the_owner_sees_meters_terms_acts_and_gets_the_scan(people, act):
    browser = browser_of(people.anna)

    shown = text(browser.get(page(people.anna)))

    for words in ("№ 90000017", "1 ноября 2042", "Замена счётчика", "17/А", "13 700", people.anna.serial, "Акт 17.pdf"):
        assert words in shown
    assert browser.get(scan_of(people.anna, act)).content == scans.pdf()
    assert page(people.anna) in text(browser.get(reverse("cabinet:home", args=[people.anna.number])))


def test_an_account_without_acts_shows_its_meter(people):
    shown = text(browser_of(people.vera).get(page(people.vera)))

    assert people.vera.serial in shown
    assert "Акты" not in shown


def test_an_act_that_was_taken_back_says_so(people, act):
    metering.undo_meter_act(act.id, account_id=people.anna.account.id, reason="Ошибка", by=5, at=cast.NOW)

    assert "отменён" in text(browser_of(people.anna).get(page(people.anna)))


@pytest.mark.parametrize("role", [GrantRole.PAYER, GrantRole.READER])
def test_who_was_let_in_sees_the_act_and_gets_no_scan(people, act, role):
    at = cast.moment(cast.LONG_AGO)
    accounts.grant_access(people.anna.account.id, user_id=people.vera.user_id, role=role, from_on=cast.LONG_AGO, at=at)
    browser = browser_of(people.vera)

    shown = text(browser.get(page(people.anna)))

    assert "Замена счётчика" in shown
    assert "Акт 17.pdf" not in shown
    assert browser.get(scan_of(people.anna, act)).status_code == 403


def test_others_see_nothing_and_a_forged_number_gives_nothing(people, act):
    intruder = browser_of(people.intruder)

    assert intruder.get(page(people.anna)).status_code == 404
    assert intruder.get(scan_of(people.anna, act)).status_code == 404
    assert intruder.get(scan_of(people.intruder, act)).status_code == 404
    assert Client().get(scan_of(people.anna, act)).status_code == 302


def test_everything_held_about_me_has_the_act(people, act):
    accounts.request_disclosure(people.anna.user_id, at=cast.NOW)
    asked = accounts_of.disclosures_of(people.anna.user_id)[0]

    parts = list(personal_data.make(asked, at=cast.NOW))

    (part,) = [one for one in parts if one.account and one.account.number == people.anna.number]
    (told,) = part.sections["meter_acts"]
    assert (told.number, told.removed, told.installed) == ("17/А", people.anna.serial, "90000017")
    assert told.scans == ("Акт 17.pdf",)
