"""Bills for the print shop: files by post office or shard, a control sheet that agrees, nothing made twice."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pypdf import PdfReader

from svet.domains.billing import actions, jobs, queries
from svet.domains.billing.queries import printing
from svet.domains.billing.tests.region import AT, NOVEMBER, OCTOBER, build_street
from svet.surfaces.paper import batches
from svet.surfaces.paper.tests import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def run_id():
    """A street of 30 homes at two post offices, billed; home 4 wants no paper."""
    accounts = build_street(30)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET bill_delivery = 'email' WHERE id = %s", [accounts[3]])
    run_id = actions.start_run(month=OCTOBER, started_by=None, at=AT, shard_size=12)
    jobs.work_off(run_id, at=AT)
    actions.issue_bills(run_id, at=AT)
    jobs.work_off(run_id, at=AT)
    return run_id


def printed(folder, **terms):
    terms = {"by": "post-office", "processes": 1, "company": samples.COMPANY, **terms}
    return batches.print_month(OCTOBER, folder=folder, **terms)


def flats(path) -> list[str]:
    """Return the flats of a file's bills in order."""
    texts = (page.extract_text() for page in PdfReader(path).pages)
    return [text.split("кв. ")[1].split("\n")[0].strip() for text in texts]


def test_each_post_office_has_its_file_in_walking_order(run_id, tmp_path):
    sheet = printed(tmp_path)

    assert [one.name for one in sheet.files] == ["2026-10_600901.pdf", "2026-10_600902.pdf"]
    assert flats(tmp_path / "2026-10_600901.pdf") == [str(flat) for flat in range(1, 30, 2)]
    assert flats(tmp_path / "2026-10_600902.pdf") == [str(flat) for flat in range(2, 31, 2) if flat != 4]


def test_the_control_sheet_adds_up_to_what_was_issued(run_id, tmp_path):
    sheet = printed(tmp_path)

    rows = list(csv.reader(io.StringIO((tmp_path / "2026-10_control.csv").read_text("utf-8-sig")), delimiter=";"))
    total = rows[-1]
    assert [row[1] for row in rows[1:]] == ["15", "14", "1", "30"]
    assert Decimal(total[3].replace(",", ".")) == queries.run_progress(run_id).amount
    assert Decimal(total[4].replace(",", ".")) == printing.print_totals(OCTOBER).to_pay
    assert (sheet.bills, sheet.left_out.bills) == (29, 1)


def test_who_wants_no_paper_is_printed_when_everybody_is(run_id, tmp_path):
    sheet = printed(tmp_path, everybody=True)

    assert (sheet.bills, sheet.left_out.bills) == (30, 0)


def test_files_may_follow_the_shards_of_the_run(run_id, tmp_path):
    sheet = printed(tmp_path, by="shard")

    assert [one.name for one in sheet.files] == [f"2026-10_shard-{run_id}-0000{n}.pdf" for n in (1, 2, 3)]
    assert [one.bills for one in sheet.files] == [11, 12, 6]


def test_a_second_start_makes_only_what_is_missing_or_spoiled(run_id, tmp_path):
    printed(tmp_path)
    kept = (tmp_path / "2026-10_600901.pdf").stat().st_mtime_ns
    (tmp_path / "2026-10_600902.pdf").write_bytes(b"%PDF-1.7 half a file")

    again = printed(tmp_path)

    assert [one.made for one in again.files] == [False, True]
    assert (tmp_path / "2026-10_600901.pdf").stat().st_mtime_ns == kept
    assert len(PdfReader(tmp_path / "2026-10_600902.pdf").pages) == 14


def test_a_file_of_other_bills_under_the_same_name_is_made_again(run_id, tmp_path):
    printed(tmp_path)

    again = printed(tmp_path, everybody=True)

    assert [one.made for one in again.files] == [False, True]


def test_a_file_of_many_parts_keeps_the_order_across_processes(run_id, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "PART_BILLS", 4)

    printed(tmp_path, processes=2)

    assert flats(tmp_path / "2026-10_600901.pdf") == [str(flat) for flat in range(1, 30, 2)]
    assert not list(tmp_path.glob(".*"))


def test_a_failure_leaves_no_half_file_and_no_control_sheet(run_id, tmp_path, monkeypatch):
    def break_off(one, path):
        raise OSError("no space left")

    monkeypatch.setattr(batches, "_join", break_off)
    with pytest.raises(OSError, match="no space"):
        printed(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_bills_that_do_not_add_up_to_the_run_are_refused(run_id, tmp_path, monkeypatch):
    everything = printing.bills_to_print
    monkeypatch.setattr(printing, "bills_to_print", lambda month: everything(month).head(7))

    with pytest.raises(batches.PrintRefused) as refused:
        printed(tmp_path)

    assert refused.value.code == "control_sheet_disagrees"
    assert not (tmp_path / "2026-10_control.csv").exists()


def test_a_month_without_bills_cannot_be_printed(run_id, tmp_path):
    with pytest.raises(batches.PrintRefused) as refused:
        batches.print_month(NOVEMBER, by="shard", folder=tmp_path, company=samples.COMPANY, processes=1)

    assert refused.value.code == "no_bills_to_print"


def test_a_bill_without_a_postal_code_is_not_lost(run_id, tmp_path, monkeypatch):
    bills = printing.bills_to_print(OCTOBER)
    spoiled = bills.with_columns(postal_code=bills["postal_code"].str.replace("600901", "../etc"))
    monkeypatch.setattr(printing, "bills_to_print", lambda month: spoiled)

    sheet = printed(tmp_path)

    assert {one.name for one in sheet.files} == {"2026-10_no-postal-code.pdf", "2026-10_600902.pdf"}


def test_the_database_loads_documents_in_the_order_asked(run_id):
    ids = printing.bills_to_print(OCTOBER)["bill_id"].to_list()

    assert [document.bill_id for document in printing.bills_in_order(ids)] == ids


def test_the_command_prints_progress_files_and_totals(run_id, tmp_path, monkeypatch):
    monkeypatch.setattr("svet.domains.offices.queries.company", lambda on: samples.COMPANY)
    said = io.StringIO()

    call_command("print_bills", month="2026-10", out=tmp_path, processes=1, stdout=said)

    assert "29 из 29 счетов" in said.getvalue().replace("\u00a0", " ")
    assert "2026-10_600902.pdf: счетов 14, листов 14" in said.getvalue()
    assert "Итоги сошлись с расчётом" in said.getvalue()
    with pikepdf.open(tmp_path / "2026-10_600902.pdf") as made:
        assert len(made.pages) == 14


def test_the_command_says_plainly_what_is_wrong(tmp_path):
    with pytest.raises(CommandError, match="Месяц пишется так: 2026-10"):
        call_command("print_bills", month="октябрь", out=tmp_path)
    with pytest.raises(CommandError, match="ещё не выставлен ни один счёт"):
        call_command("print_bills", month="2026-10", out=tmp_path)
