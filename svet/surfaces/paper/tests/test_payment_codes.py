"""The payment codes as texts: the exact string banks read, and what is refused."""

from __future__ import annotations

import pytest

from svet.kernel.period import Month
from svet.surfaces.paper.barcode import BarcodeRefused, barcode_text, check_figure
from svet.surfaces.paper.payment_qr import Payee, PaymentCodeRefused, payment_text

BANK = {
    "name": "ООО «Три кита»",
    "settlement_account": "40702810138250123017",
    "bank_name": 'ОАО "БАНК"',
    "bic": "044525225",
    "correspondent_account": "30101810965770000413",
}
MANDATORY = (
    "ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017"
    '|BankName=ОАО "БАНК"|BIC=044525225|CorrespAcc=30101810965770000413|'
)


def test_the_mandatory_part_is_the_published_example_f1():
    assert payment_text(Payee(**BANK)) == MANDATORY


def test_the_sum_is_in_kopecks_and_follows_the_mandatory_part():
    assert payment_text(Payee(**BANK), kopecks=117349) == MANDATORY + "Sum=117349|"


def test_details_keep_their_order_and_empty_ones_are_left_out():
    details = [("Purpose", "за свет"), ("LastName", "Орлова"), ("MiddleName", ""), ("PersAcc", "3300000019")]

    text = payment_text(Payee(**BANK, inn="7722245108", kpp="772201001"), kopecks=5, details=details)

    tail = "Sum=5|PayeeINN=7722245108|KPP=772201001|Purpose=за свет|LastName=Орлова|PersAcc=3300000019|"
    assert text == MANDATORY + tail


def test_a_payee_without_a_correspondent_account_says_zero():
    assert "|CorrespAcc=0|" in payment_text(Payee(**{**BANK, "correspondent_account": ""}))


def test_a_bar_in_a_name_changes_the_separator_and_forges_nothing():
    text = payment_text(Payee(**BANK), kopecks=100, details=[("LastName", "Орлова|Sum=1")])

    assert text.startswith("ST00012^Name=")
    assert dict(part.split("=", 1) for part in text.split("^")[1:-1])["Sum"] == "100"


def test_when_every_separator_is_taken_the_sign_is_replaced():
    text = payment_text(Payee(**BANK), kopecks=100, details=[("LastName", "а|б^в~г`д")])

    assert text.endswith("|Sum=100|LastName=а/б^в~г`д|")


def test_the_payers_own_texts_are_made_to_fit():
    text = payment_text(Payee(**BANK), kopecks=1, details=[("Purpose", "ю" * 500), ("LastName", "Ор\x00\nлова")])

    assert "|Purpose=" + "ю" * 210 + "|" in text
    assert "|LastName=Ор лова|" in text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "ю" * 161),
        ("name", "ООО\n«Свет»"),
        ("settlement_account", "4070281013825012301"),
        ("settlement_account", "٤٠٧٠٢٨١٠١٣٨٢٥٠١٢٣٠١٧"),
        ("bank_name", "б" * 46),
        ("bic", "04452522"),
        ("correspondent_account", "30101"),
        ("inn", "77222451"),
        ("kpp", "77"),
    ],
)
def test_wrong_details_of_the_payee_are_refused_by_name(field, value):
    with pytest.raises(PaymentCodeRefused) as refused:
        Payee(**{**BANK, field: value})

    assert refused.value.facts["field"] == field


def test_a_mandatory_part_of_more_than_300_bytes_is_refused():
    with pytest.raises(PaymentCodeRefused):
        payment_text(Payee(**{**BANK, "name": "Ы" * 160}))


@pytest.mark.parametrize("kopecks", [0, -1, 10**18])
def test_a_sum_that_is_no_sum_is_refused(kopecks):
    with pytest.raises(PaymentCodeRefused):
        payment_text(Payee(**BANK), kopecks=kopecks)


def test_the_barcode_has_22_figures_for_an_ordinary_bill_and_24_for_a_great_one():
    october = Month("2026-10")

    assert len(barcode_text(account_number="3300000019", month=october, kopecks=9_999_999)) == 22
    assert len(barcode_text(account_number="3300000019", month=october, kopecks=10_000_000)) == 24


def test_the_barcodes_check_figure_finds_every_slip_of_one_figure():
    figures = barcode_text(account_number="3300000019", month=Month("2026-10"), kopecks=122766)

    for place in range(len(figures) - 1):
        slip = figures[:place] + str((int(figures[place]) + 1) % 10) + figures[place + 1 : -1]
        assert check_figure(slip) != figures[-1]


@pytest.mark.parametrize(
    ("account", "kopecks"), [("330000001", 1), ("33000000a9", 1), ("3300000019", 0), ("3300000019", 10**9)]
)
def test_what_does_not_fit_into_the_barcode_is_refused(account, kopecks):
    with pytest.raises(BarcodeRefused):
        barcode_text(account_number=account, month=Month("2026-10"), kopecks=kopecks)
