"""The printed bill as readers, screen readers, scanners and banks meet it: read back from the made file."""

from __future__ import annotations

import io
import os
import re
import subprocess
import threading
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from svet.domains.metering.rules import VolumeBasis
from svet.domains.tariffs.rules import Structure
from svet.infra.clock import MOSCOW
from svet.kernel.period import Month
from svet.surfaces.paper import bill, engine
from svet.surfaces.paper.payment_qr import PaymentCodeRefused
from svet.surfaces.paper.tests import samples
from svet.surfaces.paper.text import covered, printable
from svet.surfaces.web.templatetags.svet import rub

NBSP = "\u00a0"


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {name: bill.render(document, company=samples.COMPANY) for name, document in samples.ALL.items()}


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def words_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", text_of(pdf).replace(NBSP, " "))


def scanned(pdf: bytes, tmp_path, *, dpi: int = 200) -> dict[str, str]:
    """Print the first page into dots and read every code on it that is to be paid by, as a scanner does."""
    return {name: text for name, text in every_code(pdf, tmp_path, dpi=dpi) if not text.startswith("https://")}


def every_code(pdf: bytes, tmp_path, *, dpi: int = 200) -> list[tuple[str, str]]:
    """Print the first page into dots and read all codes on it: kinds and texts."""
    (tmp_path / "bill.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-png", "-f", "1", "-l", "1", "bill.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True)
    picture = np.asarray(Image.open(next(tmp_path.glob("page*.png"))))
    return [(code.format.name, code.bytes.decode()) for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("name", samples.ALL)
def test_every_amount_of_the_turnover_is_printed_as_it_stands(made, name):
    document, shown = samples.ALL[name], text_of(made[name])

    for amount in (document.opening, document.charged, document.corrected, document.penalties, document.to_pay):
        assert rub(amount) in shown
    assert rub(-document.paid) in shown
    assert rub(document.closing) in shown


def test_a_bill_says_who_where_and_how_much_until_when(made):
    shown = words_of(made["anna"])

    for part in (
        "Смирнова Анна Павловна",
        "600902, г. Светлогорье, ул. Садовая, д. 12, кв. 45",
        "33 0000 0019",
        "Площадь: 54,3 м²",
        "Проживают: 3 чел.",
        "Платёжный документ № 2610-00000017 от 01.11.2026",
        "ООО «Светлогорский энергосбыт»",
        "ИНН 7722245108, КПП 772201001",
        "40702810138250123017",
        "К оплате до 16 ноября 2026",
        "1 227,66 ₽",
        "Цены установлены: № 58/3 от 25.11.2021",
        "12.10.2026 — 512,40 ₽",
        "учтено по 31.10.2026",
        "в том числе НДС 22 %: 221,38 ₽",
    ):
        assert part in shown, part


def test_a_bill_carries_the_phone_for_questions_with_its_hours_and_not_the_firms_line(made):
    shown = words_of(made["anna"])

    assert "Вопросы по счёту, расчёту и изменениям в законах: 8 800 555-00-33 пн–пт 8:00–20:00" in shown
    assert "555-00-44" not in shown


def test_a_bill_says_how_to_give_readings_and_how_to_pay(made):
    shown = words_of(made["anna"])

    assert "svet.example/readings" in shown
    assert "svet.example/pay" in shown
    assert "назовите номер лицевого счёта" in shown


def test_readings_and_lines_stand_row_by_row(made):
    shown = words_of(made["timur"])

    assert "полупик 6 120 23.09.2026 6 254 23.10.2026 134 1 134 по счётчику" in shown
    assert "полупик сверх соцнормы, по счётчику 20 7,71 154,20 ₽" in shown
    assert "Всего 262,5 1 289,27 ₽" in shown


@pytest.mark.parametrize(
    ("structure", "words"),
    [
        (Structure.SOCIAL_NORM, "сверх соцнормы, по счётчику"),
        (Structure.RANGES, "2-й диапазон, по счётчику"),
        (Structure.FLAT, "сутки по счётчику"),
    ],
)
def test_a_step_is_named_as_its_tariff_names_it(structure, words):
    document = samples.document(lines=[samples.line("10", "5", step=2, structure=structure)])

    assert words in words_of(bill.render(document, company=samples.COMPANY))


def test_what_the_meter_of_the_house_told_is_not_called_without_a_meter():
    own = {"previous": None, "current": None, "serial": None}
    rows = [
        samples.volume(**own, rule="H01"),
        samples.volume(**own, rule="V21", kwh=samples.D("31.000"), basis=VolumeBasis.NORM),
    ]
    shown = words_of(bill.render(samples.document(rows=rows), company=samples.COMPANY))

    assert re.search(r"общедомовой .{0,30}210,5 по счётчику", shown)
    assert re.search(r"без счётчика .{0,30}31 по нормативу", shown)


def test_an_estimate_says_so_and_which_month_in_a_row_it_is(made):
    shown = words_of(made["pavel"])

    assert "расход посчитан по вашему среднему за прошлые месяцы. Это 2-й такой месяц подряд." in shown
    assert "−125,10 ₽" in shown


def test_a_credit_month_shows_negative_kwh_and_roubles_with_a_true_minus(made):
    shown = words_of(made["credit"])

    assert "−102" in shown
    assert "−528,36 ₽" in shown
    assert "-102" not in shown


def test_an_advance_asks_for_nothing_and_offers_no_code_to_pay(made, tmp_path):
    shown = words_of(made["timur"])

    assert "На счёте аванс 2 441,38 ₽" in shown
    assert "QR-коду" not in shown
    assert scanned(made["timur"], tmp_path) == {}


def test_a_bill_of_nothing_says_that_nothing_is_to_pay(made):
    assert "Платить не нужно." in words_of(made["zero"])


def test_the_qr_code_read_from_paper_is_the_payment_order(made, tmp_path):
    read = scanned(made["anna"], tmp_path)["QRCode"]

    assert read.startswith(
        "ST00012|Name=ООО «Светлогорский энергосбыт»|PersonalAcc=40702810138250123017"
        '|BankName=ОАО "БАНК"|BIC=044525225|CorrespAcc=30101810965770000413|Sum=122766|'
    )
    fields = dict(part.split("=", 1) for part in read.split("|")[1:-1])
    assert (fields["LastName"], fields["FirstName"], fields["MiddleName"]) == ("Смирнова", "Анна", "Павловна")
    assert (fields["PersAcc"], fields["PaymPeriod"], fields["TechCode"]) == ("3300000019", "102026", "02")


@pytest.mark.parametrize("name", ["anna", "timur"])
def test_a_code_on_the_bill_opens_a_question_about_it(made, tmp_path, name):
    links = [text for _, text in every_code(made[name], tmp_path) if text.startswith("https://")]

    account = samples.ALL[name].account_number
    assert links == [f"https://svet.example/cabinet/{account}/bills/2026-10/remark/"]
    assert "Вопрос по этому счёту" in words_of(made[name])


def test_a_company_without_a_site_prints_no_code_to_ask_by(tmp_path):
    company = replace(samples.COMPANY, cabinet_url="", website="")

    assert "Вопрос по этому счёту" not in words_of(bill.render(samples.TIMUR, company=company))


def test_a_correction_says_for_which_months_it_is():
    months = [(Month("2026-08"), Decimal("-248.80")), (Month("2026-09"), Decimal("12.30"))]
    few = samples.document(corrected="-236.50", corrections=tuple(months))
    many = samples.document(
        corrected="40.00", corrections=tuple((Month("2026-01").plus(n), Decimal(10)) for n in range(4))
    )

    told = words_of(bill.render(few, company=samples.COMPANY))
    assert "за август 2026: −248,80 ₽; за сентябрь 2026: 12,30 ₽" in told
    assert "по апрель 2026, по месяцам в личном кабинете" in words_of(bill.render(many, company=samples.COMPANY))


def test_the_barcode_read_from_paper_is_account_month_and_sum(made, tmp_path):
    read = scanned(made["anna"], tmp_path)["Code128"]

    assert read == "3300000019" + "1026" + "0122766" + "7"
    assert read in words_of(made["anna"])


def test_a_cheap_scanner_still_reads_both_codes(made, tmp_path):
    assert set(scanned(made["pavel"], tmp_path, dpi=150)) == {"QRCode", "Code128"}


@pytest.mark.parametrize("name", [name for name in samples.ALL if name != "long"])
def test_an_ordinary_bill_is_one_sheet(made, name):
    assert len(PdfReader(io.BytesIO(made[name])).pages) == 1


def test_a_long_bill_goes_on_overleaf_and_says_whose_sheet_it_is(made):
    pages = PdfReader(io.BytesIO(made["long"])).pages

    assert len(pages) == 2
    assert "лист 2" in pages[1].extract_text()
    assert "33 0000 0019" in pages[1].extract_text().replace(NBSP, " ")
    assert "Для оплаты" not in pages[1].extract_text()


@pytest.mark.parametrize("name", samples.ALL)
def test_the_file_is_tagged_titled_and_in_russian_for_screen_readers(made, name):
    reader = PdfReader(io.BytesIO(made[name]))

    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in reader.root_object
    assert reader.root_object["/Lang"] == "ru-RU"
    assert samples.ALL[name].account_number in reader.metadata.title
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()


def test_codes_and_chart_say_in_words_what_they_show(made):
    said = alternatives(PdfReader(io.BytesIO(made["anna"])).root_object["/StructTreeRoot"])

    assert any(text.startswith("QR-код") for text in said)
    assert any(text.startswith("Штрихкод для оплаты: 3300000019") for text in said)
    chart = next(text for text in said if text.startswith("Расход по месяцам"))
    assert "май 2026 187 по среднему расходу" in chart.replace(NBSP, " ")


def alternatives(node) -> list[str]:
    """Return the alternative texts in a tree of tags."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [text for one in node for text in alternatives(one)]
    if not isinstance(node, dict):
        return []
    return ([str(node["/Alt"])] if "/Alt" in node else []) + (alternatives(node["/K"]) if "/K" in node else [])


@pytest.mark.parametrize("name", samples.ALL)
def test_every_font_is_in_the_file(made, name):
    fonts = {}
    for page in PdfReader(io.BytesIO(made[name])).pages:
        for key, font in page["/Resources"]["/Font"].items():
            fonts[key] = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()

    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts.values())
    assert all("GolosText" in font["/FontName"] for font in fonts.values())


def test_markup_and_control_signs_in_a_name_are_printed_as_letters(made):
    shown = words_of(made["hostile"])

    assert "#emph[Иванова] $x^2$ *Анна* \\ `код` <метка> @ссылка = заголовок ?? |Sum=1" in shown
    assert "д. 1/2 #let x = 1" in shown


def test_a_hostile_name_does_not_change_the_sum_in_the_code(made, tmp_path):
    read = scanned(made["hostile"], tmp_path, dpi=300)["QRCode"]

    fields = dict(part.split("=", 1) for part in read.split(read[7])[1:-1])
    assert fields["Sum"] == "122766"
    assert fields["PersAcc"] == "3300000019"


@pytest.mark.parametrize("payer", ["", " ", "\x00", "Ә" * 300, "名前", "a\u0301\u0302" * 20, "\u202eИван", "😀"])
def test_no_name_stops_a_bill(payer):
    pdf = bill.render(replace(samples.ANNA, payer=payer), company=samples.COMPANY)

    assert "1 227,66 ₽" in words_of(pdf)


def test_letters_of_the_peoples_of_russia_are_printed_and_foreign_ones_replaced():
    assert printable("Гөлнара Әхмәтҗанова, Ёлкина, Kovács") == "Гөлнара Әхмәтҗанова, Ёлкина, Kovács"
    assert printable("中文") == "??"
    assert {ord(sign) for sign in "ЁёҐ№₽«»—−·×²"} <= covered()


def test_numbers_never_break_between_lines(made):
    assert f"1{NBSP}227,66{NBSP}₽" in text_of(made["anna"])


def test_the_same_document_gives_the_same_bytes(made):
    assert bill.render(samples.ANNA, company=samples.COMPANY) == made["anna"]


def test_money_due_to_a_company_with_wrong_bank_details_is_refused_not_printed():
    with pytest.raises(PaymentCodeRefused):
        bill.render(samples.ANNA, company=replace(samples.COMPANY, settlement_account="123"))


def test_an_advance_is_printed_even_when_the_company_has_no_bank_details():
    company = replace(samples.COMPANY, settlement_account="", bank_name="", bic="", correspondent_account="")

    assert "На счёте аванс" in words_of(bill.render(samples.TIMUR, company=company))


def test_a_debt_too_great_for_the_barcode_still_has_its_qr_code(tmp_path):
    document = samples.document(opening="12345678.90")

    read = scanned(bill.render(document, company=samples.COMPANY), tmp_path)

    assert set(read) == {"QRCode"}
    assert "|Sum=1234690656|" in read["QRCode"]


def test_a_zero_month_of_the_chart_has_no_bar_and_a_credit_month_no_height():
    bars = list(samples.year_of_use())
    bars[3] = replace(bars[3], kwh=Decimal(0), basis=None)
    bars[4] = replace(bars[4], kwh=Decimal("-55"))

    pdf = bill.render(replace(samples.ANNA, chart=tuple(bars)), company=samples.COMPANY)

    assert "−55" in words_of(pdf)


def test_many_bills_in_one_file_begin_each_on_its_own_sheet():
    documents = [samples.ANNA, samples.LONG, samples.TIMUR]

    pages = PdfReader(io.BytesIO(bill.render_many(documents, company=samples.COMPANY, title="Печать"))).pages

    starts = ["Счёт за электроэнергию" in page.extract_text() for page in pages]
    assert starts == [True, True, False, True]
    assert "лист 2" in pages[2].extract_text()
    assert not any("лист" in pages[place].extract_text() for place in (0, 1, 3))


def test_threads_typeset_at_the_same_time():
    made, wrong = [], []

    def work() -> None:
        try:
            made.extend(bill.render(samples.ANNA, company=samples.COMPANY) for _ in range(3))
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert wrong == []
    assert len(made) == 12
    assert len(set(made)) == 1


def test_a_child_forked_after_typesetting_is_refused_and_does_not_hang(made):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            bill.render(samples.ANNA, company=samples.COMPANY)
        except engine.TypesettingFailed:
            os.write(writer, b"refused")
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reader, 7) == b"refused"


def test_a_sign_that_no_font_has_is_an_error_and_not_a_box(tmp_path, monkeypatch):
    (tmp_path / "bad.typ").write_text('#set text(font: "Golos Text")\n中')
    monkeypatch.setattr(engine, "TYPESETTING", tmp_path)

    with pytest.raises(engine.TypesettingFailed):
        engine.pdf("bad.typ", {}, made_at=datetime(2026, 11, 1, tzinfo=MOSCOW))


def test_penalties_are_explained_apart_from_the_price(made):
    shown = words_of(made["pavel"])

    assert "Пени 14,02 ₽ начислены отдельно от платы за электроэнергию" in shown
    assert "за июль 2026 с 17.09.2026 по 31.10.2026: 983,88 ₽ × 45 дн. × 9,5 % / 300" in shown
