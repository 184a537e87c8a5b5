"""What is taken back from the journal of a card: by an operation of its own, once, never over newer changes."""

import time
from datetime import date, timedelta

import pytest
from django.urls import reverse

from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.customers import queries as customers_of
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as readings_of
from svet.domains.metering.models import Reading, WithdrawnReading
from svet.domains.metering.rules import Channel, ReadingKind
from svet.domains.payments import actions as payments
from svet.domains.tariffs import actions as tariffs
from svet.flows import card_people
from svet.flows.card_people import Residents
from svet.infra.models import AuditRecord, Fact
from svet.kernel.errors import DomainError, NotFound
from svet.kernel.period import Month
from tests import cast, doors, reference
from tests.architecture.test_urls import signed_in
from tests.test_moving_in import come, newest

pytestmark = pytest.mark.django_db
TODAY = cast.NOW.date()


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(cast.NOW.timestamp() - time.time()))
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


@pytest.fixture
def browser(people):
    return doors.identified(signed_in(people.staff["supervisor"].user_id, proved=True), people.anna.number)


def record(verb):
    return AuditRecord.objects.filter(verb=verb).latest("pk")


def page_of(number, record_id):
    return reverse("desk:undo_operation", args=[number, record_id])


def undo(browser, person, verb, **more):
    return browser.post(page_of(person.number, record(verb).pk), {"reason": "Ошиблись", "instead": "former"} | more)


def journal(browser, person):
    return text(browser.get(reverse("desk:card_journal", args=[person.number])))


def text(answer):
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def give(person, value, *, source):
    return metering.submit_reading(
        account_id=person.account.id,
        values={"1": value},
        taken_on=TODAY,
        received_at=cast.NOW,
        channel=Channel.CABINET,
        source_id=source,
    )


def in_force(person):
    return [(row.value, row.taken_on) for row in readings_of.history(person.account.id) if row.is_in_force][:1]


def correct(person):
    """Give today's reading and then another in its place."""
    last = readings_of.history(person.account.id)[0].value
    give(person, str(last + 100), source="first")
    give(person, str(last + 120), source="second")
    return last


def view(person):
    return accounts_of.account_by_id(person.account.id)


def end_contact(person, value="anna@example.org"):
    card_people.add_contact(view(person), kind="email", value=value, reason="Просит", at=cast.NOW)
    known = next(one for one in customers_of.contacts_of(person.account.customer_id, on=TODAY) if one.value == value)
    card_people.end_contact(view(person), contact_id=known.id, reason="Не его", at=cast.NOW)
    return known


def change_residents(person, *, registered=5, from_on=TODAY, known=False):
    seen = card_people.page(view(person), on=from_on).seen
    card_people.change_residents(
        view(person),
        residents=Residents(registered, 0, 1),
        from_on=from_on,
        seen=seen,
        reason="Справка",
        at=cast.NOW,
        charged_is_known=known,
    )


def residents(person, on=TODAY):
    one = accounts_of.card(person.account.id, on=on).household
    return one.registered, one.temporary, one.owners


def test_a_corrected_reading_gives_way_to_the_one_before_it(people, browser):
    last = correct(people.anna)
    rows = Reading.objects.count()

    answer = undo(browser, people.anna, "metering.submit_reading")

    assert answer.status_code == 302
    assert in_force(people.anna) == [(last + 100, TODAY)]
    assert Reading.objects.count() == rows + 1
    assert "Возвращено прежнее показание" in journal(browser, people.anna)
    assert record("metering.submit_reading_undone").reason == "Ошиблись"


def test_a_first_reading_is_withdrawn_and_another_may_take_its_place(people, browser):
    last = in_force(people.anna)
    number = give(people.anna, "13790", source="first").number

    assert "Показание больше не будет учитываться" in text(
        browser.get(page_of(people.anna.number, record("metering.submit_reading").pk))
    )
    assert undo(browser, people.anna, "metering.submit_reading", reason=" ").status_code == 422
    assert undo(browser, people.anna, "metering.submit_reading").status_code == 302
    assert undo(browser, people.anna, "metering.submit_reading").status_code == 302

    assert in_force(people.anna) == last
    withdrawn = record("metering.reading_withdrawn")
    assert (withdrawn.reason, withdrawn.target_id) == ("Ошиблись", number)
    assert AuditRecord.objects.filter(verb="metering.reading_withdrawn").count() == 1
    assert Fact.objects.filter(name="metering.reading_withdrawn", account_id=people.anna.account.id).count() == 1
    assert "Показание отозвано" in journal(browser, people.anna)
    assert readings_of.without_readings([people.anna.account.id], on=TODAY) == [people.anna.account.id]
    hers = signed_in(people.anna.user_id)
    assert "отозвано 18.11.2026" in text(hers.get(reverse("cabinet:readings", args=[people.anna.number])))
    assert "Показания отозваны" in text(hers.get(reverse("cabinet:receipt", args=[people.anna.number, number])))
    assert "отозваны 18.11.2026" in text(browser.get(reverse("desk:timeline", args=[people.anna.number])))

    give(people.anna, "13770", source="second")
    assert in_force(people.anna) == [(13_770, TODAY)]
    assert readings_of.corrections(people.anna.account.id, [record("metering.submit_reading").target_id]) == {}


def test_a_correction_is_withdrawn_with_what_it_corrected(people, browser):
    last = in_force(people.anna)
    correct(people.anna)

    assert undo(browser, people.anna, "metering.submit_reading", instead="both").status_code == 422
    assert undo(browser, people.anna, "metering.submit_reading", instead="none").status_code == 302

    assert in_force(people.anna) == last
    assert WithdrawnReading.objects.count() == 2


def test_a_reading_that_something_relies_on_stays(people, browser):
    give(people.anna, "13790", source="first")
    first = record("metering.submit_reading")
    metering.submit_reading(
        account_id=people.anna.account.id, values={"1": "13800"}, taken_on=TODAY, received_at=cast.NOW,
        channel=Channel.METER_READER, source_id="round", kind=ReadingKind.CONTROL,
    )  # fmt: skip
    page = page_of(people.anna.number, first.pk)
    assert "Сначала отзовите более позднее" in text(browser.get(page))
    assert "сначала отзовите то" in text(browser.post(page, {"reason": "Ошиблись"}))
    assert undo(browser, people.anna, "metering.submit_reading").status_code == 302

    metering.mark_billed([people.anna.account.id], month=Month("2026-11"), at=cast.NOW)
    assert "следующий счёт исправит" in text(browser.get(page))
    answer = browser.post(page, {"reason": "Ошиблись"})

    assert (answer.status_code, "отозвать его нельзя" in text(answer)) == (422, True)
    assert in_force(people.anna) == [(13_790, TODAY)]


def test_what_came_with_an_act_or_was_refused_or_is_of_another_account_is_not_withdrawn(people, browser):
    give(people.anna, "1", source="refused")
    refused = record("metering.submit_reading")
    give(people.vera, "6200", source="hers")
    hers = record("metering.submit_reading")
    opening = next(one for one in readings_of.history(people.anna.account.id, limit=999) if one.kind != "regular")

    assert browser.get(page_of(people.anna.number, refused.pk)).status_code == 404
    assert browser.get(page_of(people.anna.number, hers.pk)).status_code == 404
    for number, reason, code in [
        (opening.receipt_number or "П-0", "Ошибка", NotFound),
        (hers.target_id, "Ошибка", NotFound),
        (hers.target_id, " ", DomainError),
    ]:
        with pytest.raises(code):
            metering.withdraw_reading(number, account_id=people.anna.account.id, reason=reason, by=1, at=cast.NOW)
    assert not WithdrawnReading.objects.exists()


def test_an_ended_contact_goes_on_and_is_not_proved_by_that(people, browser):
    known = end_contact(people.anna)

    undo(browser, people.anna, "desk.contact_ended")

    again = next(
        one for one in customers_of.contacts_of(people.anna.account.customer_id, on=TODAY) if one.id == known.id
    )
    assert again.period.end is None
    assert "Контакт возвращён" in journal(browser, people.anna)


def test_a_contact_that_was_added_again_meanwhile_is_not_doubled(people, browser, monkeypatch):
    end_contact(people.anna)
    later = cast.NOW + timedelta(days=3)
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(later.timestamp() - time.time()))
    doors.identified(browser, people.anna.number)
    card_people.add_contact(view(people.anna), kind="email", value="anna@example.org", reason="Снова", at=later)

    answer = undo(browser, people.anna, "desk.contact_ended")

    assert answer.status_code == 422
    assert "уже есть" in text(answer)


def test_residents_are_again_what_they_were(people, browser):
    before = residents(people.anna)
    change_residents(people.anna)

    undo(browser, people.anna, "desk.residents_changed")

    assert residents(people.anna) == before
    assert "Изменение жильцов отменено" in journal(browser, people.anna)


def test_residents_changed_again_since_are_not_overwritten(people, browser):
    change_residents(people.anna)
    first = record("desk.residents_changed").pk
    change_residents(people.anna, registered=6)

    answer = browser.post(page_of(people.anna.number, first), {"reason": "Ошиблись"})

    assert answer.status_code == 422
    assert "изменил кто-то другой" in text(answer)
    assert residents(people.anna)[0] == 6


@pytest.mark.parametrize("make", [correct, end_contact, change_residents])
def test_undoing_twice_undoes_once_and_says_so(people, browser, make):
    make(people.anna)
    asked = AuditRecord.objects.filter(
        verb__in=["desk.contact_ended", "desk.residents_changed", "metering.submit_reading"]
    ).latest("pk")

    for _ in range(2):
        answer = browser.post(page_of(people.anna.number, asked.pk), {"reason": "Ошиблись", "instead": "former"})
        assert answer.status_code == 302

    assert AuditRecord.objects.filter(verb=f"{asked.verb}_undone").count() == 1
    assert "уже отменена" in text(browser.get(page_of(people.anna.number, asked.pk)))
    assert page_of(people.anna.number, asked.pk) not in journal(browser, people.anna)


def test_nothing_is_undone_without_a_reason_or_by_who_may_not(people, browser):
    change_residents(people.anna)
    asked = record("desk.residents_changed").pk
    operator = doors.identified(signed_in(people.staff["operator"].user_id, proved=True), people.anna.number)

    assert undo(browser, people.anna, "desk.residents_changed", reason=" ").status_code == 422
    assert operator.post(page_of(people.anna.number, asked), {"reason": "Хочу"}).status_code == 403
    assert residents(people.anna)[0] == 5


def test_an_operation_of_another_account_is_not_found(people, browser):
    change_residents(people.vera)
    theirs = record("desk.residents_changed").pk

    for forged in (theirs, 2**62, 0):
        assert browser.get(page_of(people.anna.number, forged)).status_code == 404
        assert browser.post(page_of(people.anna.number, forged), {"reason": "Хочу"}).status_code == 404
    assert residents(people.vera)[0] == 5


class TestMoveIn:
    @pytest.fixture
    def account(self, people, browser):
        for agreement in accounts_of.agreements_of(people.anna.account.id, on=TODAY):
            accounts.end_agreement(agreement.id, until_on=date(2026, 11, 1), at=cast.NOW)
        come(browser, people.anna)
        opened = newest()
        doors.identified(browser, opened.number)
        return opened

    def test_one_by_mistake_is_taken_back_and_the_place_is_free(self, people, browser, account):
        answer = undo(browser, account, "moving.moved_in")

        assert answer.status_code == 302
        assert accounts_of.taken_from([people.anna.supply_point_id], on=TODAY) == {}
        assert accounts_of.account_by_id(account.id).closed_on == TODAY
        assert "Въезд отменён" in journal(browser, account)
        come(browser, people.anna, request_key="e" * 32)
        assert newest().number != account.number

    def test_one_with_a_payment_is_not_taken_back(self, people, browser, account):
        payments.accept_payment(
            source_code="sberbank",
            external_id="900",
            account_number=account.number,
            amount=cast.Decimal("100.00"),
            paid_at=cast.NOW,
            received_at=cast.NOW,
        )

        answer = undo(browser, account, "moving.moved_in")

        assert answer.status_code == 422
        assert "оформите отъезд" in text(answer)
        assert accounts_of.account_by_id(account.id).closed_on is None


class TestChargedMonths:
    @pytest.fixture
    def charged(self, people):
        run_id = billing.start_run(month=Month("2026-10"), dry=False, started_by=None, at=cast.NOW)
        billing_jobs.work_off(run_id, at=cast.NOW)
        return people

    def change(self, browser, person, **more):
        page = reverse("desk:card_people", args=[person.number])
        seen = browser.get(page).context["page"].seen
        data = {"from_on": "2026-10-05", "registered": "4", "temporary": "0", "owners": "1", "reason": "Справка"}
        data |= {"seen": seen} | more
        return browser.post(page, {"what": "residents"} | {f"who-{name}": value for name, value in data.items()})

    def test_a_change_under_a_charged_month_warns_first_and_then_waits_for_an_engineer(self, charged, browser):
        engineer = signed_in(charged.staff["billing_engineer"].user_id, proved=True)
        before = residents(charged.anna)

        warned = self.change(browser, charged.anna)
        assert warned.status_code == 422
        assert "октябрь 2026 уже начислено" in text(warned)
        assert residents(charged.anna) == before

        done = self.change(browser, charged.anna, charged_is_known="on")
        assert done.status_code == 302
        assert residents(charged.anna)[0] == 4
        waiting = text(engineer.get(reverse("desk:recalculations")))
        assert charged.anna.number in waiting
        assert "октябрь 2026" in waiting
        assert "Ждут пересчёта: 1" in text(engineer.get(reverse("desk:runs")))

    def test_what_came_of_it_is_told_once(self, charged, browser):
        engineer = signed_in(charged.staff["billing_engineer"].user_id, proved=True)
        self.change(browser, charged.anna, charged_is_known="on")
        page = engineer.get(reverse("desk:recalculations")).context["waiting"][0].recalculation_id
        address = reverse("desk:settle_recalculation", args=[page])

        empty = engineer.post(address, {"outcome": ""})
        first = engineer.post(address, {"outcome": "Разница 12 ₽ «мелочь» 😀"})
        again = engineer.post(address, {"outcome": "Ещё раз"})

        assert [answer.status_code for answer in (empty, first, again)] == [422, 302, 422]
        assert charged.anna.number not in text(engineer.get(reverse("desk:recalculations")))
        assert record("billing.recalculation_settled").reason == "Разница 12 ₽ «мелочь» 😀"

    def test_a_month_not_charged_asks_for_nothing(self, charged, browser):
        assert self.change(browser, charged.anna, from_on=str(TODAY)).status_code == 302
        assert not AuditRecord.objects.filter(verb="billing.recalculation_asked").exists()
