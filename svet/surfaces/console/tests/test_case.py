"""`svet case`: what an accountant sees, what a script gets, and what a broken file is told."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from svet.surfaces.console.cases.case import read_case
from svet.surfaces.console.cases.tree import CaseError

GOOD = """\
case: Проверка
today: 2026-04-01
months: 2026-02..2026-03
supply: {category: urban_gas, rooms: 2}
agreement: {from: 2020-01-01}
meters:
  - {digits: 5}
residents: {registered: 2}
readings:
  - {on: 2026-01-20, values: 1000}
  - {on: 2026-02-20, values: 1100}
  - {on: 2026-03-20, values: 1250}
tariffs:
  - rates: 4.12
expected:
  2026-02: {kwh: 100, amount: 412.00}
  2026-03: {amount: 618.00}
"""


def run(tmp_path, *texts, **options):
    """Return the exit code, the output and the errors of `svet case` on files with these texts."""
    files = []
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(str(path))
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("case", *files, stdout=out, stderr=err, no_color=True, **options)
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue(), err.getvalue()


def test_the_table_shows_lines_totals_and_why(tmp_path):
    code, out, err = run(tmp_path, GOOD)

    assert (code, err) == (0, "")
    assert "Февраль 2026" in out
    assert "1 000 → 1 100    100 кВт·ч  по показаниям" in out
    assert "100 кВт·ч  × 4,12  = 412,00" in out
    assert "Итого 150 кВт·ч, 618,00 руб., в том числе НДС 111,44; способ: по прибору." in out
    assert "Начислено всего: 1 030,00. Баланс на конец: долг 1 030,00." in out
    assert "Совпадает с ожидаемым." in out


def test_one_month_may_be_asked_for(tmp_path):
    code, out, _ = run(tmp_path, GOOD, month="2026-03")

    assert code == 0
    assert "Март 2026" in out
    assert "Февраль" not in out


def test_json_carries_exact_decimals_as_text(tmp_path):
    code, out, _ = run(tmp_path, GOOD, json=True)

    assert code == 0
    result = json.loads(out)[0]
    assert result["months"]["2026-02"]["amount"] == "412.00"
    assert result["months"]["2026-02"]["lines"][0]["rate"] == "4.12"
    assert result["differences"] == []


def test_a_difference_is_named_by_line_and_ends_with_one(tmp_path):
    code, out, _ = run(tmp_path, GOOD.replace("412.00", "412.01"))

    assert code == 1
    assert "строка 16, 2026-02 amount: ожидалось 412.01, вышло 412.00" in out


def test_a_missing_row_is_a_difference_too(tmp_path):
    code, out, _ = run(tmp_path, GOOD.replace("{amount: 618.00}", "{lines: [{kwh: 100}, {kwh: 50}]}"))

    assert code == 1
    assert "ожидалось строк: 2, вышло строк: 1" in out


def test_without_expectations_nothing_is_compared(tmp_path):
    code, out, _ = run(tmp_path, GOOD[: GOOD.index("expected")])

    assert code == 0
    assert "овпадает" not in out


def test_a_broken_file_does_not_keep_the_others_from_being_billed(tmp_path):
    code, out, err = run(tmp_path, "case: [", GOOD)

    assert code == 2
    assert "Совпадает с ожидаемым." in out
    assert "0.yaml, строка" in err


BROKEN = {
    "an unknown field": (GOOD + "погода: хорошая\n", "строка 18: неизвестное поле «погода»"),
    "a wrong day": (GOOD.replace("2026-03-20", "2026-02-30"), "строка 12: «on»: «2026-02-30» не дата"),
    "a wrong number": (GOOD.replace("4.12", "4.1e2"), "строка 14: «rates»: «4.1e2» не число"),
    "a fraction of a kopeck": (GOOD.replace("expected", "opening_balance: 0.001\nexpected"), "больше 2 знаков"),
    "a fraction of a microrouble": (GOOD.replace("4.12", "4.1234567"), "строка 14: «rates»"),
    "a wrong month": (GOOD.replace("2026-02..2026-03", "2026-13"), "строка 3: «months»: «2026-13» не месяц"),
    "months that are not in a row": (GOOD.replace("2026-02..2026-03", "[2026-01, 2026-03]"), "должны идти подряд"),
    "a range the wrong way round": (GOOD.replace("2026-02..2026-03", "2026-03..2026-02"), "не от 1 до 120"),
    "a month after today": (GOOD.replace("today: 2026-04-01", "today: 2026-01-01"), "позже сегодняшнего дня"),
    "an unknown category": (GOOD.replace("urban_gas", "дача"), "строка 4: «category»"),
    "an unknown meter": (GOOD.replace("on: 2026-01-20,", "on: 2026-01-20, meter: Х,"), "такого прибора нет (Х)"),
    "too many dials": (GOOD.replace("values: 1000", "values: [1, 2]"), "значений 2, а шкал 1"),
    "a dial that is not there": (GOOD.replace("values: 1000", "values: {night: 1}"), "шкалы «night» нет"),
    "a negative reading": (GOOD.replace("values: 1000", "values: -1"), "показание не может быть таким"),
    "an unknown policy": (GOOD + "policies: {доброта: 1}\n", "строка 18: нет переключателя «доброта»"),
    "a policy out of bounds": (GOOD + "policies: {average_limit_months: 99}\n", "«99» не подходит; бывает 0..12"),
    "an unknown month expected": (GOOD.replace("  2026-03: {", "  2026-09: {"), "в результате нет «2026-09»"),
    "a field twice": (GOOD + "case: ещё раз\n", "строка 18: поле «case» встречается дважды"),
    "a list where a table is due": (GOOD.replace("{category: urban_gas, rooms: 2}", "[1]"), "строка 4"),
    "nothing": ("", "файл пуст"),
    "only a word": ("слово", "строка 1: в файле ожидаются поля"),
    "bad indentation": ("case: a\n  b: c\n d: e\n", "строка 2: файл не читается как YAML"),
    "a control character": ("case: a\x01\n", "строка 1: в файле есть недопустимый управляющий символ"),
    "another encoding": ("case: пример".encode("cp1251"), "не в кодировке UTF-8"),
    "endless nesting": ("case: " + "[" * 5000, "слишком глубокая вложенность"),
    "a snake that eats its tail": ("case: &a [*a]\n", "слишком глубокая вложенность"),
    "a reference that is not shipped": (GOOD + "reference: mars\n", "строка 18: «reference»: нет «mars»"),
    "a correction of nothing": (GOOD.replace("on: 2026-01-20,", "on: 2026-01-20, replaces: Х,"), "«Х» выше нет"),
    "a name that is a list": (GOOD + "[a, b]: c\n", "имя поля должно быть простым словом"),
    "a list where a word is due": (GOOD.replace("case: Проверка", "case: [a]"), "строка 1: «case»: ожидается простое"),
    "too many people": (GOOD.replace("registered: 2", "registered: 2000000000"), "не целое число от 0 до 1000"),
    "half a person": (GOOD.replace("registered: 2", "registered: 1.5"), "строка 8: «registered»: «1.5» не целое"),
    "a norm beyond reason": (GOOD + "social_norms: {persons: 1, kwh: 9999999}\n", "от 0 до 1000000 кВт·ч"),
    "a price beyond reason": (GOOD.replace("4.12", "4120"), "цена бывает от 0 до 1000"),
    "neither yes nor no": (GOOD.replace("registered: 2", "registered: 2, privileged: может"), "«может» не да и не нет"),
    "an unknown kind": (GOOD.replace("on: 2026-01-20,", "on: 2026-01-20, kind: сон,"), "«сон» — такого нет"),
    "a period without days": (GOOD.replace("{from: 2020-01-01}", "{from: 2020-01-02, until: 2020-01-01}"), "не позже"),
    "a band that no such tariff has": (
        GOOD.replace("rates: 4.12", "rates: [{band: night, rate: 1}]"),
        "нет зоны «night»",
    ),
    "an estimate of no meter": (GOOD + "estimated: {meter: Х, kwh: 1}\n", "укажите прибор"),
    "an estimate of no dial": (GOOD + "estimated: {band: night, kwh: 1}\n", "нет шкалы «night»"),
    "one name for two readings": (GOOD.replace("{on: 2026-0", "{id: а, on: 2026-0"), "«а» встречается дважды"),
    "a dial of too many digits": (GOOD.replace("digits: 5", "digits: 10"), "от 3 до 9 цифр"),
    "a multiplier of nothing": (GOOD.replace("digits: 5", "multiplier: 0"), "коэффициент должен быть больше нуля"),
    "a table expected of a number": (GOOD.replace("{amount: 618.00}", "{amount: {a: 1}}"), "нет вложенных"),
    "a list expected of a number": (GOOD.replace("{amount: 618.00}", "{amount: [1]}"), "это поле — не список"),
    "two prices of one step": (
        GOOD.replace("rates: 4.12", "rates: [{rate: 1}, {rate: 2}]"),
        "две цены на одну зону и ступень",
    ),
}


@pytest.mark.parametrize("text,message", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_gets_a_clear_word_and_its_line(tmp_path, text, message):
    code, _, err = run(tmp_path, text)

    assert code == 2
    assert message in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    err, out = StringIO(), StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("case", str(tmp_path / "нет.yaml"), stdout=out, stderr=err)

    assert stop.value.code == 2
    assert "файл не открывается" in err.getvalue()


@pytest.mark.parametrize("month,message", [("2026-07", "месяца 2026-07 в примере нет"), ("июль", "не месяц вида")])
def test_a_month_that_is_not_there_is_said_so(tmp_path, month, message):
    code, _, err = run(tmp_path, GOOD, month=month)

    assert code == 2
    assert message in err


HUGE = GOOD.replace("digits: 5", "digits: 9, multiplier: 10000").replace("1250}", "999999999}").replace("4.12", "1000")


def test_the_greatest_values_are_billed_exactly(tmp_path):
    code, out, _ = run(tmp_path, HUGE[: HUGE.index("expected")], json=True)

    assert code == 0
    assert json.loads(out)[0]["months"]["2026-03"]["amount"] == "9999988990000000.00"


def test_a_month_without_an_agreement_costs_nothing(tmp_path):
    text = GOOD.replace("agreement: {from: 2020-01-01}", "agreement: {from: 2020-01-01, until: 2026-03-01}")

    code, out, _ = run(tmp_path, text.replace("{amount: 618.00}", "{parked: false, amount: 0.00, closing: 412.00}"))

    assert code == 0
    assert "Договора в этом месяце нет." in out


def test_two_agreements_in_a_month_are_charged_for_the_days_of_both(tmp_path):
    text = """
case: Перерыв в договоре
months: 2026-04
supply: {category: urban_gas, rooms: 1}
agreement: [{until: 2026-04-11}, {from: 2026-04-21}]
residents: {registered: 1}
tariffs: {rates: 1}
consumption_norms: {rooms: 1, persons: 1, kwh: 30}
expected:
  2026-04: {kwh: 20, amount: 20.00}
"""

    code, out, err = run(tmp_path, text)

    assert (code, err) == (0, ""), out


def test_vat_may_change_in_a_case(tmp_path):
    text = GOOD.replace(
        "expected", "vat: [{percent: 10, until: 2026-03-01}, {percent: 20, from: 2026-03-01}]\nexpected"
    )

    code, _, _ = run(
        tmp_path, text.replace("amount: 412.00}", "vat: 37.45}").replace("amount: 618.00}", "vat: 103.00}")
    )

    assert code == 0


def test_nothing_may_be_expected_of_a_field(tmp_path):
    text = GOOD.replace("{amount: 618.00}", "{volumes: [{start: null}], findings: F01}")

    code, out, _ = run(tmp_path, text)

    assert code == 1
    assert "ожидалось ничего, вышло 1100" in out
    assert "2026-03 findings: ожидалось F01, вышло" in out


def test_an_account_that_needs_a_person_says_why(tmp_path):
    code, out, _ = run(tmp_path, GOOD[: GOOD.index("expected")].replace("values: 1250", "values: 1099"))

    assert code == 0
    assert "Не начислено: нужен сотрудник." in out
    assert "F01: показание меньше прежнего" in out


def test_a_price_is_never_a_float():
    case = read_case(GOOD.replace("4.12", "0.1"))

    assert case.tariffs[0]["rate_urub"] == Decimal("0.1") * 10**6


def spoiled(at, bit):
    """Return the good case with two characters at a place replaced by others."""
    return GOOD[:at] + bit + GOOD[at + 2 :]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(), st.builds(spoiled, st.integers(0, len(GOOD)), st.text(max_size=4))))
def test_any_text_is_a_case_or_a_clear_error(text):
    try:
        read_case(text)
    except CaseError as error:
        assert error.text
