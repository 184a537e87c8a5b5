"""`svet import-file` and `svet export-file`: what the person at the terminal sees and gets."""

import ast
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from svet.domains.customers.models import Customer
from svet.surfaces.web import import_words

ROOT = Path(__file__).resolve().parents[2] / "svet"
HEADER = "customer_code;kind;family_name;inn\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "клиенты.csv"
    path.write_text(HEADER + "К-1;физлицо;Смирнова;1\nК-2;кто-то;Орлова;\nК-3;физлицо\n")
    return path


def run(*arguments, **options):
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=io.StringIO(), **options)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


@pytest.mark.django_db
def test_errors_are_told_with_line_column_and_what_to_do(file):
    said = run("import_file", "customers", file)

    assert "строка 3, столбец «Вид потребителя» «кто-то»: Такого значения нет. Можно: физлицо, ип" in said
    assert "строка 4 «К-3;физлицо»: Ячеек 2, а заголовков 4." in said
    assert "замечание: строка 2, столбец «ИНН» «1»" in said
    assert "Ничего не загружено" in said
    assert not Customer.objects.exists()
    assert "Такого значения нет" in (file.parent / "клиенты.ошибки.csv").read_text("utf-8-sig")


@pytest.mark.django_db
def test_bad_rows_go_to_a_file_that_is_put_right_and_loaded(file):
    run("import_file", "customers", file, skip_bad=True)
    bad = file.parent / "клиенты.не-загружено.csv"
    rows = bad.read_text("utf-8-sig")

    bad.write_text(
        rows.replace("кто-то", "физлицо").replace('"К-3;физлицо"', "К-3").replace("К-3;;", "К-3;физлицо;Белова")
    )
    run("import_file", "customers", bad)

    assert set(Customer.objects.values_list("code", flat=True)) >= {"К-1", "К-2"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["все.csv", "все.xlsx"])
def test_an_export_is_loaded_without_a_change(file, name):
    run("import_file", "customers", file, skip_bad=True)
    path = file.parent / name

    run("export_file", "customers", path)

    assert "новых 0, изменено 0, без изменений 1, с ошибками 0" in run("import_file", "customers", path, dry_run=True)


def test_every_code_of_files_has_its_words():
    used = set()
    for folder in ("flows/region_files", "domains/customers", "domains/supply", "domains/accounts", "domains/metering"):
        for path in (ROOT / folder).rglob("*.py"):
            if "tests" in path.parts or path.name in ("readings.py", "checks.py", "reading_rules.py", "rule_table.py"):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "found":
                    used |= {
                        keyword.value.value
                        for keyword in node.keywords
                        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
                    }
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FileRefused":
                    used.add(node.args[0].value)

    assert len(used) > 40
    assert used <= {*import_words.FINDINGS, *import_words.ERRORS}
