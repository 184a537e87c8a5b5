"""The rules of readings, one by one: examples for people and laws for every value."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svet.domains.metering.rules import Channel, ReadingKind
from svet.domains.metering.rules.checks import check
from svet.domains.metering.rules.context import BILLED, HISTORY, PLACES, REGISTERS, Known
from svet.domains.metering.rules.policies import ReadingPolicies
from svet.domains.metering.rules.reading_rules import RULES
from svet.domains.metering.rules.rule_table import METER_CHECKS, STRAY_CHECKS, VALUE_CHECKS, use_checks
from svet.domains.metering.rules.single import Submission
from svet.domains.metering.tests.alike import asked_frames, judged_alike
from svet.kernel.findings import Level, gravest

TODAY = date(2026, 10, 24)
MONTHLY = [(date(2026, month, 24), 1000 + 150 * (month - 5)) for month in range(5, 10)]


def known(
    *past: tuple[date, int],
    bands: tuple[str, ...] = ("all",),
    digits: int = 5,
    fraction_digits: int = 0,
    installed_on: date = date(2020, 1, 1),
    removed_on: date | None = None,
    agreed_on: date = date(2020, 1, 1),
    ended_on: date | None = None,
    verification_due_on: date | None = None,
    max_power_w: int | None = 15_000,
    multiplier_e4: int = 10_000,
    billed_month: date | None = None,
    meters: int = 1,
    **policies: object,
) -> Known:
    """What is known of account 1 with meters SN-1… and readings of the past on all registers of the first."""
    rest = (verification_due_on, max_power_w)
    places = [
        (1, n, f"SN-{n}", agreed_on, ended_on, installed_on, removed_on, digits, fraction_digits, multiplier_e4, *rest)
        for n in range(1, meters + 1)
    ]
    registers = [(n, n * 10 + place, place, band) for n in range(1, meters + 1) for place, band in enumerate(bands, 1)]
    history = [
        (1, 10 + place, 100 * place + n, value * 1000, day, "regular", day.replace(day=1))
        for place in range(1, len(bands) + 1)
        for n, (day, value) in enumerate(past)
    ]
    return Known(
        places=pl.DataFrame(places, schema=PLACES, orient="row"),
        registers=pl.DataFrame(registers, schema=REGISTERS, orient="row"),
        history=pl.DataFrame(history, schema=HISTORY, orient="row"),
        billed=pl.DataFrame([(1, billed_month)] if billed_month else [], schema=BILLED, orient="row"),
        policies=ReadingPolicies(**policies),
    )


def found(about: Known, value: object, on: date = TODAY, given_on: date | None = None, **more: object) -> list[str]:
    values = value if isinstance(value, dict) else {"1": value}
    findings = judged_alike(about, values, taken_on=on, given_on=given_on or on, **more).findings
    return [f"{one.code} {one.level.value}" for one in findings]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1750", []),
        ("01750", []),
        ("1750,0", []),
        (" 1750 ", []),
        (Decimal("1.75E+3"), []),
        (1750, []),
        ("NaN", ["R01 refuse"]),
        (Decimal("NaN"), ["R01 refuse"]),
        (Decimal("Infinity"), ["R01 refuse"]),
        ("1e5", ["R01 refuse"]),
        (Decimal("1E+999999"), ["R01 refuse"]),
        (Decimal("1E-999999"), ["R01 refuse"]),
        ("0x10", ["R01 refuse"]),
        ("١٢٣", ["R01 refuse"]),
        ("12 345", ["R01 refuse"]),
        ("1.2.3", ["R01 refuse"]),
        (".", ["R01 refuse"]),
        ("'; DROP TABLE metering_reading; --", ["R01 refuse"]),
        ("12\x003", ["R01 refuse"]),
        ("-5", ["R02 refuse"]),
        ("−5", ["R02 refuse"]),
        (Decimal(-5), ["R02 refuse"]),
        ("123456", ["R03 refuse"]),
        ("1234567890", ["R03 refuse"]),
        ("9" * 40, ["R03 refuse"]),
        ("1750,5", ["R04 note"]),
    ],
)
def test_what_is_written_where_a_value_belongs(value: object, expected: list[str]) -> None:
    codes = found(known(*MONTHLY), value)

    assert [code for code in codes if code[:3] in {"R01", "R02", "R03", "R04"}] == expected
    if expected and "refuse" in expected[0]:
        assert (
            gravest(judged_alike(known(*MONTHLY), {"1": value}, taken_on=TODAY, given_on=TODAY).findings)
            == Level.REFUSE
        )


def test_r04_drops_what_the_dial_does_not_show() -> None:
    (finding,) = judged_alike(known(*MONTHLY), {"1": "1750,9"}, taken_on=TODAY, given_on=TODAY).findings

    assert finding.facts["kept"] == "1750"
    assert found(known(*MONTHLY, fraction_digits=2), "1750,99") == []


def test_r05_r06_registers_go_together() -> None:
    two = known(bands=("day", "night"))

    assert found(two, {"day": 10, "night": 5}) == []
    assert found(two, {"day": 10}) == ["R05 refuse"]
    assert found(two, {}) == ["R05 refuse", "R05 refuse"]
    assert found(two, {"1": 10, "2": 5, "3": 5}) == ["R06 refuse"]
    assert found(two, {"#11": 10, "#12": 5}) == []
    assert found(two, {11: 10, 99: 5}) == ["R05 refuse", "R06 refuse"]


def test_r07_no_reading_comes_from_the_future() -> None:
    tomorrow = TODAY + timedelta(days=1)

    assert "R07 refuse" in found(known(*MONTHLY), 1750, tomorrow, given_on=TODAY)
    assert "R07 refuse" in found(known(*MONTHLY), 1750, date(9999, 12, 31), given_on=TODAY)


@pytest.mark.parametrize(
    ("about", "on", "expected"),
    [
        (known(agreed_on=TODAY), TODAY, []),
        (known(agreed_on=TODAY), TODAY - timedelta(days=1), ["R08 refuse"]),
        (known(ended_on=TODAY), TODAY, ["R08 refuse"]),
        (known(installed_on=TODAY), TODAY, []),
        (known(installed_on=TODAY), TODAY - timedelta(days=1), ["R10 refuse"]),
        (known(removed_on=TODAY), TODAY, ["R10 refuse"]),
        (known(meters=0), TODAY, ["R08 refuse"]),
        (known(meters=2), TODAY, ["R11 refuse"]),
    ],
)
def test_r08_r10_r11_the_meter_must_have_been_there(about: Known, on: date, expected: list[str]) -> None:
    assert found(about, 10, on) == expected


def test_r10_takes_the_last_value_on_the_day_the_meter_goes() -> None:
    assert found(known(removed_on=TODAY), 10, kind=ReadingKind.REMOVED) == []
    assert found(known(ended_on=TODAY), 10, kind=ReadingKind.FINAL) == []


def test_r09_names_of_meters_forgive_zeros_spaces_and_case() -> None:
    assert found(known(), 10, meter_serial=" sn-1") == []
    assert found(known(), 10, meter_serial="00SN-1") == []
    assert found(known(), 10, meter_serial="SN-77") == ["R09 refuse"]
    assert found(known(meters=2), 10, meter_serial="SN-2") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1600, []),
        (1599, ["R12 hold"]),
        (160, ["R12 hold"]),
        (2330, []),  # 730 kWh: five times the usual 146 a month
        (2340, ["R14 hold"]),
        (17500, ["R15 hold", "R16 hold"]),
        (99999, ["R14 hold", "R16 hold"]),
    ],
)
def test_r12_r14_r15_r16_against_the_accounts_own_history(value: int, expected: list[str]) -> None:
    assert found(known(*MONTHLY), value) == expected


def test_r12_is_held_or_refused_by_policy_and_sees_a_missing_digit() -> None:
    assert found(known(*MONTHLY, lower=Level.REFUSE), 1500) == ["R12 refuse"]
    (finding,) = judged_alike(known(*MONTHLY), {"1": 175}, taken_on=TODAY, given_on=TODAY).findings
    assert finding.facts["missing_digit"] is True
    (finding,) = judged_alike(known(*MONTHLY), {"1": 1500}, taken_on=TODAY, given_on=TODAY).findings
    assert finding.facts["missing_digit"] is False


def test_r13_a_dial_that_ran_over() -> None:
    near_the_end = [(day, value + 98_300) for day, value in MONTHLY]

    (finding,) = judged_alike(known(*near_the_end), {"1": "00040"}, taken_on=TODAY, given_on=TODAY).findings

    assert (finding.code, finding.level, finding.facts["kwh"]) == ("R13", Level.NOTE, "140")
    assert found(known(*near_the_end), "09900") == ["R12 hold"]


def test_r15_suggests_the_value_without_the_extra_digit() -> None:
    findings = judged_alike(known(*MONTHLY), {"1": "17504"}, taken_on=TODAY, given_on=TODAY).findings

    assert next(one for one in findings if one.code == "R15").facts["perhaps"] == "1750"


def test_r14_without_history_knows_a_bound_of_its_own() -> None:
    first = (date(2026, 9, 24), 1000)

    assert found(known(first), 2500) == []
    assert found(known(first, max_power_w=None), 2700) == ["R14 hold"]
    assert found(known(), 90_000) == []


def test_r16_counts_the_multiplier_and_the_hours() -> None:
    months = [(day, value // 20) for day, value in MONTHLY]

    assert found(known(*months, multiplier_e4=200_000), 90) == []
    assert "R16 hold" in found(known(*months, multiplier_e4=200_000, max_power_w=100), 90)


def test_r17_a_value_that_stands_still() -> None:
    still = [(date(2026, month, 24), 1000) for month in (6, 7, 8, 9)]

    assert found(known(*still), 1000) == ["R17 note"]
    assert found(known(*still[-1:]), 1000) == []


def test_r18_the_same_value_for_the_same_day() -> None:
    assert found(known(*MONTHLY, (TODAY, 1750)), 1750) == ["R18 note"]


def test_r19_a_reading_of_an_earlier_day_stands_between_its_neighbours() -> None:
    late = date(2026, 8, 30)

    assert "R19 note" in found(known(*MONTHLY), 1500, late, kind=ReadingKind.CONTROL)
    assert "R19 hold" in found(known(*MONTHLY), 1650, late, kind=ReadingKind.CONTROL)
    assert "R12 hold" in found(known(*MONTHLY), 1400, late, kind=ReadingKind.CONTROL)


@pytest.mark.parametrize(
    ("given_on", "channel", "expected"),
    [
        (date(2026, 10, 25), Channel.CABINET, []),
        (date(2026, 10, 26), Channel.CABINET, ["R20 note"]),
        (date(2026, 11, 2), Channel.PHONE, ["R20 note"]),
        (date(2026, 10, 26), Channel.METER_READER, []),
        (date(2026, 10, 31), Channel.SMART_METER, []),
    ],
)
def test_r20_the_window_is_for_consumers(given_on: date, channel: Channel, expected: list[str]) -> None:
    assert found(known(*MONTHLY), 1750, date(2026, 10, 24), given_on, channel=channel) == expected


def test_r21_an_expired_verification_is_noted_or_held() -> None:
    expired = TODAY - timedelta(days=1)

    assert found(known(*MONTHLY, verification_due_on=expired), 1750) == ["R21 note"]
    assert found(known(*MONTHLY, verification_due_on=TODAY), 1750) == []
    assert found(known(*MONTHLY, verification_due_on=expired, after_verification=Level.HOLD), 1750) == ["R21 hold"]


def test_r22_a_billed_month_is_corrected_by_the_next_bill() -> None:
    billed = known(*MONTHLY, (TODAY, 1750), billed_month=date(2026, 10, 1))

    assert found(billed, 1700, given_on=date(2026, 11, 3)) == ["R22 note"]


def test_every_rule_is_checked_and_every_check_has_its_rule() -> None:
    tables = (*METER_CHECKS, *STRAY_CHECKS, *VALUE_CHECKS, *use_checks(ReadingPolicies()))

    assert {one.code for one in tables} == set(RULES)


def test_defaults_are_those_of_the_catalogue() -> None:
    assert ReadingPolicies.of({}) == ReadingPolicies()


texts = st.one_of(st.text(max_size=30), st.from_regex(r"\A-?[0-9]{0,12}([.,][0-9]{0,5})?\Z"))
days = st.dates(date(2019, 1, 1), date(2027, 12, 31))


@settings(max_examples=60, deadline=None)
@given(texts, days, st.sampled_from(list(Channel)), st.sampled_from(list(ReadingKind)))
def test_whatever_is_given_gets_a_verdict_and_what_is_kept_fits_the_dial(text, on, channel, kind) -> None:
    judged = judged_alike(known(*MONTHLY), {"1": text}, taken_on=on, given_on=TODAY, channel=channel, kind=kind)

    levels = [one.level for one in judged.findings]
    assert (
        judged.verdict
        == {None: "accepted", "note": "accepted", "hold": "held", "refuse": "refused"}[gravest_of(levels)]
    )
    if judged.verdict != "refused":
        (row,) = judged.rows
        assert 0 <= row.value_wh < 100_000_000
        assert row.month.counts_from >= on.replace(day=1)


def gravest_of(levels: list[Level]) -> str | None:
    order = list(Level)
    return max((level.value for level in levels), key=lambda level: order.index(Level(level)), default=None)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(texts, st.dates(date(2026, 5, 1), TODAY)), min_size=1, max_size=6))
def test_many_at_once_are_judged_as_one_by_one(given_texts) -> None:
    about = known(*MONTHLY)
    frames = [
        asked_frames(Submission.of({"1": text}, taken_on=on, given_on=TODAY, channel=Channel.SMS))
        for text, on in given_texts
    ]
    number = [pl.lit(n, dtype=pl.Int64).alias("submission") for n in range(len(frames))]
    together = check(
        pl.concat([asked.with_columns(number[n]) for n, (asked, _) in enumerate(frames)]),
        pl.concat([values.with_columns(number[n]) for n, (_, values) in enumerate(frames)]),
        about,
    )

    for n, (asked, values) in enumerate(frames):
        alone = check(asked, values, about)
        mine = together.findings.filter(pl.col("submission") == n)
        assert mine.drop("submission").rows() == alone.findings.drop("submission").rows()
        assert together.submissions.filter(pl.col("submission") == n)["verdict"][0] == alone.submissions["verdict"][0]


day_of_reading = st.dates(date(2026, 3, 1), TODAY)
pasts = st.lists(st.tuples(day_of_reading, st.integers(0, 99_999)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    past=pasts,
    texts=st.dictionaries(st.sampled_from(["1", "T2", "night", "day", "#11", "3", "x"]), texts, max_size=3),
    on=st.dates(date(2026, 3, 1), date(2026, 11, 10)),
    given_on=st.dates(date(2026, 9, 20), date(2026, 11, 10)),
    kind=st.sampled_from(list(ReadingKind)),
    channel=st.sampled_from([Channel.CABINET, Channel.METER_READER]),
    billed=st.sampled_from([None, date(2026, 8, 1), date(2026, 9, 1)]),
    serial=st.sampled_from([None, "SN-1", " sn-0001", "0sn-1", "SN-2", "XX"]),
    ended_on=st.sampled_from([None, date(2026, 10, 24)]),
    meters=st.sampled_from([0, 1, 1, 2]),
)
def test_one_submission_and_a_file_are_judged_by_the_same_rules(
    past, texts, on, given_on, kind, channel, billed, serial, ended_on, meters
) -> None:
    """`judged_alike` compares verdicts, findings with their facts, and every row of the two ways."""
    about = known(
        *past, bands=("day", "night"), billed_month=billed, ended_on=ended_on, removed_on=ended_on, meters=meters
    )
    judged_alike(about, texts, taken_on=on, given_on=given_on, kind=kind, channel=channel, meter_serial=serial)
