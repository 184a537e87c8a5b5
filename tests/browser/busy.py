"""The cast with something on every page: bills, debts, held readings, appeals, a house, a hall, a till."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from svet.domains.accounts.models import Household
from svet.domains.benefits import actions as perks
from svet.domains.benefits import queries as entitled
from svet.domains.benefits.rules import Paper as Entitled
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.billing.rules.revising import RevisionCause
from svet.domains.billing.rules.unmetered import Found, UnmeteredKind
from svet.domains.cases import actions as cases
from svet.domains.cases.models import ServiceContact
from svet.domains.cases.queries import Filters
from svet.domains.debts import actions as debts
from svet.domains.houses import actions as houses
from svet.domains.houses import queries as house_queries
from svet.domains.houses.rules import ChargedBy
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings
from svet.domains.metering.rules import Channel, ConditionKind
from svet.domains.metering.rules.acts import Paper
from svet.domains.notifications import actions as notifications
from svet.domains.notifications import queries as messages
from svet.domains.payments import actions as payments
from svet.domains.payments import queries as money
from svet.domains.payments.rules.tills import Means
from svet.domains.supply import queries as supply
from svet.domains.supply.rules import Cause, InterruptionKind
from svet.flows import conditions, mail_intake, outages, penalties
from svet.flows.sms_readings import answer_sms
from svet.infra import clock
from svet.kernel.period import Month
from svet.surfaces.desk import jobs as desk_jobs
from tests import cast, reference
from tests.architecture.test_urls import SAMPLES
from tests.browser.halls import a_hall
from tests.browser.test_cases import some_cases
from tests.browser.test_debts import owe

OCTOBER = Month("2026-10")
ABOUT_HOUSES: dict[str, object] = {}
HALL: dict[str, object] = {}
"""What stands in the hall of the day and what its visitors hold."""


def busy_town(people: cast.Cast) -> cast.Cast:
    """The cast with something on every page: bills, a debt, a held reading, money without an owner, a dry run."""
    metering.submit_reading(
        account_id=people.igor.account.id,
        values={"1": "99000", "2": "88000"},
        taken_on=cast.NOW.date(),
        received_at=cast.NOW,
        channel=Channel.CABINET,
        source_id="large",
    )
    payments.accept_payment(
        source_code="sberbank",
        external_id="777",
        account_number="3300000018",
        amount=cast.Decimal("512.30"),
        paid_at=cast.moment(cast.date(2026, 11, 10)),
        received_at=cast.NOW,
    )
    metering.verify_meter(
        people.igor.account.id,
        serial=people.igor.serial,
        verified_on=cast.date(2026, 11, 3),
        due_on=cast.date(2042, 11, 2),
        paper=Paper("П-3", "Кузнецов А. В.", "verified"),
        by=None,
        at=cast.NOW,
    )
    reference.load(debts, at=cast.NOW)
    debts.confirm_key_rates(cast.date(2026, 12, 18), source="www.cbr.ru", by=None, at=cast.NOW)
    benefits_and_an_act(people.igor)
    owe(people.igor, "2026-05", "1840.55")
    house_of(people)
    for dry in (True, False):
        run_id = billing.start_run(month=OCTOBER, dry=dry, started_by=None, at=cast.NOW)
        billing_jobs.work_off(run_id, at=cast.NOW)
    penalties.issue_bills(run_id, by=None, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    counted_revision()
    some_cases(people)
    letters_and_sms()
    HALL.update(vars(a_hall()))
    return people


def benefits_and_an_act(person: cast.Householder) -> None:
    """Give somebody a benefit of each form, and an act of unmetered use."""
    perks.load_kinds(at=cast.NOW)
    for kind in ("many_children", "sample_kwh", "sample_roubles"):
        perks.open_entitlement(
            Entitled(kind, "Игорь О'Нил", f"Справка {kind}", cast.date(2026, 10, 1), "Заявление", request_key=kind),
            account_id=person.account.id,
            supply_point_id=person.supply_point_id,
            by=None,
            at=cast.NOW,
        )
    billing.record_unmetered(
        Found(UnmeteredKind.TAMPERING, cast.date(2026, 10, 20), cast.date(2026, 10, 22)),
        paper=billing.UnmeteredPaper("БУ-1", "Сорвана пломба, вставлена плёнка", "Кузнецов А. В.", "unmetered"),
        account_id=person.account.id,
        supply_point_id=person.supply_point_id,
        by=None,
        at=cast.NOW,
    )


def house_of(people: cast.Cast) -> None:
    """Give the cast a house with a common meter, an interruption in it and a refusal of access."""
    house_id = houses.register_house("Д-12", address="г. Светлогорье, ул. Садовая, д. 12", at=cast.NOW)
    points = [one.supply_point_id for one in (people.anna, people.igor, people.vera)]
    houses.put_premises(house_id, supply_point_ids=points, at=cast.NOW)
    houses.set_terms(
        house_id,
        from_on=cast.date(2026, 1, 1),
        charged_by=ChargedBy.SUPPLIER,
        all_area_m2=cast.Decimal(208),
        common_area_m2=cast.Decimal(40),
        norm_kwh_per_m2=cast.Decimal("1.5"),
        source="Паспорт дома",
        at=cast.NOW,
    )
    houses.hang_meter(house_id, serial="ОД-12", from_on=cast.date(2020, 1, 1), at=cast.NOW)
    meter_id = house_queries.house_page(house_id, month=OCTOBER).meters[0].meter_id
    for day, value in ((cast.date(2026, 9, 24), 1000), (cast.date(2026, 10, 24), 1700)):
        houses.record_reading(meter_id, value=cast.Decimal(value), taken_on=day, by=None, at=cast.NOW)
    from_at = cast.moment(cast.date(2026, 10, 5), 0)
    outages.record(
        outages.Asked(
            request_key="0123456789abcdef0123456789abcdef",
            house_id=house_id,
            address="",
            numbers=(),
            kind=InterruptionKind.OUTAGE,
            from_at=from_at,
            until_at=from_at + timedelta(hours=32),
            independent_sources=1,
            reason="Обрыв линии, акт № 12",
        ),
        by=people.staff["billing_engineer"].user_id,
        at=cast.NOW,
    )
    going_on = outages.begin(
        outages.Asked(
            request_key="1" * 32,
            house_id=None,
            address="",
            numbers=(people.anna.number,),
            kind=InterruptionKind.OUTAGE,
            from_at=cast.NOW - timedelta(hours=3),
            until_at=None,
            independent_sources=1,
            reason="Звонок диспетчера сетей",
            cause=Cause.ACCIDENT,
            expected_at=cast.NOW + timedelta(hours=4),
        ),
        by=people.staff["billing_engineer"].user_id,
        at=cast.NOW,
    )
    place = conditions.page(people.igor.account.id, on=cast.NOW.date()).choices[0][0]
    conditions.record(
        people.igor.account.id,
        place=place,
        kind=ConditionKind.ACCESS_REFUSED,
        from_on=cast.date(2026, 11, 2),
        act_number="НД-1",
        reason="Дверь не открыли",
        by=people.staff["operator"].user_id,
        at=cast.NOW,
    )
    ABOUT_HOUSES.update(
        house_id=house_id,
        meter_id=meter_id,
        ongoing_id=going_on,
        event_id=supply.supply_events()[0].event_id,
        condition_id=readings.conditions_of(people.igor.account.id)[0].condition_id,
    )


def letters_and_sms() -> None:
    """Bring a letter that is left to people and SMS of every fate."""
    raw = b"From: a@example.org\r\nSubject: Sale\r\nX-Spam-Flag: YES\r\n\r\nBuy"
    mail_id = notifications.take_mail(raw, mailbox="info", uidvalidity=1, uid=1, at=cast.NOW, size=len(raw))
    mail_intake.settle(mail_id, terms=mail_intake.MailTerms((), "svet.example"), at=cast.NOW)
    for count, text in enumerate(("3300000019 13760", "3300000019 19999", "Когда дадут свет?")):
        sms_id = notifications.note_sms(
            str(count), phone="+79161000001", text=text, is_whole=True, received_at=cast.NOW
        )
        answer_sms(sms_id, at=cast.NOW)


def counted_revision() -> None:
    """Count what more people in every home would have meant."""
    Household.objects.update(registered=F("registered") + 2)
    revision_id = billing.ask_revision(
        first_month=OCTOBER,
        scope="all",
        cause=RevisionCause.RESIDENTS,
        reason="Сведения о проживающих уточнены",
        by=None,
        at=cast.NOW,
    )
    billing_jobs.revise(revision_id)


def till_of_the_day(people: cast.Cast, *, cashier_id: int) -> None:
    """Give somebody an open shift with a payment in it."""
    at = clock.now()
    payments.open_till("K2", name="Касса 2", at=at)
    shift_id = payments.open_shift(
        payments.open_till("K1", name="Касса 1", at=at),
        cashier_id=cashier_id,
        opening_float=cast.Decimal(1000),
        request_key="shift",
        at=at,
        without_device=True,
    ).shift_id
    payments.take_payment(
        shift_id,
        account_number=people.vera.number,
        amount=cast.Decimal("412.30"),
        means=Means.CASH,
        cash_given=cast.Decimal(500),
        request_key="payment",
        by=cashier_id,
        at=at,
    )


def at_the_till() -> dict[str, object]:
    """Return an open shift, its operation and another till, where there are such."""
    tills = money.tills()
    shift = next((one.shift for one in tills if one.shift), None)
    if shift is None:
        return {}
    return {
        "till_id": next(one.till_id for one in tills if not one.shift),
        "shift_id": shift.shift_id,
        "operation_id": money.report(shift.shift_id).operations[0].operation_id,
    }


def samples(people: cast.Cast) -> dict[str, object]:
    """Return what addresses are filled with, so that there is something to see."""
    waiting = money.unidentified(limit=1)[0].payment
    return (
        SAMPLES
        | at_the_till()
        | ABOUT_HOUSES
        | {
            "number": people.igor.number,
            "receipt": readings.history(people.igor.account.id)[0].receipt_number,
            "run_id": bills.runs(limit=1)[0].run_id,
            "revision_id": bills.revisions(limit=1)[0].revision_id,
            "reading_id": readings.held(limit=1)[0].reading_id,
            "payment_id": waiting.payment_id,
            "entitlement_id": entitled.entitlements_of(people.igor.account.id)[0].id,
            "unmetered_id": bills.unmetered_acts_of(people.igor.account.id)[0].id,
            "act_id": readings.acts_of(people.igor.account.id)[0].id,
            "service_id": _running_contact(),
            "ticket_id": HALL["ticket_id"],
            "ticket_code": HALL["ticket_code"],
            "booking": HALL["booking"],
            "mail_id": messages.mail_page(states=("unusable",))[0][0].id,
        }
    )


def view_and_files(user_id: int) -> int:
    """Save a view of the register and return its id; ask for two files of the register, of which one is ready."""
    for text in ("", "счёт"):
        asked = cases.request_export(user_id, filters=Filters(state="open", text=text), at=clock.now())
        if not text:
            desk_jobs.export_cases(asked.id)
    return cases.save_view(
        "Открытые о счёте", filters=Filters(state="open", text="счёт"), shared=False, by=user_id, at=clock.now()
    )


def _running_contact() -> int:
    return next(iter(ServiceContact.objects.values_list("pk", flat=True)), 1)


def moved_to(person: cast.Householder) -> int:
    """Move a payment to this person's account and return its id."""
    wrong = cast.account_number(1)
    payment_id = payments.accept_payment(
        source_code="sberbank",
        external_id="778",
        account_number=wrong,
        amount=cast.Decimal("640.00"),
        paid_at=cast.moment(cast.date(2026, 11, 11)),
        received_at=cast.NOW,
    ).payment_id
    payments.reassign_payment(
        payment_id, account_number=person.number, reason="Плательщик показал чек", by=None, at=cast.NOW
    )
    return payment_id
