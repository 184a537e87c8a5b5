# ruff: noqa: E501 — rows of files read better unbroken
"""Files of a region: what is taken, what is refused, and that nothing is ever half loaded."""

import io
import os
import signal
import subprocess
import sys
from datetime import date, datetime

import polars as pl
import pytest
import xlsxwriter
from django.db import connection

from svet.domains.accounts.models import Account, Agreement, Household
from svet.domains.customers.models import Contact, Customer
from svet.domains.metering.models import Installation, Meter, Reading, Register
from svet.domains.supply.models import Premises, SupplyPoint, SupplyPointCategory
from svet.flows import region_files
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.identifiers import account_check_digit

AT = datetime(2026, 11, 1, 10, tzinfo=MOSCOW)
NUMBER = "330000001" + account_check_digit("330000001")
OTHER = "330000002" + account_check_digit("330000002")
CUSTOMERS = "customer_code;kind;family_name;given_name;patronymic;organisation_name;inn;kpp;ogrn\n"
ANNA = "К-1;person;Смирнова;Анна;Павловна;;;;\n"
FIRM = "К-2;юрлицо;;;;ООО «Луч»;7722245108;772201001;\n"


def load(kind, text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return region_files.load(kind, data, at=AT, file_name=f"{kind}.csv", **options)


def codes(report):
    return [(row["line"], row["column"], row["code"]) for row in report.findings.iter_rows(named=True)]


def region():
    """A customer with an account at a supply point from 2020 on."""
    assert load("customers", CUSTOMERS + ANNA + FIRM).is_loaded
    points = "supply_point_code;premises_code;premises_kind;postal_code;settlement;street;house;flat;rooms;area_m2\n"
    assert load(
        "supply_points", points + "ТП-1;ПМ-1;квартира;600901;г. Светлогорье;ул. Садовая;12;10;2;52,5\n"
    ).is_loaded
    accounts = "account_number;customer_code;opened_on\n"
    assert load("accounts", accounts + f"{NUMBER};К-1;01.03.2015\n{OTHER};К-2;2015-03-01\n").is_loaded
    agreements = "account_number;supply_point_code;agreement_number;from_on;until_on\n"
    assert load("agreements", agreements + f"{NUMBER};ТП-1;Д-1;01.01.2020;\n").is_loaded


METERS = (
    "serial;model;zoning;digits;supply_point_code;installed_on;removed_on;act_number;installed_t1;installed_t2;"
    "removed_t1;removed_t2\n"
)


@pytest.mark.django_db
class TestCustomers:
    def test_a_file_is_loaded_and_the_same_file_again_changes_nothing(self):
        first = load("customers", CUSTOMERS + ANNA + FIRM)
        second = load("customers", CUSTOMERS + ANNA + FIRM)

        assert (first.inserted, first.is_loaded) == (2, True)
        assert (second.inserted, second.updated, second.unchanged) == (0, 0, 2)
        assert Customer.objects.get(code="К-2").organisation_name == "ООО «Луч»"
        assert AuditRecord.objects.filter(verb="region_files.load").count() == 2
        assert Fact.objects.filter(name="customers.customers_loaded").count() == 1

    def test_a_changed_row_is_updated_and_the_former_one_stays_in_history(self):
        load("customers", CUSTOMERS + ANNA)

        report = load("customers", CUSTOMERS + ANNA.replace("Смирнова", "Белова"))

        assert (report.updated, report.unchanged) == (1, 0)
        assert Customer.objects.get().family_name == "Белова"
        assert [event.family_name for event in Customer.objects.get().history.all()] == ["Смирнова"]

    def test_an_absent_column_changes_nothing(self):
        load("customers", CUSTOMERS + ANNA)

        report = load("customers", "Код потребителя;Вид потребителя;Имя\nК-1;физлицо;Анна-Мария\n")

        assert report.updated == 1
        assert Customer.objects.get().name == "Смирнова Анна-Мария Павловна"

    def test_one_bad_row_keeps_the_whole_file_out_and_is_told_with_its_line(self):
        report = load("customers", CUSTOMERS + ANNA + "К-3;кто-то;Иванов;;;;;;\n")

        assert not report.is_loaded
        assert codes(report) == [(3, "kind", "not_a_choice")]
        assert not Customer.objects.exists()
        assert not AuditRecord.objects.exists()

    def test_good_rows_are_loaded_without_the_bad_ones_when_asked(self):
        report = load("customers", CUSTOMERS + ANNA + "К-3;person;;Иван;;;;;\n" + "К-4;person\n", skip_bad=True)

        assert (report.is_loaded, report.inserted, report.bad_rows) == (True, 1, 2)
        assert report.bad["customer_code"].to_list() == ["К-3"]
        assert report.broken["raw"].to_list() == ["К-4;person"]

    def test_a_dry_run_finds_everything_and_keeps_nothing(self):
        report = load("customers", CUSTOMERS + ANNA, dry_run=True)

        assert (report.inserted, report.is_loaded, report.is_dry_run) == (1, False, True)
        assert not Customer.objects.exists()
        assert not Fact.objects.exists()

    def test_the_same_customer_twice_in_a_file_is_an_error_that_names_the_first_line(self):
        report = load("customers", CUSTOMERS + ANNA + FIRM + ANNA)

        assert codes(report) == [(4, "customer_code", "repeated_in_file")]
        assert report.findings["facts"].to_list() == ['{"first_line":2}']

    def test_wrong_check_digits_are_noted_and_loaded(self):
        report = load("customers", CUSTOMERS + FIRM.replace("7722245108", "7722245109"))

        assert codes(report) == [(2, "inn", "inn_looks_wrong")]
        assert report.is_loaded

    @pytest.mark.parametrize("character", ["\x00", "\x07", "\u202e", "\ufffd"])
    def test_invisible_and_lost_characters_are_errors(self, character):
        report = load(
            "customers", (CUSTOMERS + "я" * 300_000 + "\n")[: len(CUSTOMERS)] + ANNA.replace("Анна", f"Ан{character}на")
        )

        assert not report.is_loaded
        assert {code for _, _, code in codes(report)} <= {"forbidden_character", "file_is_not_text"}

    def test_a_text_that_is_too_long_is_an_error(self):
        report = load("customers", CUSTOMERS + ANNA.replace("Анна", "А" * 81))

        assert codes(report) == [(2, "given_name", "text_is_too_long")]

    def test_the_mark_of_nothing_is_nothing(self):
        report = load("customers", CUSTOMERS + ANNA.replace("Павловна", "\\N"))

        assert report.is_loaded
        assert Customer.objects.get().patronymic == ""


@pytest.mark.django_db
class TestForms:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
    @pytest.mark.parametrize("separator", [";", ",", "\t"])
    def test_encodings_and_separators_are_found_out(self, encoding, separator):
        text = (CUSTOMERS + ANNA).replace(";", separator).replace("\n", "\r\n")

        assert load("customers", text.encode(encoding)).is_loaded
        assert Customer.objects.get().family_name == "Смирнова"

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "file_is_empty"),
            ((CUSTOMERS + ANNA).encode("utf-16"), "encoding_is_utf16"),
            ((CUSTOMERS + ANNA * 5).encode("cp866"), "encoding_is_unknown"),
            ((CUSTOMERS + ANNA * 5).encode("koi8-r"), "encoding_is_unknown"),
            (CUSTOMERS.encode() + ANNA.encode() + ANNA.encode("cp1251"), "encoding_is_mixed"),
            (CUSTOMERS.encode() + ANNA.encode("cp1251") + ANNA.encode(), "encoding_is_mixed"),
            ((CUSTOMERS + ANNA).encode().decode("cp1251", "replace").encode(), "encoding_is_doubled"),
            (b"\x00\x01\x02;", "file_is_not_text"),
            (b"customer_code;kind;nick\n", "headings_are_unknown"),
            (b"customer_code;family_name\n", "headings_are_missing"),
            (b"customer_code;kind;kind\n", "headings_are_repeated"),
            (b"PK\x03\x04 not a workbook", "spreadsheet_is_broken"),
        ],
    )
    def test_what_is_no_file_of_the_kind_is_refused_with_the_reason(self, data, code):
        report = load("customers", data)

        assert report.is_refused
        assert report.findings["code"].to_list() == [code]
        assert not Customer.objects.exists()

    def test_quoted_cells_hold_separators_and_quotes(self):
        load("customers", CUSTOMERS + 'К-2;company;;;;"ООО ""Луч; и тень""";;;\n')

        assert Customer.objects.get().organisation_name == 'ООО "Луч; и тень"'

    def test_a_quote_that_never_ends_spoils_its_own_line_only(self):
        report = load("customers", CUSTOMERS + 'К-2;company;;;;"ООО Луч;;;\n' + ANNA, skip_bad=True)

        assert codes(report) == [(2, None, "quote_is_open")]
        assert report.inserted == 1

    def test_empty_lines_and_cells_beyond_the_headings_are_overlooked(self):
        report = load("customers", "sep=;\n" + CUSTOMERS + "\n" + ANNA.replace("\n", ";;\n") + ";;;;;;;;\n")

        assert (report.rows, report.inserted) == (1, 1)

    def test_a_workbook_is_loaded_and_a_code_typed_as_a_number_is_an_error(self):
        header = ["Лицевой счёт", "Код потребителя", "Открыт"]
        load("customers", CUSTOMERS + ANNA)
        rows = [header, [int(NUMBER), "К-1", date(2015, 3, 1)], [OTHER, 77, date(2015, 3, 1)]]

        report = load("accounts", workbook(rows), skip_bad=True)

        assert codes(report) == [(3, "customer_code", "code_is_a_number")]
        assert Account.objects.get().number == NUMBER

    def test_an_unknown_kind_is_said(self):
        with pytest.raises(NotFound):
            load("spaceships", b"a;b\n")

    def test_readings_are_not_exported(self):
        with pytest.raises(DomainError):
            region_files.export("readings")


@pytest.mark.django_db
class TestPlacesAndAccounts:
    def test_a_region_stands_with_its_references(self):
        region()

        assert Agreement.objects.get().account.number == NUMBER
        assert str(Premises.objects.get().area_m2) == "52.50"

    @pytest.mark.parametrize(
        ("kind", "text", "column", "code"),
        [
            ("accounts", f"account_number;customer_code;opened_on\n{OTHER};К-9;2020-01-01", "customer_code", "customer_is_unknown"),
            ("accounts", "account_number;customer_code;opened_on\n12345;К-1;2020-01-01", "account_number", "account_number_is_wrong"),
            ("accounts", f"account_number;customer_code;opened_on\n{NUMBER};К-1;31.02.2020", "opened_on", "day_is_wrong"),
            ("agreements", f"account_number;supply_point_code;from_on\n{NUMBER};ТП-9;2020-01-01", "supply_point_code", "supply_point_is_unknown"),
            ("agreements", "account_number;supply_point_code;from_on\n9999999999;ТП-1;2019-01-01", "account_number", "account_is_unknown"),
            ("agreements", f"account_number;supply_point_code;from_on\n{OTHER};ТП-1;2020-01-01", "account_number", "agreement_of_another_account"),
            ("agreements", f"account_number;supply_point_code;from_on\n{OTHER};ТП-1;2021-01-01", "from_on", "overlaps"),
            ("households", f"account_number;registered;from_on\n{NUMBER};-1;2021-01-01", "registered", "whole_number_is_wrong"),
            ("households", f"account_number;registered;from_on;until_on\n{NUMBER};1;2021-01-01;2021-01-01", "until_on", "period_is_empty"),
            ("contacts", "customer_code;kind;value;valid_from\nК-1;phone;нет;2020-01-01", "value", "phone_is_wrong"),
            ("contacts", "customer_code;kind;value;valid_from\nК-1;email;a@b;2020-01-01", "value", "email_is_wrong"),
            ("categories", "supply_point_code;territory;category;from_on\nТП-1;nn;луна;2020-01-01", "category", "not_a_choice"),
            ("meters", METERS + "7;СЭБ;1;5;ТП-1;2010-01-01;;;5;;;", "installed_t1", "no_agreement_on_day"),
            ("meters", METERS + "7;СЭБ;1;5;ТП-1;2021-01-01;;;100000;;;", "installed_t1", "more_digits_than_the_dial"),
            ("meters", METERS + "7;СЭБ;1;5;ТП-1;2021-01-01;;;5;6;;", "installed_t2", "no_such_register"),
            ("meters", METERS + "7;СЭБ;2;5;ТП-1;2021-01-01;;;5;;;", "installed_t2", "value_is_missing"),
            ("meters", METERS + "7;СЭБ;1;5;ТП-1;;;;;;;", "installed_on", "installed_on_is_missing"),
            ("meters", METERS + "7;СЭБ;1;5;;2021-01-01;;;;;;", "supply_point_code", "supply_point_is_missing"),
            ("meters", METERS + "7;СЭБ;1;5;ТП-1;2021-01-01;2020-01-01;;;;;", "removed_on", "period_is_empty"),
            ("meters", METERS + "7;СЭБ;1;5;ТП-1;2021-01-01;;;;;9;", "removed_on", "day_is_missing"),
        ],
    )  # fmt: skip
    def test_a_row_that_does_not_fit_is_told_and_nothing_is_loaded(self, kind, text, column, code):
        region()

        report = load(kind, text + "\n")

        assert (2, column, code) in codes(report)
        assert not report.is_loaded
        assert not Meter.objects.exists()

    def test_two_rows_of_a_file_that_overlap_name_each_other(self):
        region()

        rows = f"{NUMBER};2;2020-01-01;2021-01-01\n{NUMBER};3;2020-06-01;\n"
        report = load("households", "account_number;registered;from_on;until_on\n" + rows)

        assert codes(report) == [(2, "from_on", "overlaps"), (3, "from_on", "overlaps")]
        assert not Household.objects.exists()

    def test_a_validity_is_ended_and_the_next_begun_in_one_file(self):
        region()
        header = "supply_point_code;territory;category;from_on;until_on\n"
        load("categories", header + "ТП-1;nn;urban_gas;2020-01-01;\n")

        report = load("categories", header + "ТП-1;nn;село;01.01.2026;\nТП-1;nn;urban_gas;2020-01-01;2026-01-01\n")

        assert (report.inserted, report.updated) == (1, 1)
        assert SupplyPointCategory.objects.count() == 2

    def test_a_row_left_out_does_not_let_its_neighbour_run_into_what_is_known(self):
        region()
        header = "account_number;registered;from_on;until_on\n"
        load("households", header + f"{NUMBER};2;2020-01-01;\n")
        rows = [f"{NUMBER};2;2020-01-01;2021-01-01", f"{NUMBER};9;2020-03-01;2020-04-01", f"{NUMBER};3;2021-01-01;"]

        report = load("households", header + "\n".join(rows) + "\n", skip_bad=True)

        assert report.bad_rows == 3
        assert Household.objects.get().registered == 2

    def test_phones_are_kept_in_one_form(self):
        region()
        header = "Код потребителя;Вид контакта;Контакт;Действует с\n"

        load(
            "contacts", header + "К-1;телефон;8 (916) 123-45-67;2020-01-01\nК-1;эл. почта;Anna@Example.org;2020-01-01\n"
        )

        assert set(Contact.objects.values_list("value", flat=True)) == {"+79161234567", "anna@example.org"}


@pytest.mark.django_db
class TestMeters:
    ROW = "7;СЭБ-2Т;двухтарифный;6;ТП-1;01.02.2021;;А-1;5,5;7;;\n"

    def test_a_meter_comes_with_its_registers_stay_and_opening_values(self):
        region()

        report = load("meters", METERS + self.ROW)

        assert report.inserted == 1
        assert sorted(Register.objects.values_list("position", "band")) == [(1, "day"), (2, "night")]
        values = Reading.objects.order_by("register__position").values_list("value", "kind", "account__number")
        assert [(str(value), kind, number) for value, kind, number in values] == [
            ("5.500", "installed", NUMBER),
            ("7.000", "installed", NUMBER),
        ]
        assert load("meters", METERS + self.ROW).unchanged == 1
        assert Reading.objects.count() == 2

    def test_a_removal_ends_the_stay_and_adds_closing_values(self):
        region()
        load("meters", METERS + self.ROW)

        report = load("meters", METERS + "7;СЭБ-2Т;2;6;ТП-1;01.02.2021;15.08.2026;А-1;;;100;200\n")

        assert (report.updated, report.inserted) == (1, 0)
        assert Installation.objects.get().valid.upper == date(2026, 8, 15)
        assert Reading.objects.filter(kind="removed", taken_on=date(2026, 8, 15)).count() == 2

    def test_another_opening_value_replaces_the_first_which_stays(self):
        region()
        load("meters", METERS + self.ROW)

        report = load("meters", METERS + self.ROW.replace("5,5", "6"))

        assert report.updated == 1
        replaced = Reading.objects.get(replaces__isnull=False)
        assert (str(replaced.value), str(replaced.replaces.value)) == ("6.000", "5.500")

    @pytest.mark.parametrize(
        ("row", "code"),
        [("7;СЭБ-2Т;1;6;ТП-1;01.02.2021;;;;;;", "zoning_cannot_change"), ("7;СЭБ-2Т;2;6;ТП-2;01.02.2021;;;;;;", "installed_elsewhere"), ("7;СЭБ-2Т;2;6;ТП-1;01.03.2021;;;;;;", "overlaps")],
    )  # fmt: skip
    def test_a_known_meter_is_not_turned_into_another(self, row, code):
        region()
        load("meters", METERS + self.ROW)
        points = "supply_point_code;premises_code;premises_kind;postal_code;settlement\nТП-2;ПМ-2;дом;600901;г. Т\n"
        load("supply_points", points)

        report = load("meters", METERS + row + "\n")

        assert [found for _, _, found in codes(report)] == [code]

    def test_a_meter_in_store_needs_no_place(self):
        report = load("meters", "serial;zoning\n77;1\n")

        assert (report.inserted, Meter.objects.get().digits) == (1, 5)


@pytest.mark.django_db
@pytest.mark.parametrize("spreadsheet", [False, True])
def test_what_goes_out_comes_back_in_without_a_change(spreadsheet):
    region()
    load("households", f"account_number;registered;privileged;from_on\n{NUMBER};2;да;2020-01-01\n")
    load("contacts", "customer_code;kind;value;valid_from\nК-1;phone;+79161234567;2020-01-01\n")
    load("categories", "supply_point_code;territory;category;from_on\nТП-1;nn;rural;2020-01-01\n")
    load("meters", METERS + TestMeters.ROW + "8;СЭБ-1;1;5;;;;;;;;\n")

    for kind in region_files.all_kinds():
        if kind.export is None:
            continue
        before = region_files.export(kind.name)
        report = load(kind.name, region_files.export_file(kind.name, spreadsheet=spreadsheet))

        assert report.errors.is_empty(), (kind.name, report.errors)
        assert (report.inserted, report.updated, report.unchanged) == (0, 0, before.height), kind.name
        assert before.height > 0
        assert region_files.export(kind.name).equals(before)


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_in_the_middle_leaves_nothing():
    program = (
        "import os, signal, django; django.setup()\n"
        "from datetime import datetime, UTC\n"
        "from svet.flows import region_files\n"
        "import polars as pl\n"
        "frame = pl.DataFrame({'customer_code': [f'К-{n}' for n in range(120_000)]}).with_columns("
        "kind=pl.lit('person'), family_name=pl.lit('Иванов'))\n"
        "def die(stage, done, total):\n"
        "    if stage == 'writing' and done: os.kill(os.getpid(), signal.SIGKILL)\n"
        "region_files.load('customers', frame, at=datetime.now(UTC), progress=die)\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "svet.config.settings",
        "SVET_DB_NAME": connection.settings_dict["NAME"],
    }

    killed = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert Customer.objects.count() == 0
    assert SupplyPoint.objects.count() == 0


def workbook(rows):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet()
    days = book.add_format({"num_format": "dd.mm.yyyy"})
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(
                    number, place, datetime(cell.year, cell.month, cell.day, tzinfo=MOSCOW).replace(tzinfo=None), days
                )
            else:
                sheet.write(number, place, cell)
    book.close()
    return buffer.getvalue()


def test_frames_of_values_are_taken_as_they_are(db):
    frame = pl.DataFrame({"customer_code": ["К-1"], "kind": ["person"], "family_name": ["Смирнова"]})

    report = region_files.load_frame("customers", frame, at=AT, trusted_types=True)

    assert report.inserted == 1
