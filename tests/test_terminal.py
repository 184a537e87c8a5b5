"""The self-service terminal (clause O4): readings and payment without signing in, nothing kept of who was there."""

import io
import subprocess
import time
from datetime import timedelta

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from svet.domains.access import actions as access
from svet.domains.access.rules import FREE_FAILURES_PER_DEVICE, AttemptKind
from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Verdict
from svet.domains.offices import actions as offices
from svet.domains.offices.rules.channels import Deed, Way
from svet.domains.payments import actions as payments
from svet.domains.visits import actions as visits
from svet.domains.visits.rules import DeviceKind
from svet.infra.models import AuditRecord
from svet.kernel.period import Period
from svet.surfaces.hall.terminal_visit import KEPT, LASTS
from svet.surfaces.web.channels import way_rows
from svet.surfaces.web.tests.test_sign_up import facts, gather
from tests import cast, reference

pytestmark = pytest.mark.django_db

OFFICE = "vladimir-mira-61a"
READINGS, PAYMENT = Deed.READINGS.value, Deed.PAYMENT.value


@pytest.fixture
def town(db, monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    reference.load(visits, at=cast.moment(cast.LONG_AGO))
    return gather()


class Terminal:
    """A terminal as its visitor uses it, by plain forms."""

    def __init__(self, deed=READINGS, secret=None):
        self.browser = Client(enforce_csrf_checks=False)
        self.secret = secret or visits.make_device(OFFICE, DeviceKind.TERMINAL, name="у кассы", at=cast.NOW)
        self.home = reverse("hall:terminal", args=[self.secret])
        self.page = reverse("hall:terminal_deed", args=[self.secret, deed])
        self.text = self.read()

    def read(self):
        answer = self.browser.get(self.page)
        self.status, self.headers = answer.status_code, answer.headers
        self.text = answer.content.decode()
        return self.text

    def says(self, **typed):
        answer = self.browser.post(self.page, typed)
        self.went = answer.headers.get("Location")
        return self.read()

    def prove(self, one, **other):
        given = facts(one, **other)
        for name in ("number", "bill", "amount"):
            self.says(value=given[name], do="next")
        return self.text


def given(one):
    return [(row.value, row.verdict) for row in metering.history(one.account.id) if row.channel == "terminal"]


def later(monkeypatch, pause):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str((cast.NOW + pause).timestamp() - time.time()))


def off(deed, *, is_on=False):
    offices.turn_channel(
        Way.TERMINAL,
        deed,
        is_on=is_on,
        redirect="" if is_on else "Передайте по телефону",
        reason="сбой",
        from_at=None,
        by=1,
        at=cast.NOW,
    )


def test_a_reading_is_given_step_by_step_and_leaves_a_receipt(town):
    terminal = Terminal()
    assert "Номер лицевого счёта" in terminal.text
    terminal.prove(town.anna)
    assert town.anna.serial[-4:] in terminal.text

    page = terminal.says(value="13760", do="next")

    assert given(town.anna) == [(13760, Verdict.ACCEPTED)]
    number = next(row.receipt_number for row in metering.history(town.anna.account.id) if row.channel == "terminal")
    assert "Показания приняты" in page
    assert number in page
    assert not [word for word in (*town.anna.account.customer_name.split(), town.anna.serial) if word in page]


def printed(terminal):
    """Return the answers of the page for printing and of the strip, and what the strip says."""
    page = terminal.browser.get(reverse("hall:terminal_print", args=[terminal.secret, terminal.page.split("/")[-2]]))
    strip = terminal.browser.get(reverse("hall:terminal_strip", args=[terminal.secret, terminal.page.split("/")[-2]]))
    if strip.status_code != 200:
        return page, strip, ""
    told = subprocess.run(["pdftotext", "-", "-"], input=strip.content, capture_output=True, check=True)
    return page, strip, told.stdout.decode()


def test_what_the_visit_came_to_is_printed_without_script_and_only_while_it_goes_on(town, monkeypatch):
    terminal = Terminal()
    terminal.prove(town.anna)
    assert printed(terminal)[1].status_code == 404
    terminal.says(value="13760", do="next")
    number = next(row.receipt_number for row in metering.history(town.anna.account.id) if row.channel == "terminal")
    page, strip, told = printed(terminal)

    assert "strip.pdf" in page.content.decode()
    assert number in told
    assert "13 760" in told.replace("\xa0", " ").replace("\u202f", " ")
    assert not [word for word in (*town.anna.account.customer_name.split(), town.anna.serial) if word in told]
    assert strip.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in strip.headers["Cache-Control"]
    with pikepdf.open(io.BytesIO(strip.content)) as paper:
        assert round(float(paper.pages[0].mediabox[2]) / 72 * 25.4) == 80
    later(monkeypatch, LASTS + timedelta(minutes=1))
    page, strip, _ = printed(terminal)
    assert page.headers["Location"].endswith("?over")
    assert strip.status_code == 404


def test_a_sum_to_pay_is_printed_with_its_code(town):
    terminal = Terminal(PAYMENT)
    terminal.prove(town.vera)
    _, _, told = printed(terminal)
    assert "К оплате" in told
    assert town.vera.number in told
    assert "₽" in told


def test_the_keypad_types_without_script(town):
    terminal = Terminal()
    terminal.says(value="330", key="0")
    terminal.says(value="3300", key="9")
    page = terminal.says(value="33009", key="erase")

    assert 'value="3300"' in page
    assert 'value="3300,"' not in terminal.says(value="3300", key=",")


def test_each_answer_is_a_redirect_to_one_address_and_no_page_may_be_kept(town):
    terminal = Terminal()
    terminal.says(value="1", do="next")

    assert terminal.went == terminal.page
    assert "В номере лицевого счёта 10 цифр" in terminal.text
    assert "no-store" in terminal.headers["Cache-Control"]
    assert terminal.headers["Referrer-Policy"] == "same-origin"


def test_an_odd_value_is_asked_about_and_taken_when_confirmed(town):
    terminal = Terminal()
    terminal.prove(town.anna)
    page = terminal.says(value="16760", do="next")
    assert "Расход больше обычного" in page
    assert given(town.anna) == []

    assert "16760" in terminal.says(do="back")
    terminal.says(value="16760", do="next")
    page = terminal.says(do="next")

    assert "ждут проверки" in page
    assert given(town.anna) == [(16760, Verdict.HELD)]


def test_an_impossible_value_is_refused_and_asked_again(town):
    terminal = Terminal()
    terminal.prove(town.anna)
    assert 'id="told"' in terminal.says(value="12345678901", do="next")
    assert {verdict for _, verdict in given(town.anna)} == {Verdict.REFUSED}
    page = terminal.says(value="13760", do="next")
    assert "Показания приняты" in page


def test_a_meter_of_several_zones_is_asked_zone_by_zone(town):
    terminal = Terminal()
    terminal.prove(town.igor)
    assert "шаг 1 из 2" in terminal.text
    assert "шаг 2 из 2" in terminal.says(value="1", do="next")
    assert "шаг 1 из 2" in terminal.says(do="back", value="")


def test_the_sum_is_shown_with_a_code_and_the_till_of_the_office(town):
    visits.make_window(OFFICE, 1, at=cast.NOW)
    payments.open_till("K1", name="Касса 1", office_code=OFFICE, at=cast.NOW)
    terminal = Terminal(PAYMENT)
    page = terminal.prove(town.vera)

    assert "Код для оплаты" in page
    assert "Оплата в кассе" in page
    assert town.vera.number in page
    visits.close_service(OFFICE, "payments", days=Period(cast.NOW.date(), None), why="Касса закрыта", at=cast.NOW)
    assert "Оплата в кассе" not in terminal.read()


def test_wrong_facts_say_the_same_for_all_and_the_device_bounds_the_tries(town):
    secret = Terminal().secret
    unknown = {"number": "3300000099", "bill": "2610-1", "amount": "1"}
    told = []
    for other in ({"amount": "1.23"}, unknown):
        terminal = Terminal(secret=secret)
        terminal.prove(town.anna, **other)
        told.append(terminal.text.split('id="told">')[1].split("</div>")[0])
    assert len(set(told)) == 1

    device = AuditRecord.objects.filter(verb="access.facts_of_bill").last().data["from"]
    failed = {"asked_from": device, "succeeded": False, "at": cast.NOW}
    for place in range(FREE_FAILURES_PER_DEVICE - 3):
        access.record_attempt(AttemptKind.FACTS_OF_BILL, target=f"33000{place:05d}", **failed)
    assert "Слишком много" not in Terminal(secret=secret).prove(town.anna, number="3300000100")
    page = Terminal(secret=secret).prove(town.igor)
    assert "Слишком много попыток" in page
    assert "шаг 1 из 3" in page
    assert "Слишком много" not in Terminal().prove(town.igor)
    assert AuditRecord.objects.filter(verb="access.facts_of_bill", data__succeeded=False).count() == 100


def test_a_visit_that_nobody_goes_on_with_is_forgotten_by_the_server(town, monkeypatch):
    terminal = Terminal()
    terminal.prove(town.anna)
    later(monkeypatch, LASTS - timedelta(seconds=10))
    terminal.says(do="more", value="13")
    later(monkeypatch, 2 * LASTS - timedelta(seconds=20))
    assert 'value="13"' in terminal.read()

    later(monkeypatch, 2 * LASTS)
    answer = terminal.browser.post(terminal.page, {"value": "13760", "do": "next"})
    assert answer.headers["Location"] == f"{terminal.home}?over"
    assert "Время вышло" in terminal.browser.get(answer.headers["Location"]).content.decode()
    assert given(town.anna) == []
    assert "Номер лицевого счёта" in terminal.read()


def test_the_first_screen_forgets_all_and_takes_the_cookies_away(town):
    terminal = Terminal()
    terminal.prove(town.anna)
    kept = terminal.browser.session.session_key

    answer = terminal.browser.get(terminal.home)

    assert answer.cookies["sessionid"]["max-age"] == 0
    assert answer.cookies["csrftoken"]["max-age"] == 0
    terminal.browser.cookies["sessionid"] = kept
    assert KEPT not in terminal.browser.session
    assert "Номер лицевого счёта" in terminal.read()


def test_a_visit_at_one_terminal_is_none_at_another_and_none_for_another_deed(town):
    terminal = Terminal()
    terminal.prove(town.anna)
    other = visits.make_device(OFFICE, DeviceKind.TERMINAL, name="второй", at=cast.NOW)
    elsewhere = reverse("hall:terminal_deed", args=[other, READINGS])

    assert "Номер лицевого счёта" in terminal.browser.get(elsewhere).content.decode()
    kiosk = visits.make_device(OFFICE, DeviceKind.KIOSK, name="киоск", at=cast.NOW)
    assert Client().get(reverse("hall:terminal", args=[kiosk])).status_code == 404
    assert Client().get(reverse("hall:terminal_deed", args=[other, "appeals"])).status_code == 404


def test_a_terminal_that_is_turned_off_says_where_to_go_at_once(town):
    terminal = Terminal()
    terminal.prove(town.anna)
    off(Deed.READINGS)

    assert "Передайте по телефону" in terminal.says(value="13760", do="next")
    assert terminal.status == 409
    assert given(town.anna) == []
    home = terminal.browser.get(terminal.home).content.decode()
    assert "Передайте по телефону" in home
    assert terminal.page not in home
    assert reverse("hall:terminal_deed", args=[terminal.secret, PAYMENT]) in home
    off(Deed.READINGS, is_on=True)
    assert terminal.page in terminal.browser.get(terminal.home).content.decode()


def test_the_site_names_terminals_only_where_there_are_some(town):
    def named():
        return "terminal" in [one["code"] for one in way_rows(Deed.READINGS)]

    assert not named()
    Terminal()
    assert named()
    assert "terminal" in [one["code"] for one in way_rows()]
