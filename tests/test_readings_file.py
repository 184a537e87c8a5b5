"""A file of readings: every row gets its result, the file is taken whole, twice is once."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from svet.domains.metering import actions as metering
from svet.domains.metering import queries
from svet.domains.metering.rules import Channel, ReadingKind
from svet.domains.metering.tests import world
from svet.flows import region_files
from svet.flows.readings_file import load_readings, take_readings
from svet.kernel.energy import Zoning
from svet.kernel.period import Month

pytestmark = pytest.mark.django_db
AT = world.noon(date(2026, 10, 28))


@pytest.fixture
def homes() -> list[world.Home]:
    homes = [world.home(1), world.home(2, zoning=Zoning.TWO)]
    world.past(homes[0], (date(2026, 8, 24), 1450), (date(2026, 9, 24), 1600))
    return homes


def row(home: world.Home, **cells: object) -> dict[str, object]:
    plain = {"account_number": home.account.number, "meter_serial": home.meter.serial, "taken_on": "2026-10-24"}
    return {**plain, "t1": "", "t2": None, "t3": None, "channel": "meter_reader", "source_id": None, **cells}


def take(rows: list[dict[str, object]], **options: object):
    return take_readings(pl.DataFrame(rows, infer_schema_length=None), at=AT, **options)


def outcomes(taken) -> list[str]:
    return taken.results["outcome"].to_list()


def codes(taken) -> list[list[str]]:
    return [[one["code"] for one in json.loads(text)] for text in taken.results["findings"]]


def test_every_row_gets_a_receipt_or_a_reason(homes) -> None:
    anna, boris = homes
    taken = take(
        [
            row(anna, t1=1750),
            row(boris, t1="100", t2="50", taken_on="24.10.2026"),
            row(anna, t1="1500", source_id="held"),
            row(boris, t1="101", source_id="half"),
            row(anna, account_number="3300000000", t1="1"),
            row(anna, account_number=None, t1="1"),
            row(anna, taken_on="вчера", t1="1"),
            row(anna, channel="pigeon", t1="1"),
            row(anna),
        ]
    )

    assert taken.results["row"].to_list() == list(range(2, 11))
    assert outcomes(taken) == ["accepted", "accepted", "held", "refused"] + ["error"] * 5
    assert codes(taken)[2:] == [
        ["R12"],
        ["R05"],
        ["row_account_unknown"],
        ["row_account_missing"],
        ["row_day_unreadable"],
        ["row_channel_unknown"],
        ["row_values_missing"],
    ]
    assert taken.results["number"].null_count() == 5
    assert taken.counts == {"accepted": 2, "held": 1, "refused": 1, "error": 5}


def test_the_same_file_again_changes_nothing(homes) -> None:
    rows = [row(homes[0], t1=1750), row(homes[1], t1=100, t2=50, source_id="a-1")]
    first = take(rows)

    again = take([*rows, rows[1]])

    assert outcomes(again) == ["repeated"] * 3
    assert again.results["number"].to_list()[:2] == first.results["number"].to_list()
    assert world.receipt_count() == 2


def test_a_dry_run_tells_the_same_and_leaves_nothing(homes) -> None:
    rows = [row(homes[0], t1=1750), row(homes[1], t1=100)]

    dry = take(rows, dry=True)

    assert world.receipt_count() == 0
    assert outcomes(take(rows)) == outcomes(dry) == ["accepted", "refused"]


def test_months_of_one_account_in_one_file_are_taken_in_order_of_their_days(homes) -> None:
    anna = homes[0]
    taken = take(
        [
            row(anna, t1=1900, taken_on="2026-10-24"),
            row(anna, t1=1300, taken_on="2026-07-24", channel="import"),
            row(anna, t1=1290, taken_on="2026-07-25", channel="import"),
        ]
    )

    assert outcomes(taken) == ["accepted", "accepted", "accepted"]
    values = [entry.value for entry in queries.history(anna.account.pk) if entry.is_in_force]
    assert values == [1900, 1600, 1450, 1290]


def test_a_consumers_late_row_waits_for_the_next_month_and_a_readers_does_not(homes) -> None:
    take([row(homes[0], t1=1750, taken_on="2026-10-27", channel="phone")])
    take([row(homes[1], t1=10, t2=10, taken_on="2026-10-27")])

    months = [queries.history(home.account.pk)[0].counts_for for home in homes]
    assert months == [Month("2026-11"), Month("2026-10")]


def test_what_cannot_be_stored_is_refused_not_raised(homes) -> None:
    taken = take(
        [
            row(homes[0], t1="1234567890"),
            row(homes[0], t1="-1"),
            row(homes[0], t1="NaN"),
            row(homes[0], t1="=1+1"),
            row(homes[0], t1="1\x002", source_id="nul\x00\x1f"),
            row(homes[0], t1="1;\"'\n2"),
            row(homes[0], t1=1750, taken_on="2026-11-30"),
            row(homes[0], t1=1750, meter_serial='"SN,1"'),
            row(homes[0], t1=1750, taken_on="2026-02-30"),
        ]
    )

    assert outcomes(taken) == ["refused"] * 4 + ["held"] + ["refused"] * 3 + ["error"]
    assert [entry.value for entry in queries.history(homes[0].account.pk) if entry.is_in_force] == [1600, 1450]


def test_an_empty_file_is_taken_and_does_nothing() -> None:
    taken = take_readings(pl.DataFrame(schema={"account_number": pl.String, "t1": pl.String}), at=AT)

    assert taken.counts == {}


def test_as_a_kind_of_region_file_only_rows_without_a_receipt_are_errors(homes) -> None:
    anna = homes[0]
    frame = pl.DataFrame([row(anna, t1="1500"), row(anna, t1=1, account_number="3300000000")], infer_schema_length=None)

    result = load_readings(frame.with_columns(line=pl.Series([7, 9])), at=AT)

    assert (result.inserted, result.unchanged) == (1, 0)
    assert result.errors.select("line", "column", "code").rows() == [(9, "account_number", "row_account_unknown")]
    (note,) = result.findings.filter(pl.col("level") == "note").iter_rows(named=True)
    assert (note["line"], note["code"], json.loads(note["facts"])["verdict"]) == (7, "R12", "held")


def test_a_readings_file_in_russian_headings_is_loaded_by_its_kind(homes) -> None:
    anna = homes[0]
    text = f"Лицевой счёт;Номер счётчика;Снято;Т1;Канал\n{anna.account.number};SN-1;24.10.2026;1750;обход\n"

    report = region_files.load("readings", text.encode("cp1251"), at=AT, file_name="обход.csv")

    assert (report.is_loaded, report.inserted, report.findings.height) == (True, 1, 0)
    latest = queries.history(anna.account.pk)[0]
    assert (latest.value, latest.channel, latest.kind) == (1750, Channel.METER_READER, ReadingKind.CONTROL)


GIVEN = ["1750", "1500", "17500", "-3", "1e3", "1750,5", "123456", "1600", "9999", " 1700 "]


def test_a_file_and_single_submissions_come_to_the_same(homes) -> None:
    twins = [(world.home(100 + n), world.home(200 + n)) for n in range(len(GIVEN))]
    for pair in twins:
        for one in pair:
            world.past(one, *[(date(2026, month, 24), 1000 + 150 * (month - 5)) for month in range(5, 10)])

    by_file = take([row(left, t1=text, channel="phone") for (left, _), text in zip(twins, GIVEN, strict=True)])
    singles = [
        metering.submit_reading(
            account_id=right.account.pk,
            values={"1": text},
            taken_on=date(2026, 10, 24),
            received_at=world.noon(date(2026, 10, 24)),
            channel=Channel.PHONE,
            source_id="one",
        )
        for (_, right), text in zip(twins, GIVEN, strict=True)
    ]

    assert outcomes(by_file) == [receipt.verdict.value for receipt in singles]
    assert codes(by_file) == [[finding.code for finding in receipt.findings] for receipt in singles]
    assert len(set(outcomes(by_file))) == 3
    for left, right in twins:
        kept = [
            [(one.value, one.verdict, one.counts_for, one.kwh, one.is_in_force) for one in queries.history(account.pk)]
            for account in (left.account, right.account)
        ]
        assert kept[0] == kept[1]
