"""The desk takes banks' registries: a trial keeps nothing, posting is once, what is wrong is told line by line."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import svet
from svet.domains.payments import queries as money
from svet.domains.payments.rules import RegisterState
from svet.domains.payments.tests.makers import NOW, a_source, an_account, booked_payments, entries
from svet.infra import clock
from svet.infra.models import InboxMessage
from svet.surfaces.desk import register_forms
from svet.surfaces.web.middleware import SECOND_FACTOR
from tests import cast

SAMPLES = Path(svet.__file__).parent / "surfaces" / "gates" / "sberbank" / "tests" / "samples"
LOAD = "/desk/payments/registers/load/"


@pytest.fixture
def cashier(db, monkeypatch) -> Client:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    a_source("sberbank", kind="bank_register")
    return desk_of("cashier")


def desk_of(username: str) -> Client:
    one = cast.employee(next(staff for staff in cast.names.STAFF if staff.username == username))
    browser = Client()
    browser.login(username=username, password=cast.PASSWORD)
    session = browser.session
    session[SECOND_FACTOR] = one.user_id
    session.save()
    return browser


def send(browser: Client, content: str | bytes, *, step: str | None = "post", **changes: object):
    raw = content if isinstance(content, bytes) else (SAMPLES / content).read_bytes()
    name = "file.txt" if isinstance(content, bytes) else content
    fields = {"channel": "sberbank", "format": "sberbank", "step": step, "file": SimpleUploadedFile(name, raw)}
    return browser.post(LOAD, {key: value for key, value in {**fields, **changes}.items() if value is not None})


def text_of(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def test_a_file_is_posted_and_its_page_tells_what_was_nobodys(cashier):
    account = an_account(1)

    answer = send(cashier, "twelve_fields.txt")
    (row,) = money.registers()
    page = text_of(cashier.get(answer.headers["Location"]))

    assert answer.headers["Location"] == reverse("desk:register", args=[row.register_id])
    assert (row.state, row.amount, len(booked_payments())) == (RegisterState.POSTED, Decimal("1923.99"), 3)
    assert entries(account) == [("payment", Decimal("-1173.49"))]
    assert "Реестр проведён: новых платежей 3." in page
    assert "1 923,99 ₽" in page
    assert "Счёта 3300000000 нет, 250,50 ₽ — в невыясненные платежи" in page


def test_a_trial_shows_the_sums_and_keeps_nothing(cashier):
    page = send(cashier, "twelve_fields.txt", step="check")

    assert page.status_code == 200
    assert "можно провести" in text_of(page)
    assert "1 923,99 ₽" in text_of(page)
    assert (booked_payments(), money.registers(), InboxMessage.objects.count()) == ([], [], 0)


def test_without_a_button_the_file_is_only_checked(cashier):
    send(cashier, "twelve_fields.txt", step=None)

    assert booked_payments() == []


@pytest.mark.parametrize("step", ["check", "post"])
def test_bad_lines_are_shown_with_their_number_and_text(cashier, step):
    answer = send(cashier, "bad_lines.txt", step=step)
    page = text_of(answer if step == "check" else cashier.get(answer.headers["Location"]))
    wrong = (SAMPLES / "bad_lines.txt").read_bytes().decode("cp1251").splitlines()

    assert booked_payments() == []
    assert "Не читается: " in page
    shown = [place for place, line in enumerate(wrong, 1) if f'<code class="raw">{line}</code>' in page]
    assert shown
    assert all(f">{place}</th>" in page for place in shown)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("utf8.txt", "не в той кодировке"),
        ("truncated.txt", "файл обрезан"),
        ("wrong_count.txt", "Число платежей не сходится"),
        ("wrong_sum.txt", "не сходится"),
    ],
)
def test_a_wrong_file_is_refused_whole_and_kept_with_the_reason(cashier, name, told):
    answer = send(cashier, name)

    (row,) = money.registers()
    page = text_of(cashier.get(answer.headers["Location"]))
    assert (row.state, booked_payments()) == (RegisterState.REFUSED, [])
    assert "Реестр не принят целиком" in page
    assert told in page
    assert InboxMessage.objects.get().state == "failed"


def test_the_same_file_again_leads_to_the_register_it_was_posted_as(cashier):
    first = send(cashier, "twelve_fields.txt")
    cashier.get(first.headers["Location"])

    again = send(cashier, "twelve_fields.txt")

    assert again.headers["Location"] == first.headers["Location"]
    assert "второй раз не зачислено ничего" in text_of(cashier.get(again.headers["Location"]))
    assert "уже проведён" in text_of(send(cashier, "twelve_fields.txt", step="check"))
    assert len(booked_payments()) == 3


def workbook() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"file": None}, "Выберите файл"),
        ({"file": SimpleUploadedFile("a.txt", b"")}, "Файл пуст"),
        ({"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 ...")}, "Это документ PDF"),
        ({"file": SimpleUploadedFile("a.xlsx", workbook())}, "Это файл Excel или Word"),
        ({"file": SimpleUploadedFile("a.txt", b"\xff\xd8\xff\xe0")}, "Это фотография"),
        ({"channel": "terminal"}, "Выберите банк из списка"),
        ({"channel": "closed"}, "Выберите банк из списка"),
        ({"channel": None}, "Выберите банк"),
        ({"format": "osmp"}, "Выберите формат из списка"),
    ],
)
def test_what_is_no_registry_is_answered_on_the_form(cashier, changes, told):
    a_source("terminal", kind="terminal")
    a_source("closed", kind="bank_register", active=False)

    answer = send(cashier, "twelve_fields.txt", **changes)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert (booked_payments(), money.registers(), InboxMessage.objects.count()) == ([], [], 0)


def test_a_file_that_is_too_large_is_answered_on_the_form(cashier, monkeypatch):
    monkeypatch.setattr(register_forms, "MOST_BYTES", 100)

    answer = send(cashier, "twelve_fields.txt")

    assert answer.status_code == 422
    assert "Файл больше 20 МБ" in text_of(answer)
    assert money.registers() == []


@pytest.mark.parametrize("raw", [b"\x00" * 50, "<b>жук</b>;;;".encode("cp1251"), b"PK\x03\x04 broken"])
def test_rubbish_is_refused_with_words_and_never_becomes_markup(cashier, raw):
    answer = send(cashier, raw)
    page = text_of(cashier.get(answer.headers["Location"]))

    assert "Реестр не принят целиком" in page
    assert "<b>жук" not in page
    assert "(код" not in page


def test_the_list_shows_what_came(cashier):
    empty = text_of(cashier.get(reverse("desk:registers")))
    send(cashier, "twelve_fields.txt")
    send(cashier, "wrong_sum.txt")

    page = text_of(cashier.get(reverse("desk:registers")))

    assert "Реестров ещё не было." in empty
    assert page.index("wrong_sum.txt") < page.index("twelve_fields.txt")
    assert "не принят" in page
    assert "1 923,99 ₽" in page


def test_without_an_open_bank_the_page_says_whom_to_ask(cashier):
    a_source("sberbank", kind="bank_register", active=False)

    assert "Попросите администратора" in text_of(cashier.get(LOAD))


def test_an_operator_may_not_load_registries(cashier):
    answer = send(desk_of("operator"), "twelve_fields.txt")

    assert answer.status_code == 403
    assert (money.registers(), InboxMessage.objects.count()) == ([], 0)
