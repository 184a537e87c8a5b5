"""Meters change by an act: values, stays and scans together or not at all; taken back while nothing relies on it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from svet.domains.metering import actions, queries
from svet.domains.metering.models import ActScan, Installation, Meter, MeterAct
from svet.domains.metering.rules import Channel
from svet.domains.metering.rules.acts import ActKind, ActRefused, Hung, NewMeter, Paper, TakenDown
from svet.infra import files
from svet.infra.models import AuditRecord, Fact
from svet.kernel.energy import Zoning
from svet.kernel.errors import Conflict, DomainError, NotFound
from svet.kernel.period import Month
from tests import cast, scans

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()
REMOVED, INSTALLED = date(2026, 11, 10), date(2026, 11, 12)
PAPER = Paper(number="17/А", signed_by="Кузнецов А. В., АО «Сети»", request_key="k" * 32, seals="АБ 001122")
NEW = NewMeter("90000017", "Нева МТ 124", Zoning.ONE, digits=6, verification_due_on=date(2042, 11, 1))
LAST = {"anna": 13_600, "igor": (9_240, 4_500)}


@pytest.fixture
def people():
    return cast.assemble()


def exchange(person, **changes):
    asked = {
        "down": TakenDown(person.serial, REMOVED, {"1": "13700"}),
        "hung": Hung(NEW, INSTALLED, {"1": "0"}),
        "paper": PAPER,
        "by": 5,
        "at": cast.NOW,
    }
    return actions.replace_meter(person.account.id, **(asked | changes))


def hanging(person, on=TODAY):
    return [form.meter_serial for form in queries.form_for(person.account.id, on=on)]


def act_meter(person):
    return Meter.objects.get(serial=person.serial).pk


def stays():
    return sorted((row.meter.serial, row.valid.lower, row.valid.upper) for row in Installation.objects.all())


def refusal(call, *args, error=ActRefused, **kwargs):
    before = (stays(), MeterAct.objects.count(), Meter.objects.count())
    with pytest.raises(error) as raised:
        call(*args, **kwargs)
    assert (stays(), MeterAct.objects.count(), Meter.objects.count()) == before
    return raised.value.code


def read(person, serial, value, *, on=TODAY, **more):
    return actions.submit_reading(
        account_id=person.account.id, values={"1": value}, taken_on=on, received_at=cast.moment(on),
        channel=Channel.CABINET, source_id=f"{serial}-{on}-{value}", meter_serial=serial, **more,
    )  # fmt: skip


def test_a_replacement_takes_one_meter_down_and_hangs_the_other_up_with_their_values(people):
    act = exchange(people.anna)

    assert (act.kind, act.number, act.on) == (ActKind.REPLACEMENT, "17/А", INSTALLED)
    assert [(one.value, one.kwh) for one in act.removed.values] == [(Decimal("13700"), Decimal(100))]
    assert [(one.value, one.kwh) for one in act.installed.values] == [(Decimal(0), None)]
    assert hanging(people.anna) == ["90000017"]
    assert hanging(people.anna, REMOVED - timedelta(days=1)) == [people.anna.serial]
    assert hanging(people.anna, REMOVED) == []
    assert read(people.anna, "90000017", "41").verdict == "accepted"


def test_who_did_it_what_was_and_what_became_is_in_the_journal_and_in_the_facts(people):
    act = exchange(people.anna, paper=replace(PAPER, note="Вышел срок поверки"))

    record = AuditRecord.objects.get(verb="metering.meter_replaced")
    assert (record.account_id, record.target_id, record.reason) == (
        people.anna.account.id, str(act.id), "Вышел срок поверки",
    )  # fmt: skip
    assert record.data["before"] == {"meter": people.anna.serial}
    assert record.data["after"]["meter"] == "90000017"
    assert Fact.objects.get(name="metering.meter_replaced").payload == {"act_id": act.id, "number": "17/А"}


def test_the_same_request_twice_is_one_act(people):
    first, second = exchange(people.anna), exchange(people.anna)

    assert first == second
    assert MeterAct.objects.count() == 1


def test_scans_stay_with_the_act(people):
    one = files.store(scans.pdf(), name="акт.pdf", by=5, at=cast.NOW)
    two = files.store(scans.picture(), name="фото.jpg", by=5, at=cast.NOW)

    act = exchange(people.anna, paper=replace(PAPER, scans=(one.id, two.id, one.id)))

    assert [scan.name for scan in act.scans] == ["акт.pdf", "фото.jpg"]
    assert queries.scan(people.anna.account.id, act_id=act.id, file_id=two.id) == two
    with pytest.raises(NotFound):
        queries.scan(people.vera.account.id, act_id=act.id, file_id=two.id)
    with pytest.raises(NotFound):
        queries.act(people.vera.account.id, act_id=act.id)


def test_a_scan_that_is_not_kept_leaves_nothing_behind(people):
    assert refusal(exchange, people.anna, paper=replace(PAPER, scans=(404,)), error=NotFound) == "not_found"
    assert not ActScan.objects.exists()


def test_a_two_zone_meter_follows_a_one_zone_meter(people):
    act = exchange(people.anna, hung=Hung(replace(NEW, zoning=Zoning.TWO), INSTALLED, {"1": "5", "2": "3"}))

    assert [one.band for one in act.installed.values] == ["day", "night"]
    assert [len(form.registers) for form in queries.form_for(people.anna.account.id, on=TODAY)] == [2]


def test_a_meter_that_shows_nothing_is_taken_down_without_values(people):
    act = exchange(people.anna, down=TakenDown(people.anna.serial, REMOVED))

    assert act.removed.values == ()


def test_a_meter_is_not_taken_down_without_values_in_a_charged_month(people):
    actions.mark_billed([people.anna.account.id], month=Month("2026-11"), at=cast.NOW)

    code = refusal(exchange, people.anna, down=TakenDown(people.anna.serial, REMOVED))

    assert code == "values_are_needed_in_charged_month"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"down": {"serial": "нет такого"}}, "meter_is_not_there"),
        ({"down": {"on": TODAY + timedelta(days=1)}, "hung": {"on": TODAY + timedelta(days=1)}}, "act_day_is_to_come"),
        ({"hung": {"on": REMOVED - timedelta(days=1)}}, "installed_before_removal"),
        ({"down": {"on": date(2025, 11, 1)}}, "act_is_too_old"),
        ({"down": {"on": date(2026, 10, 1)}}, "readings_after_removal"),
        ({"hung": {"values": {}}}, "initial_values_are_needed"),
        ({"meter": {"serial": "'; DROP TABLE--"}}, "serial_is_no_serial"),
        ({"meter": {"serial": ""}}, "serial_is_no_serial"),
        ({"meter": {"serial": "1" * 51}}, "serial_is_no_serial"),
        ({"meter": {"digits": 2}}, "digits_are_wrong"),
        ({"meter": {"multiplier": Decimal(0)}}, "multiplier_is_wrong"),
        ({"meter": {"verification_due_on": date(2026, 1, 1)}}, "verification_expired_before_installation"),
        ({"meter": {"verified_on": TODAY}}, "verified_after_installation"),
        ({"paper": {"number": " "}}, "act_number_is_needed"),
        ({"paper": {"signed_by": ""}}, "act_signature_is_needed"),
        ({"paper": {"scans": tuple(range(11))}}, "too_many_scans"),
    ],
)
def test_an_act_that_cannot_be_is_refused_and_changes_nothing(people, changes, code):
    down = replace(TakenDown(people.anna.serial, REMOVED, {"1": "13700"}), **changes.get("down", {}))
    meter = replace(NEW, **changes.get("meter", {}))
    hung = replace(Hung(meter, INSTALLED, {"1": "0"}), **changes.get("hung", {}))
    paper = replace(PAPER, **changes.get("paper", {}))

    assert refusal(exchange, people.anna, down=down, hung=hung, paper=paper) == code


@pytest.mark.parametrize("value", ["", "-1", "1e5", "NaN", "12345678", "13700; 1", "тысяча"])
def test_a_value_that_no_dial_shows_is_refused(people, value):
    down = TakenDown(people.anna.serial, REMOVED, {"1": value})

    assert refusal(exchange, people.anna, down=down, error=DomainError) == "act_value_refused"


def test_a_last_value_below_the_reading_before_it_asks_who_is_sure(people):
    down = TakenDown(people.anna.serial, REMOVED, {"1": "13500"})

    assert refusal(exchange, people.anna, down=down, error=DomainError) == "act_value_is_odd"

    act = exchange(people.anna, down=down, is_sure=True)
    assert [one.value for one in act.removed.values] == [Decimal(13500)]
    assert queries.latest_on(people.anna.account.id, meter_id=act_meter(people.anna)) == REMOVED


def test_a_meter_that_hangs_elsewhere_is_refused(people):
    vera = Meter.objects.get(serial=people.vera.serial)
    hung = Hung(replace(NEW, serial=vera.serial, model=vera.model), INSTALLED, {"1": "5210"})

    assert refusal(exchange, people.anna, hung=hung) == "meter_hangs_elsewhere"


def test_a_known_meter_keeps_its_dial(people):
    exchange(people.anna)
    actions.remove_meter(
        people.anna.account.id, down=TakenDown("90000017", TODAY, {"1": "9"}),
        paper=replace(PAPER, request_key="b" * 32), by=5, at=cast.NOW,
    )  # fmt: skip

    other = Hung(replace(NEW, digits=5), TODAY, {"1": "9"})
    key = replace(PAPER, request_key="c" * 32)
    down = TakenDown(people.vera.serial, TODAY, {"1": "5900"})
    assert refusal(exchange, people.vera, down=down, hung=other, paper=key) == "meter_is_known_otherwise"

    same = Hung(NEW, TODAY, {"1": "9"})
    assert exchange(people.vera, down=down, hung=same, paper=key).installed.serial == "90000017"
    assert hanging(people.vera) == ["90000017"]


def test_another_accounts_meter_cannot_be_taken_down(people):
    down = TakenDown(people.vera.serial, REMOVED, {"1": "5900"})

    assert refusal(exchange, people.anna, down=down) == "meter_is_not_there"


def test_a_first_meter_is_not_hung_into_a_month_charged_by_norm(people):
    account, point = people.anna.account.id, people.anna.supply_point_id
    actions.remove_meter(
        account, down=TakenDown(people.anna.serial, date(2026, 10, 25), {"1": "13610"}), paper=PAPER, by=5, at=cast.NOW
    )
    actions.mark_billed([account], month=Month("2026-10"), at=cast.NOW)
    key = replace(PAPER, request_key="b" * 32)

    def install(on):
        return actions.install_meter(
            account, supply_point_id=point, hung=Hung(NEW, on, {"1": "0"}), paper=key, by=5, at=cast.NOW
        )

    assert refusal(install, date(2026, 10, 28)) == "charged_without_meter"
    assert install(date(2026, 11, 1)).kind is ActKind.INSTALLATION
    assert hanging(people.anna) == ["90000017"]


def test_a_place_of_somebody_else_gets_no_meter(people):
    def install(point):
        return actions.install_meter(
            people.anna.account.id, supply_point_id=point, hung=Hung(NEW, TODAY, {"1": "0"}), paper=PAPER, by=5,
            at=cast.NOW,
        )  # fmt: skip

    assert refusal(install, people.vera.supply_point_id) == "no_agreement_on_act_day"


def test_a_verification_has_a_new_term_and_may_be_taken_back(people):
    def due():
        return queries.meters_of(people.anna.account.id)[0].verification_due_on

    before = due()
    act = actions.verify_meter(
        people.anna.account.id, serial=people.anna.serial, verified_on=TODAY, due_on=date(2042, 11, 17), paper=PAPER,
        by=5, at=cast.NOW,
    )  # fmt: skip
    assert due() == date(2042, 11, 17)

    undone = actions.undo_meter_act(act.id, account_id=people.anna.account.id, reason="Не тот счёт", by=5, at=cast.NOW)
    assert due() == before
    assert undone.undone.reason == "Не тот счёт"


def test_a_seal_needs_its_number(people):
    def seal(paper):
        return actions.seal_meter(
            people.anna.account.id, serial=people.anna.serial, on=TODAY, paper=paper, by=5, at=cast.NOW
        )

    assert refusal(seal, replace(PAPER, seals=" ")) == "seals_are_needed"
    assert seal(PAPER).seals == "АБ 001122"


def undo(person, act, reason="Ошиблись квартирой"):
    return actions.undo_meter_act(act.id, account_id=person.account.id, reason=reason, by=6, at=cast.NOW)


def test_an_act_taken_back_leaves_meters_and_values_as_they_were(people):
    before, use = stays(), queries.form_for(people.anna.account.id, on=TODAY)
    act = exchange(people.anna)

    undone = undo(people.anna, act)

    assert stays() == before
    assert queries.form_for(people.anna.account.id, on=TODAY) == use
    assert (undone.undone.by, undone.undone.reason) == (6, "Ошиблись квартирой")
    assert AuditRecord.objects.get(verb="metering.meter_act_undone").target_id == str(act.id)
    again = exchange(people.anna, paper=replace(PAPER, request_key="d" * 32))
    assert again.removed.values == act.removed.values


def test_an_act_is_not_taken_back_twice_nor_without_a_reason_nor_by_another_account(people):
    act = exchange(people.anna)

    assert refusal(undo, people.anna, act, " ", error=DomainError) == "undo_needs_a_reason"
    assert refusal(undo, people.vera, act, error=NotFound) == "not_found"
    undo(people.anna, act)
    assert refusal(undo, people.anna, act, error=Conflict) == "act_is_undone"


def test_an_act_that_something_relies_on_stays(people):
    act = exchange(people.anna)

    read(people.anna, "90000017", "41")
    assert refusal(undo, people.anna, act, error=Conflict) == "readings_after_act"

    actions.mark_billed([people.anna.account.id], month=Month("2026-11"), at=cast.NOW)
    assert refusal(undo, people.anna, act, error=Conflict) == "act_is_charged"


def test_of_two_acts_the_later_goes_first(people):
    first = exchange(people.anna)
    second = exchange(
        people.anna, down=TakenDown("90000017", TODAY, {"1": "5"}),
        hung=Hung(replace(NEW, serial="90000018"), TODAY, {"1": "0"}), paper=replace(PAPER, request_key="e" * 32),
    )  # fmt: skip

    assert refusal(undo, people.anna, first, error=Conflict) == "later_act_relies_on_it"
    undo(people.anna, second)
    undo(people.anna, first)
    assert hanging(people.anna) == [people.anna.serial]


@pytest.mark.django_db(transaction=True)
def test_two_operators_at_once_make_one_act():
    people = cast.assemble()

    def one(place):
        try:
            return exchange(
                people.anna, hung=Hung(replace(NEW, serial=f"9000002{place}"), INSTALLED, {"1": "0"}),
                paper=replace(PAPER, request_key=f"{place}" * 32),
            ).installed.serial  # fmt: skip
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one, (1, 2)))

    assert sorted(results)[1] == "meter_is_not_there"
    assert hanging(people.anna) == [sorted(results)[0]]


@pytest.mark.django_db(transaction=True)
def test_one_new_meter_is_not_hung_up_at_two_places_at_once():
    people = cast.assemble()

    def one(person):
        try:
            down = TakenDown(person.serial, REMOVED)
            return exchange(person, down=down, paper=replace(PAPER, request_key=person.serial)).installed.serial
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(one, (people.anna, people.vera)))

    assert sorted(results) == ["90000017", "meter_hangs_elsewhere"]
