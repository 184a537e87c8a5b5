"""A month at the retailer, from files to a closed month, through the doors that people use.

Prices of the town's table in force since July 2022: one zone 4.12 within the social norm and 7.23 above it; day
4.51 and 8.31, night 2.20 and 4.34. Social norm: 100 kWh for one person, 160 for two, 200 for three. October by hand:

  Anna   two people    13 077 − 12 840 = 237        160 × 4.12 + 77 × 7.23 = 659.20 + 556.71           1215.91
  Igor   three people  day 240, night 80 of 320: the norm of 200 is 150 by day and 50 by night
                       150 × 4.51 + 90 × 8.31 + 50 × 2.20 + 30 × 4.34 = 676.50 + 747.90 + 110 + 130.20  1664.60
  Vera   one person    late, no history: norm of consumption, 2 rooms: 96      96 × 4.12                 395.52
  Pavel  one person    790 − 700 = 90                                          90 × 4.12                 370.80
  Olga   two people    no meter: 2 rooms, 2 × 60 = 120                        120 × 4.12                 494.40
  Timur  one person    400 − 300 = 100, once his place has a price            100 × 4.12                 412.00
"""

from __future__ import annotations

from decimal import Decimal

from django.test import Client
from django.urls import reverse

from svet.domains.access import queries as access
from svet.domains.billing import actions as billing
from svet.domains.billing import queries as bills
from svet.domains.ledger import queries as ledger
from svet.domains.metering import queries as metering
from svet.domains.metering.rules import Verdict
from svet.domains.payments import queries as money
from svet.domains.payments.rules import RegisterState
from svet.infra.models import AuditRecord, Fact
from tests.stories import small_region as town
from tests.stories.small_region import ANNA, IGOR, NAMES, NOVEMBER, OCTOBER, OLGA, PAVEL, TIMUR, VERA, account_id

OCTOBER_AMOUNTS = {
    ANNA: Decimal("1215.91"),
    IGOR: Decimal("1664.60"),
    VERA: Decimal("395.52"),
    PAVEL: Decimal("370.80"),
    OLGA: Decimal("494.40"),
    TIMUR: Decimal("412.00"),
}
NOTHING = Decimal("0.00")


def by_name(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    return {NAMES[number]: amount for number, amount in amounts.items()}


def test_a_region_is_brought_in_by_files_and_the_same_files_again_change_nothing(days):
    again = [town.load(kind, text) for kind, text in town.FILES.items()]

    assert {(one.inserted, one.updated) for one in again} == {(0, 0)}
    assert [len(metering.history(account_id(number))) for number in NAMES] == [2, 4, 2, 2, 0, 2]
    assert set(town.balances().values()) == {NOTHING}


def test_a_reading_written_on_the_site_is_accepted_with_a_receipt_and_one_that_fell_is_held(days):
    days.go("2026-10-22")
    answer = town.give_reading(ANNA, 13_077, taken_on="2026-10-22")
    wrong = town.give_reading(VERA, 5_100, taken_on="2026-10-22")

    receipt = metering.history(account_id(ANNA))[0].receipt_number
    assert receipt in town.text_of(answer)
    assert reverse("cabinet:receipt", args=[ANNA, receipt]) in answer.redirect_chain[-1][0]
    assert metering.history(account_id(VERA))[0].verdict is Verdict.HELD
    assert "5 210" in town.text_of(wrong)


def test_a_reading_ten_times_too_large_is_held_and_settled_at_the_desk(days):
    town.october_readings(days)
    days.go("2026-10-24")
    (held,) = metering.held(limit=10)
    shown = town.text_of(town.employee("operator").get(reverse("desk:review", args=[held.reading_id])))

    answer = town.review(held.reading_id, verdict="refused", reason="Лишняя цифра")

    assert (held.account_number, held.value) == (PAVEL, 7900)
    assert "790" in shown
    assert "Решение записано." in town.text_of(answer)
    assert metering.held(limit=10) == []
    assert metering.history(account_id(PAVEL))[0].verdict is Verdict.REFUSED


def test_a_dry_run_charges_nobody_and_foretells_the_real_one_to_the_kopeck(days):
    town.october_is_billed(days)
    days.go("2026-12-01")

    before = town.balances()
    dry = {row.account_number: row.amount for row in bills.previews(town.rate(NOVEMBER, dry=True))}
    assert town.balances() == before == by_name(OCTOBER_AMOUNTS)
    real = town.rate(NOVEMBER)

    charged = {number: bills.charges_of(account_id(number), month=NOVEMBER)[0].amount for number in NAMES}
    assert dry == charged
    assert sum(town.balances().values()) == sum(before.values()) + bills.run_progress(real).amount


def test_everybody_is_billed_as_worked_out_by_hand_and_who_has_no_price_waits_until_it_is_mended(days):
    town.october_readings(days)
    days.go("2026-10-24")
    town.review(metering.held(limit=1)[0].reading_id, verdict="refused", reason="Лишняя цифра")
    days.go("2026-10-25")
    town.give_reading(PAVEL, 790, taken_on="2026-10-25")
    days.go("2026-11-01")

    foretold = {row.account_number: row.amount for row in bills.previews(town.rate(OCTOBER, dry=True))}
    run_id = town.rate(OCTOBER)
    without_timur = by_name(OCTOBER_AMOUNTS | {TIMUR: NOTHING})
    assert foretold == {number: amount for number, amount in OCTOBER_AMOUNTS.items() if number != TIMUR}
    assert town.balances() == without_timur
    assert [one.account_number for one in bills.parked(run_id)] == [TIMUR]

    assert town.issue(run_id) == [f"2610-{place:08d}" for place in range(1, 6)]
    assert "всё ещё нельзя рассчитать" in town.text_of(town.retry(run_id, TIMUR))
    assert town.balances() == without_timur

    town.mend_timur()
    assert f"Счёт {TIMUR} рассчитан." in town.text_of(town.retry(run_id, TIMUR))
    assert bills.bills_of(account_id(TIMUR))[0].number == "2610-00000006"
    assert town.balances() == by_name(OCTOBER_AMOUNTS)
    totals = bills.run_progress(run_id)
    assert (totals.billed, totals.parked, totals.amount) == (6, 0, sum(OCTOBER_AMOUNTS.values()))


def test_the_bill_that_a_customer_downloads_says_what_the_ledger_says(days):
    town.october_is_billed(days)

    anna, igor = town.printed(ANNA, OCTOBER), town.printed(IGOR, OCTOBER)

    for part in ("1 215,91 ₽", "659,20 ₽", "556,71 ₽", "13 077 22.10.2026", "№ 2610-00000001", "Светлов Анна"):
        assert part in anna, part
    for part in ("1 664,60 ₽", "676,50 ₽", "747,90 ₽", "110,00 ₽", "130,20 ₽"):
        assert part in igor, part


def test_another_customers_bill_cannot_be_downloaded(days):
    town.october_is_billed(days)

    assert town.customer(VERA).get(reverse("cabinet:bill_pdf", args=[ANNA, OCTOBER])).status_code == 404


def test_a_payment_that_the_terminal_sends_twice_is_one_credit(days):
    town.october_is_billed(days)
    days.go("2026-11-06")

    first, again = (town.at_terminal(ANNA, "1215.91", txn="700001", when="20261106095900") for _ in range(2))
    stranger = Client(REMOTE_ADDR="10.9.9.1").get("/gates/osmp/kiosk/?command=pay")

    assert first == again
    assert (first["result"], first["sum"]) == ("0", "1215.91")
    assert [row.amount for row in money.payments_of(account_id(ANNA))] == [Decimal("1215.91")]
    assert ledger.balance(account_id(ANNA)) == 0
    assert stranger.status_code == 403


def test_a_registry_brings_money_and_what_nobody_owns_is_found_an_owner(days):
    town.october_is_billed(days)
    days.go("2026-11-10")
    paid = ((IGOR, "1000,00"), (VERA, "395,52"), (town.NOBODYS, "370,80"))

    page = town.send_registry(town.registry(*paid, on="09-11-2026", total="1766,32"))
    owed, lost = town.balances(), money.unidentified_total()
    days.go("2026-11-11")
    (waiting,) = money.unidentified(limit=10)
    answer = town.assign(waiting.payment.payment_id, PAVEL)

    assert f"Счёта {town.NOBODYS} нет, 370,80 ₽ — в невыясненные платежи" in town.text_of(page)
    assert lost == (1, Decimal("370.80"))
    # Igor still owes 1664.60 − 1000.00; Pavel's money is nobody's yet.
    assert (owed["Игорь"], owed["Вера"], owed["Павел"]) == (Decimal("664.60"), NOTHING, Decimal("370.80"))
    assert f"Платёж зачислен на счёт {PAVEL}." in town.text_of(answer)
    assert money.unidentified_total() == (0, NOTHING)
    assert ledger.balance(account_id(PAVEL)) == 0


def test_a_registry_whose_total_is_a_kopeck_off_is_refused_whole_and_the_right_one_is_posted(days):
    town.october_is_billed(days)
    days.go("2026-11-10")
    paid = ((IGOR, "1000,00"), (VERA, "395,52"))

    wrong = town.send_registry(town.registry(*paid, on="09-11-2026", total="1395,53"))
    assert "сумма платежей не сходится" in town.text_of(wrong).lower()
    assert town.balances() == by_name(OCTOBER_AMOUNTS)
    town.send_registry(town.registry(*paid, on="09-11-2026", total="1395,52"))

    assert [row.state for row in money.registers()] == [RegisterState.POSTED, RegisterState.REFUSED]
    assert ledger.balance(account_id(VERA)) == 0


def test_the_next_bill_takes_what_was_corrected_and_what_came_late_and_the_month_closes(days):
    town.october_is_billed(days)
    town.november_payments(days)
    # Anna had read 13 077, the dial showed 13 070: October's bill stays, the next one gives back 7 kWh.
    days.go("2026-11-18")
    noted = town.give_reading(ANNA, 13_070, taken_on="2026-10-22")
    assert "следующ" in town.text_of(noted)
    days.go("2026-11-22")
    town.load(
        "readings",
        town.file_of(
            "account_number;taken_on;t1;t2",
            f"{ANNA};2026-11-22;13200;",
            f"{IGOR};2026-11-22;8740;4220",
            f"{VERA};2026-11-22;5400;",
            f"{PAVEL};2026-11-22;880;",
            f"{TIMUR};2026-11-22;490;",
        ),
    )
    days.go("2026-11-25")
    closed = billing.close_month(OCTOBER, at=days.now, by=None)
    days.go("2026-12-01")

    run_id = town.rate(NOVEMBER)
    numbers = town.issue(run_id)

    # Anna   13 200 − 13 070 = 130, less the 7 that October took too many: 123 × 4.12     506.76
    # Igor   day 100, night 40, all within 200: 100 × 4.51 + 40 × 2.20                    539.00
    # Vera   5 400 − 5 210 = 190, less the 96 that October took by norm: 94 × 4.12        387.28
    # Pavel  880 − 790 = 90; Olga 120 by norm; Timur 490 − 400 = 90
    november = {
        ANNA: Decimal("506.76"),
        IGOR: Decimal("539.00"),
        VERA: Decimal("387.28"),
        PAVEL: Decimal("370.80"),
        OLGA: Decimal("494.40"),
        TIMUR: Decimal("370.80"),
    }
    charges = {number: bills.charges_of(account_id(number), month=NOVEMBER)[0] for number in NAMES}
    assert {number: charge.amount for number, charge in charges.items()} == november
    assert numbers == [f"2611-{place:08d}" for place in range(1, 7)]
    volumes = bills.explain(account_id(ANNA), charges[ANNA].charge_id).volumes
    assert sorted(volume.kwh for volume in volumes) == [-7, 130]
    # What is owed: October − paid + November.
    assert town.balances() == {
        "Анна": Decimal("506.76"),  # 1215.91 − 1215.91 + 506.76
        "Игорь": Decimal("1203.60"),  # 1664.60 − 1000.00 + 539.00
        "Вера": Decimal("387.28"),  # 395.52 − 395.52 + 387.28
        "Павел": Decimal("370.80"),  # 370.80 − 370.80 + 370.80
        "Ольга": Decimal("988.80"),  # 494.40 + 494.40
        "Тимур": Decimal("782.80"),  # 412.00 + 370.80
    }
    assert "1 203,60 ₽" in town.printed(IGOR, NOVEMBER)
    assert Decimal(closed["charged"]) == sum(OCTOBER_AMOUNTS.values()) == Decimal("4553.23")

    days.go("2026-12-20")
    billing.close_month(NOVEMBER, at=days.now, by=None)
    assert_turnovers_add_up()


def assert_turnovers_add_up() -> None:
    """Check both closed months: per account and in all, and that the stored sums are those of the entries."""
    october, november = ledger.month_totals(OCTOBER).turnover, ledger.month_totals(NOVEMBER).turnover
    assert (october.opening, october.charged, october.paid, october.closing) == (
        NOTHING,
        Decimal("4553.23"),
        NOTHING,
        Decimal("4553.23"),
    )
    # Paid: 1215.91 + 1000.00 + 395.52 + 370.80; charged: 506.76 + 539.00 + 387.28 + 370.80 + 494.40 + 370.80.
    assert (november.opening, november.charged, november.paid, november.closing) == (
        Decimal("4553.23"),
        Decimal("2669.04"),
        Decimal("2982.23"),
        Decimal("4240.04"),
    )
    for number, owed in ((number, town.balances()[name]) for number, name in NAMES.items()):
        *_, last = sorted(ledger.turnovers(account_id(number)), key=lambda one: one.month.text)
        assert last.turnover.closing == owed
    assert ledger.differing_turnovers(OCTOBER) == ledger.differing_turnovers(NOVEMBER) == []


def test_whatever_was_done_is_in_the_audit_and_left_its_fact(days):
    town.october_is_billed(days)
    town.november_payments(days)
    days.go("2026-11-25")
    billing.close_month(OCTOBER, at=days.now, by=None)

    verbs = set(AuditRecord.objects.values_list("verb", flat=True))
    facts = set(Fact.objects.values_list("name", flat=True))
    reviewed = AuditRecord.objects.get(verb="metering.review_reading")
    posted = AuditRecord.objects.get(verb="payments.post_register")

    assert verbs >= {
        "region_files.load",
        "metering.review_reading",
        "supply.set_category",
        "billing.start_run",
        "billing.issue_bills",
        "billing.close_month",
        "payments.accept_payment",
        "payments.post_register",
        "payments.assign_payment",
    }
    assert facts >= {
        "metering.reading_accepted",
        "metering.reading_held",
        "metering.reading_refused",
        "billing.run_rated",
        "billing.bill_issued",
        "billing.month_closed",
        "payments.register_posted",
        "payments.payment_assigned",
    }
    assert reviewed.reason == "Лишняя цифра: клиент прочёл с экрана 790"
    whom = [str(access.person_by_username(name).user_id) for name in ("operator", "cashier")]
    assert [reviewed.actor_name, posted.actor_name] == whom
    assert Fact.objects.filter(name="billing.bill_issued").count() == 6
