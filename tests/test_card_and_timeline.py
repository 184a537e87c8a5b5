"""The card of a customer: what is wrong at a glance, everything that happened in one line of time, bounded reads."""

from datetime import timedelta

import pytest
from django.urls import reverse

from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.metering import actions as metering
from svet.domains.metering.rules import Channel, Verdict
from svet.domains.notifications import actions as notifications
from svet.domains.notifications.rules import MessageKind
from svet.domains.payments import actions as payments
from svet.domains.tariffs import actions as tariffs
from svet.flows import account_card
from svet.flows.account_card import EventKind, SignKind
from svet.kernel.period import Month
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db

OCTOBER = Month("2026-10")
LATE = cast.date(2026, 12, 20)


@pytest.fixture
def people():
    found = cast.assemble()
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    at = cast.moment(OCTOBER.next.first_on)
    run_id = billing.start_run(month=OCTOBER, started_by=None, at=at)
    billing_jobs.work_off(run_id, at=at)
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)
    return found


TODAY = cast.NOW.date()


def operator(people):
    return people.staff["operator"].user_id


def timeline(people, account_id, *, kind=""):
    return account_card.timeline(account_id, user_id=operator(people), at=cast.NOW, kind=kind)


def signs(person, *, on=TODAY):
    return {
        one.kind: one.facts
        for one in account_card.card(person.account, user_id=person.user_id, at=cast.moment(on)).signs
    }


def submit(person, value, *, at=cast.NOW, source="one"):
    return metering.submit_reading(
        account_id=person.account.id,
        values={"1": value},
        taken_on=at.date(),
        received_at=at,
        channel=Channel.CABINET,
        source_id=source,
    )


def test_what_is_owed_after_its_day_is_the_first_thing_in_sight(people):
    found = account_card.card(people.anna.account, user_id=operator(people), at=cast.moment(LATE))

    assert SignKind.OVERDUE not in signs(people.anna, on=cast.date(2026, 11, 10))
    assert found.signs[0].kind is SignKind.OVERDUE
    assert found.signs[0].facts["amount"] == found.account.home.balance
    assert found.signs[0].facts["days"] == (LATE - found.account.home.last_bill.due_on).days


def test_months_without_a_reading_are_counted_when_they_have_ended(people):
    assert SignKind.NO_READING not in signs(people.anna)
    assert SignKind.NO_READING not in signs(people.anna, on=cast.date(2026, 12, 31))
    assert signs(people.anna, on=cast.date(2027, 1, 1))[SignKind.NO_READING] == {"months": 2}


def test_a_reading_in_check_is_told_until_it_is_settled(people):
    submit(people.anna, "99000")
    held = signs(people.anna)[SignKind.HELD_READING]["reading_id"]

    metering.review_reading(
        held,
        account_id=people.anna.account.id,
        verdict=Verdict.REFUSED,
        reason="Лишняя цифра",
        decided_by=None,
        at=cast.NOW,
    )

    assert SignKind.HELD_READING not in signs(people.anna)


def test_everything_that_happened_stands_in_one_line_of_time(people):
    submit(people.anna, "13781")
    payments.accept_payment(
        source_code="sberbank",
        external_id="1",
        account_number=people.anna.number,
        amount=cast.Decimal("100.00"),
        paid_at=cast.NOW - timedelta(hours=1),
        received_at=cast.NOW,
    )
    notifications.send(
        MessageKind.PAYMENT_RECEIVED,
        channel="email",
        address="anna@example.org",
        facts={"number": people.anna.number, "amount": "100.00", "taken_on": "2026-11-18"},
        key="one",
        at=cast.NOW + timedelta(minutes=1),
        account_id=people.anna.account.id,
    )

    events = timeline(people, people.anna.account.id)

    assert [one.kind for one in events[:4]] == [
        EventKind.MESSAGE,
        EventKind.READING,
        EventKind.PAYMENT,
        EventKind.BILL,
    ]
    assert [one.at for one in events] == sorted((one.at for one in events), reverse=True)
    assert {one.kind for one in timeline(people, people.anna.account.id, kind="bill")} == {EventKind.BILL}


def test_readings_of_one_receipt_are_one_thing(people):
    before = len(timeline(people, people.igor.account.id, kind="reading"))
    metering.submit_reading(
        account_id=people.igor.account.id,
        values={"1": "9450", "2": "4600"},
        taken_on=cast.NOW.date(),
        received_at=cast.NOW,
        channel=Channel.CABINET,
        source_id="two",
    )

    events = timeline(people, people.igor.account.id, kind="reading")

    assert len(events) == before + 1
    assert len(events[0].what) == 2


def test_the_pages_show_it_to_those_behind_the_door_only(people):
    browser = signed_in(people.staff["operator"].user_id, proved=True)
    page = reverse("desk:timeline", args=[people.anna.number])
    closed = browser.get(page)
    doors.identified(browser, people.anna.number)

    whole = browser.get(page).content.decode()
    forged = browser.get(page, {"kind": "<script>", "page": "-7"})

    assert closed.status_code == 302
    assert "Визит в офис" in whole
    assert "Счёт за" in whole
    assert forged.status_code == 200
    assert "<script>" not in forged.content.decode().replace("<script src", "")


def test_a_card_costs_the_same_reads_whatever_the_history(people, django_assert_max_num_queries):
    for turn in range(3):
        with django_assert_max_num_queries(40):
            account_card.card(people.anna.account, user_id=operator(people), at=cast.NOW)
        submit(people.anna, str(13700 + turn), at=cast.NOW + timedelta(minutes=turn), source=f"more-{turn}")
