"""A reading, from whichever channel: checked, kept, receipted."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from svet.domains.metering import actions, queries
from svet.domains.metering.models import Reading, ReadingReceipt
from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.tests import world
from svet.infra.models import AuditRecord, Fact
from svet.kernel.energy import TimeBand, Zoning
from svet.kernel.errors import Conflict, NotFound
from svet.kernel.period import Month

pytestmark = pytest.mark.django_db

SUMMER = [(date(2026, month, 24), 1000 + 150 * (month - 5)) for month in range(5, 10)]  # 1000 .. 1600 on 24 September


def submit(where: world.Home, values: object, on: date = date(2026, 10, 24), **more: object):
    given = values if isinstance(values, dict) else {"1": values}
    source = {"source_id": f"{on}-{values}", "channel": Channel.CABINET, "received_at": world.noon(on), **more}
    return actions.submit_reading(account_id=where.account.pk, values=given, taken_on=on, **source)


def codes(receipt) -> list[str]:
    return [finding.code for finding in receipt.findings]


@pytest.fixture
def anna() -> world.Home:
    anna = world.home(1)
    world.past(anna, *SUMMER)
    return anna


def test_a_plausible_reading_is_accepted_and_told_with_the_use(anna) -> None:
    receipt = submit(anna, "1750")

    assert receipt.verdict == Verdict.ACCEPTED
    assert receipt.findings == ()
    assert receipt.number.startswith("П-26-10-")
    (row,) = receipt.rows
    assert (row.value, row.previous, row.previous_on, row.kwh) == (1750, 1600, date(2026, 9, 24), Decimal(150))
    assert Reading.objects.get(receipt__number=receipt.number).counts_from == date(2026, 10, 1)


def test_the_same_submission_again_gets_the_same_receipt(anna) -> None:
    first = submit(anna, "1750", source_id="form-7")
    again = submit(anna, "1790", source_id="form-7")

    assert again == first
    assert ReadingReceipt.objects.count() == 1


def test_the_same_source_id_by_another_channel_is_another_submission(anna) -> None:
    submit(anna, "1750", source_id="7")
    submit(anna, "1750", source_id="7", channel=Channel.SMS)

    assert ReadingReceipt.objects.count() == 2


def test_a_lower_value_is_held_until_the_operator_decides(anna) -> None:
    receipt = submit(anna, "1500")
    (waiting,) = queries.held(limit=10)

    actions.review_reading(
        waiting.reading_id,
        account_id=anna.account.pk,
        verdict=Verdict.ACCEPTED,
        reason="фото",
        decided_by=1,
        at=world.noon(date(2026, 10, 26)),
    )

    assert (receipt.verdict, codes(receipt)) == (Verdict.HELD, ["R12"])
    assert (waiting.value, waiting.previous) == (1500, 1600)
    assert queries.held(limit=10) == []
    latest = queries.history(anna.account.pk)[0]
    assert (latest.value, latest.verdict, latest.is_in_force) == (1500, Verdict.ACCEPTED, True)
    assert latest.kwh == -100


def test_until_the_month_is_billed_a_later_reading_replaces_the_earlier_one(anna) -> None:
    submit(anna, "1850")
    corrected = submit(anna, "1750", on=date(2026, 10, 25))

    assert corrected.verdict == Verdict.ACCEPTED
    in_force = [row.value for row in queries.history(anna.account.pk) if row.is_in_force]
    assert in_force[:2] == [1750, 1600]


def test_a_correction_after_the_window_still_counts_for_the_month_not_yet_billed(anna) -> None:
    submit(anna, "1850")
    corrected = submit(anna, "1750", on=date(2026, 10, 28))

    assert codes(corrected) == []
    assert queries.history(anna.account.pk)[0].counts_for == Month("2026-10")


def test_a_late_reading_is_kept_and_used_next(anna) -> None:
    receipt = submit(anna, "1750", on=date(2026, 10, 26))

    assert (receipt.verdict, codes(receipt)) == (Verdict.ACCEPTED, ["R20"])
    assert queries.history(anna.account.pk)[0].counts_for == Month("2026-11")


def test_after_billing_a_reading_is_kept_for_the_next_bill(anna) -> None:
    submit(anna, "1850")
    actions.mark_billed([anna.account.pk], month=Month("2026-10"), at=world.noon(date(2026, 11, 1)))

    receipt = submit(anna, "1800", received_at=world.noon(date(2026, 11, 3)), source_id="after")

    assert (receipt.verdict, codes(receipt)) == (Verdict.ACCEPTED, ["R22"])
    latest = queries.history(anna.account.pk)[0]
    assert (latest.value, latest.counts_for, latest.is_in_force) == (1800, Month("2026-11"), True)


def test_marking_a_month_as_billed_twice_is_once(anna) -> None:
    at = world.noon(date(2026, 11, 1))

    assert actions.mark_billed([anna.account.pk], month=Month("2026-10"), at=at) == 1
    assert actions.mark_billed([anna.account.pk], month=Month("2026-10"), at=at) == 0


def test_a_two_zone_meter_is_accepted_by_bands_positions_or_register_ids() -> None:
    boris = world.home(2, zoning=Zoning.TWO)
    ids = [register.pk for register in boris.registers]

    by_band = submit(boris, {TimeBand.DAY: 200, TimeBand.NIGHT: 100}, source_id="a")
    by_place = submit(boris, {"T1": 210, "т2": 110}, source_id="b")
    by_id = submit(boris, {ids[0]: 220, ids[1]: 120}, source_id="c")

    assert [receipt.verdict for receipt in (by_band, by_place, by_id)] == [Verdict.ACCEPTED] * 3
    assert [row.value for row in by_id.rows] == [220, 120]


def test_registers_of_a_meter_are_held_together(anna) -> None:
    boris = world.home(2, zoning=Zoning.TWO)
    world.past(boris, *SUMMER, position=1)
    world.past(boris, *SUMMER, position=2)

    receipt = submit(boris, {"day": 1500, "night": 1700})
    waiting = queries.held(limit=10)
    actions.review_reading(
        waiting[0].reading_id,
        account_id=boris.account.pk,
        verdict=Verdict.REFUSED,
        reason="ошибка",
        decided_by=None,
        at=world.noon(date(2026, 10, 26)),
    )

    assert receipt.verdict == Verdict.HELD
    assert len(waiting) == 2
    assert queries.held(limit=10) == []


def test_a_refused_submission_leaves_a_receipt_with_what_came(anna) -> None:
    receipt = submit(anna, "двенадцать", raw={"ip": "192.0.2.1"})

    stored = ReadingReceipt.objects.get(number=receipt.number)
    assert (receipt.verdict, codes(receipt)) == (Verdict.REFUSED, ["R01"])
    assert stored.raw == {"ip": "192.0.2.1", "values": {"1": "двенадцать"}}
    assert not Reading.objects.filter(receipt=stored).exists()


def test_every_submission_is_in_the_audit_and_tells_a_fact(anna) -> None:
    submit(anna, "1750")
    submit(anna, "1500", on=date(2026, 10, 25))
    submit(anna, "-1", on=date(2026, 10, 25))

    facts = Fact.objects.filter(account_id=anna.account.pk).order_by("id").values_list("name", flat=True)
    assert list(facts) == ["metering.reading_accepted", "metering.reading_held", "metering.reading_refused"]
    assert AuditRecord.objects.filter(verb="metering.submit_reading", account_id=anna.account.pk).count() == 3


def test_readings_and_receipts_can_never_be_rewritten(anna) -> None:
    receipt = submit(anna, "1750")

    for rewrite in ("UPDATE metering_reading SET value = 0", "DELETE FROM metering_receipt"):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            connection.cursor().execute(rewrite)
    assert queries.receipt(anna.account.pk, number=receipt.number) == receipt


def test_an_intruder_meets_neither_meters_nor_receipts_of_others(anna) -> None:
    intruder = world.home(9)
    receipt = submit(anna, "1750")

    theirs = submit(intruder, "1750", meter_serial="SN-1")
    by_id = submit(intruder, {anna.registers[0].pk: 1750}, source_id="by-id")

    assert (theirs.verdict, codes(theirs)) == (Verdict.REFUSED, ["R09"])
    assert by_id.verdict == Verdict.REFUSED
    assert "R06" in codes(by_id)
    with pytest.raises(NotFound):
        queries.receipt(intruder.account.pk, number=receipt.number)
    held = submit(anna, "10", on=date(2026, 10, 25))
    reading = Reading.objects.get(receipt__number=held.number)
    with pytest.raises(NotFound):
        actions.review_reading(
            reading.pk,
            account_id=intruder.account.pk,
            verdict=Verdict.ACCEPTED,
            reason="",
            decided_by=1,
            at=world.noon(date(2026, 10, 26)),
        )


def test_an_unknown_account_is_not_found() -> None:
    with pytest.raises(NotFound):
        actions.submit_reading(
            account_id=10**12,
            values={"1": 1},
            taken_on=date(2026, 10, 1),
            received_at=world.noon(date(2026, 10, 1)),
            channel=Channel.SMS,
            source_id="x",
        )


def test_the_form_shows_meters_values_before_and_the_window(anna) -> None:
    (form,) = queries.form_for(anna.account.pk, on=date(2026, 10, 20))

    (register,) = form.registers
    assert (form.meter_serial, form.digits) == ("SN-1", 5)
    assert (register.previous, register.previous_on, register.given) == (1600, date(2026, 9, 24), None)
    assert round(register.usual_month_kwh) == 146
    assert (form.window.until_on, form.window.is_open) == (date(2026, 10, 25), True)
    assert form.window.counts_for == Month("2026-10")


def test_the_form_remembers_what_was_given_this_month_and_closes_after_the_window(anna) -> None:
    submit(anna, "1750", on=date(2026, 10, 20))

    (form,) = queries.form_for(anna.account.pk, on=date(2026, 10, 27))

    assert (form.registers[0].given, form.registers[0].previous) == (1750, 1600)
    assert not form.window.is_open


def test_the_last_value_of_a_meter_is_taken_on_the_day_it_goes(anna) -> None:
    day = date(2026, 10, 12)
    old = anna.meter.installations.get()
    old.valid = (world.LONG_AGO, day)
    old.save()
    world.meter(anna.point, serial="NEW", installed=world.Period(day))

    gone = submit(anna, "1700", on=day, kind=ReadingKind.REMOVED, meter_serial="SN-1", channel=Channel.DESK)
    put = submit(anna, "3", on=day, kind=ReadingKind.INSTALLED, meter_serial="NEW", channel=Channel.DESK)
    next_day = submit(anna, "10", on=day + timedelta(days=1))

    assert [receipt.verdict for receipt in (gone, put, next_day)] == [Verdict.ACCEPTED] * 3
    assert [row.meter_serial for row in queries.history(anna.account.pk)[:3]] == ["NEW", "NEW", "SN-1"]


def test_history_counts_what_passed_zero(anna) -> None:
    nina = world.home(3)
    world.past(nina, *[(day, value + 98_300) for day, value in SUMMER])

    receipt = submit(nina, "00040")

    assert (receipt.verdict, codes(receipt), receipt.rows[0].kwh) == (Verdict.ACCEPTED, ["R13"], Decimal(140))
    assert queries.history(nina.account.pk)[0].kwh == 140


def test_a_held_reading_that_something_later_replaced_is_no_longer_to_be_decided(anna) -> None:
    submit(anna, "1500")
    (waiting,) = queries.held(limit=10)
    submit(anna, "1750", on=date(2026, 10, 25))

    assert queries.held(limit=10) == []
    with pytest.raises(Conflict) as caught:
        actions.review_reading(
            waiting.reading_id,
            account_id=anna.account.pk,
            verdict=Verdict.ACCEPTED,
            reason="",
            decided_by=1,
            at=world.noon(date(2026, 10, 26)),
        )
    assert caught.value.code == "superseded"


@pytest.mark.parametrize("source_id", ["", "x" * 121, "a\x00b"])
def test_a_submission_needs_an_id_of_its_own(anna, source_id) -> None:
    with pytest.raises(actions.SourceNeeded):
        submit(anna, "1750", source_id=source_id)


def test_whatever_the_channel_adds_is_kept_as_far_as_a_database_can(anna) -> None:
    receipt = submit(
        anna,
        {"1": "17\x0050", "T\x00": 1},
        source_id="odd",
        raw={"text": "зер\x00о \ud800", "n": [1, None, Decimal("1.5")]},
        meter_serial="SN\x00",
    )

    assert receipt.verdict == Verdict.REFUSED
    stored = ReadingReceipt.objects.get(number=receipt.number).raw
    assert stored["n"] == [1, None, "1.5"]
    assert "\x00" not in stored["text"]
