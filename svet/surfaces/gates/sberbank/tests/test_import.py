"""From the file on disk to posted payments: what the person who loads it sees, and what is kept."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from svet.domains.payments import queries
from svet.domains.payments.rules import RegisterState, SourceKind
from svet.domains.payments.tests.makers import NOW, a_source, an_account, booked_payments, entries
from svet.flows.bank_register import post_bank_register
from svet.infra import clock
from svet.infra.models import InboxMessage
from svet.kernel.errors import NotFound

SAMPLES = Path(__file__).parent / "samples"
WRONG = ["utf8.txt", "dos.txt", "truncated.txt", "wrong_count.txt", "wrong_sum.txt", "bad_lines.txt"]


@pytest.fixture
def accounts(db, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    a_source("sberbank", kind=SourceKind.BANK_REGISTER)
    return [an_account(place) for place in (1, 2, 3)]


def load(name: str, **options: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_register", "sberbank", str(SAMPLES / name), stdout=out, stderr=err, **options)
    return out.getvalue().replace("\u00a0", " "), err.getvalue().replace("\u00a0", " ")


def test_a_file_is_posted_and_summed_up_in_russian(accounts):
    out, err = load("twelve_fields.txt")

    assert "строк 3, сумма 1 923,99 ₽" in out
    assert "новых платежей 3" in out
    assert "невыясненных 1 на 250,50 ₽" in out
    assert err.strip() == "Строка 3: счёта 3300000000 нет, 250,50 ₽ — в невыясненные платежи."
    assert [entries(account) for account in accounts] == [
        [("payment", Decimal("-1173.49"))],
        [("payment", Decimal("-500.00"))],
        [],
    ]


def test_the_raw_file_is_kept(accounts):
    load("twelve_fields.txt")

    (kept,) = InboxMessage.objects.all()
    assert bytes(kept.raw) == (SAMPLES / "twelve_fields.txt").read_bytes()
    assert (kept.gate, kept.state, kept.file_name) == ("register/sberbank", "done", "twelve_fields.txt")


def test_the_same_file_again_says_so(accounts):
    load("twelve_fields.txt")
    out, _ = load("twelve_fields.txt")

    assert "уже проведён" in out
    assert len(booked_payments()) == 3


def test_the_same_operations_in_a_zip_are_not_doubled(accounts):
    load("twelve_fields.txt")
    out, err = load("twelve_fields.zip")

    assert "новых платежей 0, были зачислены раньше 3" in out
    assert "операция 880000000001 зачислена раньше" in err
    assert len(booked_payments()) == 3


def test_the_form_of_fifteen_fields_is_posted(accounts):
    load("fifteen_fields.txt")

    assert entries(accounts[2]) == [("payment", Decimal("-100.00"))]
    assert queries.payments_of(accounts[0].pk)[0].named_month.text == "2026-05"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_whole_with_reasons_in_russian(accounts, name, capsys):
    err = io.StringIO()
    with pytest.raises(CommandError, match="не принят целиком"):
        call_command("import_register", "sberbank", str(SAMPLES / name), stderr=err)

    assert err.getvalue().strip()
    assert "(код" not in err.getvalue()
    assert booked_payments() == []
    assert [entries(account) for account in accounts] == [[], [], []]
    assert InboxMessage.objects.get().state == "failed"
    assert queries.registers()[0].state is RegisterState.REFUSED


def test_a_trial_keeps_nothing(accounts):
    out, _ = load("twelve_fields.txt", dry_run=True)

    assert "Проверка без проведения" in out
    assert booked_payments() == []
    assert InboxMessage.objects.count() == 0


def test_a_file_that_is_not_there_and_a_source_that_is_not_there_are_told(accounts):
    with pytest.raises(CommandError, match="не читается"):
        load("nothing.txt")
    with pytest.raises(CommandError, match="«vtb» нет"):
        load("twelve_fields.txt", source="vtb")


@pytest.mark.parametrize("raw", [b"", b"\x00" * 100, b"PK\x03\x04", "жук".encode("cp1251")])
def test_rubbish_is_refused_and_kept(accounts, raw):
    report = post_bank_register(raw, format_name="sberbank", file_name="x\x00y.txt", at=NOW)

    assert report.state is RegisterState.REFUSED
    assert bytes(InboxMessage.objects.get().raw) == raw


def test_a_format_that_nobody_knows_is_told(accounts):
    with pytest.raises(NotFound, match="register_format_not_found"):
        post_bank_register(b"", format_name="vtb", file_name="x", at=NOW, source_code="sberbank")
