"""Certificates in the account area: given to the owner once, reprinted as they were, checked by anybody."""

import io
import re
import time
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from svet.domains.accounts import actions as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.ledger import queries as ledger
from svet.domains.offices import actions as offices
from svet.domains.payments import actions as payments
from svet.surfaces.paper.tests.test_bill import scanned
from tests import cast, reference

pytestmark = pytest.mark.django_db

KEY = "0123456789abcdef"


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def browser_of(home):
    browser = Client()
    assert browser.login(username=home.number, password=cast.PASSWORD)
    return browser


def ask(home, *, browser=None, kind="balance", day="2026-11-18", key=KEY):
    page = reverse("cabinet:certificates", args=[home.number])
    asked = {"kind": kind, "stated_on": day, "request_key": key}
    return (browser or browser_of(home)).post(page, asked)


def given(home):
    return ledger.certificates_of(home.account.id)


def file_of(home, number):
    return browser_of(home).get(reverse("cabinet:certificate_pdf", args=[home.number, number]))


def words_of(answer):
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def test_the_owner_gets_a_certificate_whose_paper_says_it_all(people):
    answer = ask(people.vera)
    one = given(people.vera)[0]

    shown = words_of(file_of(people.vera, one.number))

    assert answer.status_code == 302
    for text in (
        "Справка об остатке на счёте", f"№ {one.number:06d} от 18 ноября 2026", "Орлова Вера Ильинична", "33 0000 0035",
        "долг 4 218,60 ₽", "Сформирована в личном кабинете 18.11.2026", "testserver/check",
        " ".join((one.code[:4], one.code[4:8], one.code[8:])),
    ):  # fmt: skip
        assert text in shown, text


def test_the_code_on_the_paper_leads_to_the_check(people, tmp_path):
    ask(people.vera)
    one = given(people.vera)[0]

    read = scanned(file_of(people.vera, one.number).content, tmp_path)

    asked = f"?number={one.number:06d}&code={one.code}"
    assert list(read.values()) == [f"http://testserver{reverse('website:check')}{asked}"]
    assert "настоящая" in Client().get(reverse("website:check") + asked).content.decode()


def test_pressed_twice_it_is_one_certificate(people):
    browser = browser_of(people.anna)

    first, second = (ask(people.anna, browser=browser, kind="no_debt") for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert len(given(people.anna)) == 1


def test_who_owes_is_told_how_much_and_gets_no_certificate_of_no_debt(people):
    answer = ask(people.vera, kind="no_debt")

    assert answer.status_code == 422
    assert "есть долг 4\u00a0218,60 ₽" in answer.content.decode()
    assert given(people.vera) == []


def test_of_a_day_on_which_all_was_paid_there_is_one(people):
    payments.accept_payment(
        source_code="sberbank",
        external_id="1",
        account_number=people.vera.number,
        amount=Decimal("4218.60"),
        paid_at=cast.moment(date(2026, 11, 10)),
        received_at=cast.NOW,
    )

    before, after = ask(people.vera, kind="no_debt", day="2026-11-09"), ask(people.vera, kind="no_debt")

    assert (before.status_code, after.status_code) == (422, 302)
    assert "задолженности нет" in words_of(file_of(people.vera, given(people.vera)[0].number))


def test_it_is_reprinted_to_the_last_byte_after_names_and_the_company_changed(people):
    ask(people.vera)
    number = given(people.vera)[0].number
    before = file_of(people.vera, number).content

    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET family_name = 'Другая'")
        cursor.execute("UPDATE offices_company SET name = 'Другая компания'")

    assert file_of(people.vera, number).content == before


@pytest.mark.parametrize(
    ("kind", "day", "said"),
    [
        ("balance", "2026-11-19", "ещё не наступил"),
        ("balance", "31.02.2026", "Такого дня нет"),
        ("balance", "", "Укажите день"),
        ("balance", "1926-01-01", "счёта ещё не было"),
        ("", "2026-11-18", "Выберите, какая"),
        ("clean", "2026-11-18", "из списка"),
        ("<b>😀'\"", "2026-11-18", "из списка"),
    ],
)
def test_what_cannot_be_certified_is_told_in_plain_words(people, kind, day, said):
    answer = ask(people.anna, kind=kind, day=day)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert given(people.anna) == []


@pytest.mark.parametrize("key", ["", "short", "x" * 65])
def test_a_request_without_its_key_gives_nothing(people, key):
    assert ask(people.anna, key=key).status_code == 422
    assert given(people.anna) == []


def test_the_key_of_another_certificate_is_refused(people):
    ask(people.anna)

    answer = ask(people.anna, kind="no_debt")

    assert answer.status_code == 422
    assert "уже выдана другая справка" in answer.content.decode()


def test_a_reader_sees_certificates_but_gets_no_new_one(people):
    ask(people.anna)
    accounts.grant_access(
        people.anna.account.id,
        user_id=people.igor.user_id,
        role=GrantRole.READER,
        from_on=cast.LONG_AGO,
        at=cast.moment(cast.LONG_AGO),
    )
    browser = browser_of(people.igor)

    page = browser.get(reverse("cabinet:certificates", args=[people.anna.number])).content.decode()

    assert "только владелец" in page
    assert "Сделать справку" not in page
    assert ask(people.anna, browser=browser, key="another-request").status_code == 403
    assert len(given(people.anna)) == 1


def test_another_persons_certificate_is_not_found(people):
    ask(people.anna)
    number = given(people.anna)[0].number
    browser = browser_of(people.intruder)

    for owner in (people.anna, people.intruder):
        assert browser.get(reverse("cabinet:certificate_pdf", args=[owner.number, number])).status_code == 404
    assert ask(people.anna, browser=browser).status_code == 404


def checked(number, code):
    return Client().get(reverse("website:check"), {"number": number, "code": code})


def test_anybody_may_check_and_learns_nothing_personal(people):
    ask(people.vera)
    one = given(people.vera)[0]

    page = checked(f" {one.number:06d}", f"{one.code[:4]}-{one.code[4:8]} {one.code[8:]}").content.decode()

    assert "настоящая" in page
    assert "18\u00a0ноября 2026" in page
    for secret in ("Орлова", "Вера", people.vera.number, "218,60", "Садовая"):
        assert secret not in page


@pytest.mark.parametrize(("number", "code"), [("1", "000000000000"), ("999999", "123456789012")])
def test_a_certificate_that_was_never_given_out_is_called_so(people, number, code):
    page = checked(number, code).content.decode()

    assert "Такой справки мы не выдавали" in page
    assert "настоящая</h2>" not in page


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("", "", "Введите номер справки"),
        ("1", "123", "12 цифр"),
        ("1", "١٢٣٤٥٦٧٨٩٠١٢", "12 цифр"),
        ("1' OR 1=1", "123456789012", "только цифры"),
        ("1", "😀" * 12, "12 цифр"),
        ("9" * 300, "9" * 300, "Проверьте, что введено"),
    ],
)
def test_what_is_no_number_or_code_is_told_at_its_field(db, number, code, said):
    answer = checked(number, code)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "не выдавали" not in answer.content.decode()
