"""Bad input at the doors people use: a clear answer in Russian or a documented code, nothing lost, nothing half done.

What parsers, rules and single actions refuse is tested beside them; here is what the person meets, and what stays.
"""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from svet.domains.accounts import queries as accounts
from svet.domains.billing import queries as bills
from svet.domains.customers import queries as customers
from svet.domains.ledger import queries as ledger
from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Verdict
from svet.domains.payments import queries as money
from svet.infra.models import InboxMessage
from tests.stories import small_region as town
from tests.stories.small_region import ANNA, IGOR, OCTOBER, PAVEL, VERA, account_id

HOSTILE = "#emph[Светлова] $x^2$ *Анна* @счёт"


def in_force(number: str) -> list[int]:
    return [row.value for row in metering.history(account_id(number)) if row.is_in_force]


@pytest.mark.parametrize(
    ("value", "taken_on", "told"),
    [
        ("1234567890", "2026-10-22", "У счётчика 6 цифр до запятой, а в показании «1234567890» их больше"),
        ("-5", "2026-10-22", "Показание не может быть меньше нуля: -5"),
        ("13077", "2026-10-23", "День снятия показания 23.10.2026 ещё не наступил"),
        ("тринадцать", "2026-10-22", "«тринадцать» — не число"),
        ("=1+1", "2026-10-22", "«=1+1» — не число"),
        ("<script>alert(1)</script>", "2026-10-22", "&lt;script&gt;"),
        ("13077", "22 октября", "Укажите день, например"),
        ("", "2026-10-22", "Введите показание"),
        ("1" * 41, "2026-10-22", "не более 40 символов"),
    ],
)
def test_a_reading_that_cannot_be_is_answered_beside_its_field_and_changes_nothing(days, value, taken_on, told):
    days.go("2026-10-22")
    before = in_force(ANNA)

    answer = town.give_reading(ANNA, value, taken_on=taken_on)

    assert answer.status_code == 422
    assert told in town.text_of(answer)
    assert "<script>alert" not in town.text_of(answer)
    assert in_force(ANNA) == before


def test_what_was_refused_is_kept_with_its_receipt_and_the_next_try_is_taken(days):
    days.go("2026-10-22")
    refused = town.give_reading(ANNA, "1234567890", taken_on="2026-10-22")
    receipt = refused.context["refused"].number

    kept = town.customer(ANNA).get(reverse("cabinet:receipt", args=[ANNA, receipt]))
    town.give_reading(ANNA, 13_077, taken_on="2026-10-22")

    assert "1234567890" in town.text_of(kept)
    assert 13_077 in in_force(ANNA)


def test_a_readers_file_is_told_line_by_line_and_no_row_of_it_is_lost(days, tmp_path):
    days.go("2026-10-23")
    text = town.file_of(
        "Лицевой счёт;Снято;Т1;Т2",
        f"{ANNA};22.10.2026;1234567890;",
        f"{VERA};22.10.2026;-3;",
        f"{PAVEL};25.10.2026;790;",
        f"{IGOR};22.10.2026;8640;4180",
    )
    path = tmp_path / "обход.csv"
    path.write_text(text)
    out = io.StringIO()

    call_command("import_file", "readings", path, stdout=out, stderr=io.StringIO())

    said = out.getvalue().replace("\u00a0", " ")
    assert "строка 2, столбец «Т1» «1234567890»: У счётчика 6 цифр до запятой" in said
    assert "строка 3, столбец «Т1» «-3»: Показание не может быть меньше нуля" in said
    assert "строка 4" in said
    assert "ещё не наступил" in said
    again = town.load("readings", text).findings["facts"]
    receipts = zip((ANNA, VERA, PAVEL), (json.loads(facts)["receipt"] for facts in again), strict=True)
    kept = [metering.receipt(account_id(number), number=receipt) for number, receipt in receipts]
    assert [one.verdict for one in kept] == [Verdict.REFUSED] * 3
    assert 8640 in in_force(IGOR)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (f"{town.NOBODYS};22.10.2026;790", "строка 3"),
        (f"{PAVEL};31.10.26;790", "строка 3"),
        (f"{PAVEL};22.10.2026;790;лишнее", "строка 3"),
        (f'{PAVEL};22.10.2026;"790', "строка 3"),
    ],
)
def test_one_broken_row_keeps_the_good_ones_of_its_file_out_until_it_is_put_right(days, tmp_path, broken, told):
    days.go("2026-10-23")
    before = in_force(ANNA)
    path = tmp_path / "обход.csv"
    path.write_text(town.file_of("Лицевой счёт;Снято;Т1", f"{ANNA};22.10.2026;13077", broken))
    out = io.StringIO()

    with pytest.raises(CommandError, match="Ничего не загружено"):
        call_command("import_file", "readings", path, stdout=out, stderr=io.StringIO())
    assert told in out.getvalue()
    assert "(код" not in out.getvalue()
    assert in_force(ANNA) == before

    path.write_text(town.file_of("Лицевой счёт;Снято;Т1", f"{ANNA};22.10.2026;13077", f"{PAVEL};22.10.2026;790"))
    call_command("import_file", "readings", path, stdout=out, stderr=io.StringIO())
    assert 13_077 in in_force(ANNA)


@pytest.mark.parametrize("encoding", ["utf-16", "cp866", "koi8-r"])
def test_a_file_in_a_foreign_encoding_says_so_and_renames_nobody(days, tmp_path, encoding):
    path = tmp_path / "потребители.csv"
    path.write_bytes(town.FILES["customers"].replace("Светлов", "Темнов").encode(encoding))
    out = io.StringIO()

    with pytest.raises(CommandError, match="Ничего не загружено"):
        call_command("import_file", "customers", path, stdout=out, stderr=io.StringIO())

    assert "кодировк" in out.getvalue().lower() or "UTF-16" in out.getvalue()
    assert set(customers.export_customers()["family_name"]) == {"Светлов"}


def test_a_name_with_markup_stands_in_the_printed_bill_letter_by_letter(days):
    town.load("customers", town.file_of("customer_code;kind;family_name", f"К-1;person;{HOSTILE}"))
    town.october_is_billed(days)

    shown = town.printed(ANNA, OCTOBER)

    assert HOSTILE in shown
    assert "1 215,91 ₽" in shown


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u200b"])
def test_a_name_with_an_invisible_sign_never_gets_as_far_as_a_bill(days, sign):
    report = town.load("customers", town.file_of("customer_code;kind;family_name", f"К-1;person;Свет{sign}лова"))

    assert not report.is_loaded
    assert set(customers.export_customers()["family_name"]) == {"Светлов"}


XML = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize("raw", [XML, b"\xff\xfe1\x00;\x002\x00", "3;1,00;1,00;0,00".encode("cp866"), b"=\r\n"])
def test_what_is_no_registry_is_refused_at_the_desk_kept_and_moves_no_money(days, raw):
    page = town.text_of(town.send_registry(raw))

    assert "Реестр не принят целиком" in page
    assert "(код" not in page
    assert "root:" not in page
    assert bytes(InboxMessage.objects.get().raw) == raw
    assert money.unidentified_total()[0] == 0


def test_a_registry_of_a_sum_beyond_sense_or_below_zero_books_none_of_its_lines(days):
    for wrong in ("-1,00", "99999999999999,00", "1e3", "0,00", "1,001"):
        paid = ((ANNA, "100,00"), (VERA, wrong))
        town.send_registry(town.registry(*paid, on="24-09-2026", total="100,00"))

    assert set(town.balances().values()) == {0}
    assert [row.state.value for row in money.registers()] == ["refused"] * 5


def test_forged_ids_of_an_account_a_receipt_a_month_or_a_meter_find_nothing(days):
    town.october_is_billed(days)
    vera, receipt = town.customer(VERA), metering.history(account_id(ANNA))[0].receipt_number

    for asked in (
        f"/cabinet/{ANNA}/",
        f"/cabinet/{VERA}/readings/receipts/{receipt}/",
        f"/cabinet/{VERA}/readings/receipts/'%20OR%201=1--/",
        f"/cabinet/{VERA}/bills/2026-13/",
        f"/cabinet/{VERA}/bills/9999-12/",
        f"/cabinet/{VERA}/bills/2026-10/../../{ANNA}/bills/2026-10/",
        "/cabinet/٣٣٠٠٠٠٠٠١٩/",
        "/cabinet/0000000000/",
        "/cabinet/33000000190/",
    ):
        assert vera.get(asked).status_code == 404, asked


def test_a_forged_meter_in_the_form_never_gives_a_reading_to_another_account(days):
    days.go("2026-10-22")
    before = in_force(ANNA)
    vera, page = town.customer(VERA), reverse("cabinet:give_reading", args=[VERA])

    vera.post(page, {"meter": "41001", "source_id": "0" * 32, "t1": "13077", "taken_on": "2026-10-22"})

    assert in_force(ANNA) == before


def test_money_cannot_be_given_to_an_account_that_is_not_or_without_a_reason_or_twice(days):
    town.october_is_billed(days)
    days.go("2026-11-10")
    town.send_registry(town.registry((town.NOBODYS, "100,00"), on="09-11-2026", total="100,00"))
    (lost,) = money.unidentified(limit=5)
    cashier, page = town.employee("cashier"), reverse("desk:assign", args=[lost.payment.payment_id])

    for number, reason in ((town.NOBODYS, "квитанция"), ("x' OR 1=1", "квитанция"), (VERA, " "), ("", "квитанция")):
        assert cashier.post(page, {"number": number, "reason": reason}).status_code == 422
    assert money.unidentified_total()[0] == 1

    assert cashier.post(page, {"number": VERA, "reason": "квитанция"}).status_code == 302
    again = cashier.post(page, {"number": ANNA, "reason": "квитанция"})
    assert "Платёж уже зачислен" in town.text_of(again)
    assert ledger.balance(account_id(ANNA)) == bills.bills_of(account_id(ANNA))[0].closing
    assert len(money.payments_of(accounts.account_by_number(VERA).id)) == 1


def test_a_held_reading_is_decided_once_and_a_refusal_needs_its_reason(days):
    town.october_readings(days)
    days.go("2026-10-24")
    (held,) = metering.held(limit=5)

    silent = town.review(held.reading_id, verdict="refused", reason="  ")
    odd = town.review(held.reading_id, verdict="held", reason="потом")
    assert (silent.status_code, odd.status_code) == (422, 422)
    assert "Напишите, почему показание не принято" in town.text_of(silent)
    assert len(metering.held(limit=5)) == 1

    town.review(held.reading_id, verdict="refused", reason="Лишняя цифра")
    assert town.review(held.reading_id, verdict="accepted", reason="").status_code == 404
    assert in_force(PAVEL)[0] == 700
