"""Six households of one house, brought in by files only, and the ways in which they and the staff act.

Everything goes through what people use: files, the pages of the account area and the desk, the terminal's URL, the
bank's registry. Each stage of the month builds on the one before; a story begins where it needs to.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from svet.domains.access import actions as access
from svet.domains.access import queries as access_of
from svet.domains.accounts import actions as accounts
from svet.domains.accounts import queries as accounts_of
from svet.domains.accounts.rules import GrantRole
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.ledger import queries as ledger
from svet.domains.metering import queries as metering
from svet.domains.offices import actions as offices
from svet.domains.payments import actions as payments
from svet.domains.payments import queries as money
from svet.domains.payments.rules import SourceKind
from svet.domains.supply import actions as supply
from svet.domains.supply import queries as supply_of
from svet.domains.tariffs import actions as tariffs
from svet.flows import region_files
from svet.infra import clock
from svet.infra.clock import MOSCOW
from svet.kernel.energy import ConsumerCategory
from svet.kernel.period import Month
from svet.surfaces.console.demo.town import account_number
from svet.surfaces.web.middleware import SECOND_FACTOR
from tests import cast

OCTOBER, NOVEMBER = Month("2026-10"), Month("2026-11")
ANNA, IGOR, VERA, PAVEL, OLGA, TIMUR = (account_number(place) for place in range(1, 7))
NAMES = dict(
    zip((ANNA, IGOR, VERA, PAVEL, OLGA, TIMUR), ("Анна", "Игорь", "Вера", "Павел", "Ольга", "Тимур"), strict=True)
)
NOBODYS = "3399999999"


class Days:
    """The calendar on the wall: `days.go("2026-10-22")` makes it that day for every page, gate and action."""

    def __init__(self, monkeypatch) -> None:
        self.now = moment("2026-09-25")
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def go(self, day: str) -> datetime:
        self.now = moment(day)
        return self.now


def moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(10), tzinfo=MOSCOW)


def load(kind: str, text: str, *, encoding: str = "utf-8", **options: object) -> region_files.Report:
    return region_files.load(kind, text.encode(encoding), at=clock.now(), file_name=f"{kind}.csv", **options)


def file_of(header: str, *rows: str) -> str:
    return "\n".join([header, *rows]) + "\n"


def move_in() -> None:
    """Bring prices, offices, channels and staff; then the six households, each kind of file in its order."""
    at = clock.now()
    tariffs.load_reference(at=at)
    offices.load_reference(at=at)
    payments.open_source("sberbank", name="Сбербанк", kind=SourceKind.BANK_REGISTER, at=at)
    payments.open_source("kiosk", name="Терминалы", kind=SourceKind.TERMINAL, at=at, allowed_networks=["10.9.8.0/24"])
    for one in cast.names.STAFF:
        cast.employee(one)
    for kind, text in FILES.items():
        report = load(kind, text, encoding="cp1251" if kind == "customers" else "utf-8")
        assert report.is_loaded, (kind, report.findings.rows())


def _everybody(row: str) -> list[str]:
    return [row.format(place=place, number=number, name=NAMES[number]) for place, number in enumerate(NAMES, 1)]


FILES = {
    "customers": file_of(
        "Код потребителя;Вид потребителя;Фамилия;Имя", *_everybody("К-{place};физлицо;Светлов;{name}")
    ),
    "supply_points": file_of(
        "supply_point_code;premises_code;premises_kind;postal_code;settlement;street;house;flat;rooms;max_power_kw",
        *_everybody("ТП-{place};ПМ-{place};квартира;600901;г. Светлогорье;ул. Садовая;12;{place};2;15"),
    ),
    "categories": file_of(
        "supply_point_code;territory;category;from_on",
        *(f"ТП-{place};nn;urban_gas;2020-01-01" for place in range(1, 6)),
        "ТП-6;nn;село;2020-01-01",  # no prices for villages are published here
    ),
    "accounts": file_of("account_number;customer_code;opened_on", *_everybody("{number};К-{place};01.01.2020")),
    "agreements": file_of(
        "account_number;supply_point_code;agreement_number;from_on",
        *_everybody("{number};ТП-{place};Д-{place};2020-01-01"),
    ),
    "households": file_of(
        "account_number;registered;from_on",
        *(f"{number};{people};2020-01-01" for number, people in zip(NAMES, (2, 3, 1, 1, 2, 1), strict=True)),
    ),
    "meters": file_of(
        "serial;zoning;digits;supply_point_code;installed_on;installed_t1;installed_t2",
        "41001;1;6;ТП-1;2020-01-01;0;",
        "41002;двухтарифный;6;ТП-2;2020-01-01;0;0",
        "41003;1;6;ТП-3;2020-01-01;0;",
        "41004;1;6;ТП-4;2020-01-01;0;",
        "41006;1;6;ТП-6;2020-01-01;0;",
    ),
    "readings": file_of(  # what the program before was billed up to
        "account_number;taken_on;t1;t2;channel",
        f"{ANNA};2026-09-22;12840;;перенос",
        f"{IGOR};2026-09-22;8400;4100;перенос",
        f"{VERA};2026-09-22;5210;;перенос",
        f"{PAVEL};2026-09-22;700;;перенос",
        f"{TIMUR};2026-09-22;300;;перенос",
    ),
}


def account_id(number: str) -> int:
    return accounts_of.account_by_number(number).id


def balances() -> dict[str, Decimal]:
    """Return what everybody owes by name; nobody's entries are left out."""
    return {name: ledger.balance(account_id(number)) for number, name in NAMES.items()}


def customer(number: str) -> Client:
    """Let the person sign in to the account area as people do."""
    if access_of.person_by_username(number) is None:
        at = clock.now()
        user_id = access.create_user(number, password=cast.PASSWORD, at=at, given_name=NAMES[number])
        accounts.grant_access(
            account_id(number), user_id=user_id, role=GrantRole.OWNER, from_on=date(2020, 1, 1), at=at
        )
    browser = Client()
    signed = browser.post(reverse("account_login"), {"login": number, "password": cast.PASSWORD})
    assert signed.status_code == 302, signed.content.decode()
    return browser


def employee(username: str) -> Client:
    """Return the browser of a member of staff who has proved the second factor."""
    browser = Client()
    assert browser.login(username=username, password=cast.PASSWORD)
    session = browser.session
    session[SECOND_FACTOR] = access_of.person_by_username(username).user_id
    session.save()
    return browser


def give_reading(number: str, *values: int | str, taken_on: str):
    """Fill in the form of readings in the account area, confirm what is asked about, follow to what it answers."""
    browser, page = customer(number), reverse("cabinet:give_reading", args=[number])
    form = browser.get(page).context["form"]
    hidden = {name: form[name].value() for name in ("meter", "source_id")}
    given = {f"t{place}": value for place, value in enumerate(values, 1)}
    filled = {**hidden, **given, "taken_on": taken_on}
    answer = browser.post(page, filled, follow=True)
    if "Да, всё верно" not in text_of(answer):
        return answer
    return browser.post(page, {**filled, "confirmed": answer.context["form"].typed}, follow=True)


def text_of(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def october_readings(days: Days) -> None:
    """Anna writes hers on the site, the reader brings others; Vera is late, Pavel's has a digit too many."""
    days.go("2026-10-22")
    give_reading(ANNA, 13_077, taken_on="2026-10-22")
    days.go("2026-10-23")
    report = load(
        "readings",
        file_of(
            "account_number;taken_on;t1;t2;channel",
            f"{IGOR};2026-10-22;8640;4180;контролёр",
            f"{PAVEL};2026-10-22;7900;;телефон",
            f"{TIMUR};2026-10-22;400;;контролёр",
        ),
    )
    assert report.is_loaded
    days.go("2026-10-28")
    give_reading(VERA, 5_390, taken_on="2026-10-28")


def review(reading_id: int, *, verdict: str, reason: str):
    return employee("operator").post(
        reverse("desk:review", args=[reading_id]), {"verdict": verdict, "reason": reason}, follow=True
    )


def rate(month: Month, *, dry: bool = False) -> int:
    at = clock.now()
    run_id = billing.start_run(month=month, dry=dry, started_by=None, at=at, shard_size=2)
    billing_jobs.work_off(run_id, at=at)
    return run_id


def issue(run_id: int) -> list[str]:
    """Issue the bills; return their numbers in order."""
    at = clock.now()
    billing.issue_bills(run_id, at=at)
    billing_jobs.work_off(run_id, at=at)
    month = bills.run_progress(run_id).month
    found = [bill for number in NAMES for bill in bills.bills_of(account_id(number)) if bill.month == month]
    return sorted(bill.number for bill in found)


def printed(number: str, month: Month) -> str:
    """Download the bill in the account area and read it."""
    answer = customer(number).get(reverse("cabinet:bill_pdf", args=[number, month]))
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def at_terminal(number: str, amount: str, *, txn: str, when: str, address: str = "10.9.8.7") -> dict[str, str]:
    """Ask the gate of terminals to take money; return its answer by field."""
    query = {"command": "pay", "txn_id": txn, "txn_date": when, "account": number, "sum": amount}
    answer = Client(REMOTE_ADDR=address).get(f"/gates/osmp/kiosk/?{urlencode(query)}")
    assert answer.status_code == 200, answer.status_code
    return {child.tag: child.text or "" for child in fromstring(answer.content)}


def registry(*paid: tuple[str, str], on: str, total: str, first: int = 1) -> bytes:
    """Write the bank's file of these (account, roubles) in the form of twelve fields; `total` as the bank says it."""
    rows = [
        f"{on};09-15-{place:02d};8611/0042;КАССА 3;99{first + place:04d};{number};ПЛАТЕЛЬЩИК;;102026;{sum_};{sum_};0,00"
        for place, (number, sum_) in enumerate(paid)
    ]
    return "\r\n".join([*rows, "=", f"{len(paid)};{total};{total};0,00;451;{on}", ""]).encode("cp1251")


def send_registry(raw: bytes, *, name: str = "8611_001.txt"):
    """Let the cashier load the file at the desk and follow to the register's page."""
    fields = {"channel": "sberbank", "format": "sberbank", "step": "post", "file": SimpleUploadedFile(name, raw)}
    return employee("cashier").post(reverse("desk:load_register"), fields, follow=True)


def october_is_billed(days: Days) -> int:
    """Settle Pavel's reading, rate and issue October, mend what parked Timur; return the run."""
    october_readings(days)
    days.go("2026-10-24")
    (held,) = metering.held(limit=10)
    review(held.reading_id, verdict="refused", reason="Лишняя цифра: клиент прочёл с экрана 790")
    days.go("2026-10-25")
    give_reading(PAVEL, 790, taken_on="2026-10-25")
    days.go("2026-11-01")
    run_id = rate(OCTOBER)
    issue(run_id)
    mend_timur()
    assert retry(run_id, TIMUR).status_code == 200
    return run_id


def mend_timur() -> None:
    """The village became a part of the town on the first of October."""
    point = supply_of.supply_point_by_code("ТП-6", on=clock.today())
    supply.set_category(
        point.id,
        territory="nn",
        category=ConsumerCategory.URBAN_GAS,
        from_on=OCTOBER.first_on,
        at=clock.now(),
    )


def retry(run_id: int, number: str):
    return employee("engineer").post(reverse("desk:retry_parked", args=[run_id, number]), follow=True)


def november_payments(days: Days) -> None:
    """Anna pays at a terminal, Igor and Vera through the bank; Pavel wrote a wrong number and is found out."""
    days.go("2026-11-06")
    at_terminal(ANNA, "1215.91", txn="700001", when="20261106095900")
    days.go("2026-11-10")
    paid = ((IGOR, "1000,00"), (VERA, "395,52"), (NOBODYS, "370,80"))
    send_registry(registry(*paid, on="09-11-2026", total="1766,32"))
    days.go("2026-11-11")
    (lost,) = money.unidentified(limit=10)
    assign(lost.payment.payment_id, PAVEL)


def assign(payment_id: int, number: str):
    return employee("cashier").post(
        reverse("desk:assign", args=[payment_id]),
        {"number": number, "reason": "Плательщик принёс квитанцию"},
        follow=True,
    )
