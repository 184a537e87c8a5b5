"""Reference data by command: `svet import-standard` and `svet load-reference`; frames as billing declares them."""

from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from svet.domains.billing.rules import frames
from svet.domains.offices import queries as offices
from svet.domains.offices.rules.standard_text import STANDARD_RULES
from svet.domains.offices.tests.samples import SAMPLE, TEXT
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.coverage import COVERAGE_RULES
from svet.kernel.period import Month
from svet.surfaces.web import messages

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def spoiled(folder: Path) -> Path:
    path = folder / "spoiled.txt"
    path.write_text(TEXT.replace("сб.:       10:00 - 15:00", "сб.: по записи", 1), encoding="utf-8")
    return path


def test_importing_the_standard_says_what_came_and_the_second_time_that_nothing_did():
    first, _ = run("import_standard", str(SAMPLE))
    second, _ = run("import_standard", str(SAMPLE))

    assert "Офисы: добавлено 3, изменено 0, удалено 0." in first
    assert "  + г. Речной, наб. Лодочная, д.6 корпус 1" in first
    assert "  + почтовый адрес" in first
    assert "Офисы: добавлено 0, изменено 0, удалено 0." in second
    assert len(offices.directory()) == 3


def test_a_dry_run_says_the_same_and_keeps_nothing():
    out, _ = run("import_standard", str(SAMPLE), "--dry-run")

    assert "Офисы: добавлено 3" in out
    assert "ничего не изменено" in out
    assert offices.directory() == []


def test_a_text_in_another_form_loads_nothing_and_names_the_line(tmp_path):
    err = StringIO()

    with pytest.raises(CommandError, match="Ничего не загружено") as refusal:
        call_command("import_standard", str(spoiled(tmp_path)), stdout=StringIO(), stderr=err)

    assert refusal.value.returncode == 2
    assert "по записи" in err.getvalue()
    assert "Строка " in err.getvalue()
    assert offices.directory() == []


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b"PK\x03\x04", "не читается как текст"), (None, "не открывается")],
    ids=["an archive", "no file"],
)
def test_a_file_that_cannot_be_read_is_told_so(tmp_path, raw, words):
    path = tmp_path / "standard.txt"
    if raw is not None:
        path.write_bytes(raw)

    with pytest.raises(CommandError, match=words) as refusal:
        call_command("import_standard", str(path))

    assert refusal.value.returncode == 3


def test_the_facts_of_a_text_can_be_printed_as_a_data_file():
    out, _ = run("import_standard", str(SAMPLE), "--facts")

    assert "code: rechnoy-pristanskaya-3b" in out
    assert offices.directory() == []


def test_reference_data_are_loaded_once():
    first, _ = run("load_reference")
    second, _ = run("load_reference")

    assert "офисов: 20" in first
    assert "версий тарифов: 9" in first
    assert second == "Справочные данные уже загружены.\n"


@pytest.mark.parametrize(
    ("read", "declared"),
    [
        (tariffs.tariff_frame, frames.TARIFFS),
        (tariffs.social_norm_frame, frames.SOCIAL_NORMS),
        (tariffs.consumption_norm_frame, frames.CONSUMPTION_NORMS),
    ],
    ids=["prices", "social norms", "consumption norms"],
)
def test_frames_are_those_that_billing_declares(read, declared):
    call_command("load_reference", verbosity=0)

    frame = read(Month("2026-10"))

    frames.check(frame, declared, name="reference")
    assert frame.height > 0
    assert isinstance(frame, pl.DataFrame)


@pytest.mark.parametrize("rule", [*STANDARD_RULES, *COVERAGE_RULES], ids=lambda rule: rule.code)
def test_every_finding_about_reference_data_has_words(rule):
    assert rule.code in messages.FINDINGS
