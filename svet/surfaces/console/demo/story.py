"""Lives the town's fourteen months on the real paths: files are loaded, readings checked, months billed and paid.

Only the last month is left open, with its bills issued, its parked accounts waiting and money arriving.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import polars as pl

from svet.domains.access import actions as access
from svet.domains.access import queries as access_queries
from svet.domains.access.rules import AddressKind
from svet.domains.accounts import actions as account_actions
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.rules import GrantRole
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.domains.debts import actions as debts
from svet.domains.debts import queries as debts_of
from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind
from svet.domains.metering import actions as metering
from svet.domains.metering import queries as metering_queries
from svet.domains.metering.rules import Verdict
from svet.domains.payments import actions as payments
from svet.domains.payments import queries as payment_queries
from svet.domains.payments.rules import SourceKind
from svet.domains.payments.rules.tills import Means
from svet.flows import bank_register, penalties, readings_file, region_files
from svet.infra import clock
from svet.kernel.errors import Conflict
from svet.kernel.period import Month
from svet.surfaces.console.demo import acts, appeals, coming, hall, house, months, names, perks, portal, serving, town

FIRST_MONTH, LAST_MONTH = Month("2025-09"), Month("2026-10")
Say = Callable[[str], None]


def is_built() -> bool:
    """Say whether the town stands in this database."""
    return accounts.account_by_number(town.account_number(1)) is not None


def build(count: int, *, today: datetime, say: Say) -> None:
    """Build the town of `count` accounts and live its months up to `today`."""
    homes = town.build(count)
    random = Random(14)  # noqa: S311 — a town, not a secret
    say(f"Город {names.TOWN}: {count} лицевых счетов…")
    _load(homes, at=_moment(FIRST_MONTH, day=1))
    _open_doors(homes, at=_moment(FIRST_MONTH, day=1))
    hall.open_office(at=_moment(FIRST_MONTH, day=1))
    _open_sources(at=_moment(FIRST_MONTH, day=1))
    _opening_balances(homes, random)
    month = FIRST_MONTH
    while month < LAST_MONTH:
        _live(homes, month, random)
        run_id = _bill(month, show=False, say=say)
        say(f"  {month}: {_summary(run_id)}")
        _pay(homes, month, random)
        _close(month)
        month = month.next
    _second_thoughts(homes)
    _live(homes, LAST_MONTH, random)
    perks.give_some(homes, account_of=_account_id, month=LAST_MONTH, at=_moment(LAST_MONTH, day=29))
    house.stand(homes, account_of=_account_id, month=LAST_MONTH, at=_moment(LAST_MONTH, day=29))
    say(f"\nРасчёт за {LAST_MONTH}, у вас на глазах:")
    say(f"  Итоги: {_summary(_bill(LAST_MONTH, show=True, say=say))}")
    _open_tills(today=today)
    hall.live_in_the_hall(today=today, first_month=FIRST_MONTH)
    serving.live_a_morning(today=today)
    appeals.write_to_the_company(at=today)
    portal.come_through_the_portal(at=today)
    coming.come_by_sms_and_mail(at=today)


def visiting_card(*, port: int) -> str:
    """Return where to go and how to sign in."""
    lines = [f"Сайт              http://localhost:{port}/", f"Кабинет           http://localhost:{port}/cabinet/"]
    lines += [
        f"Рабочее место     http://localhost:{port}/desk/",
        f"Зал офиса         http://localhost:{port}/desk/hall/{hall.OFFICE}/ (руководитель добавляет киоск и табло)",
        "",
        f"Пароль у всех: {names.PASSWORD}",
        "",
    ]
    lines += ["Клиенты (входят по номеру лицевого счёта):"]
    for number, person in enumerate(names.CAST, 1):
        who = f"{person.family_name} {person.given_name}"
        lines.append(f"  {town.account_number(number)}  {who:<20} {person.story}")
    lines += ["", "Сотрудники (второй шаг — код из приложения; ниже ключ для него и команда, что покажет код):"]
    for one in names.STAFF:
        lines.append(f"  {one.username:<12} {one.position:<24} {one.secret}  .venv/bin/svet code {one.username}")
    return "\n".join(lines)


def _moment(month: Month, *, day: int, hour: int = 10) -> datetime:
    return datetime.combine(month.first_on + timedelta(days=day - 1), time(hour), tzinfo=clock.MOSCOW)


def _account_id(home: town.Home) -> int:
    return int(accounts.ids_by_number(pl.Series([home.account]))["account_id"].item())


def _load(homes: list[town.Home], *, at: datetime) -> None:
    for kind, frame in town.import_frames(homes).items():
        region_files.load_frame(kind, frame, at=at)
    readings_file.take_readings(town.carried_over(homes), at=at)


def _open_doors(homes: list[town.Home], *, at: datetime) -> None:
    """Give the cast and the staff their logins; the staff their second factor too."""
    for home, person in zip(homes, names.CAST, strict=False):
        user_id = access.create_user(
            home.account,
            password=names.PASSWORD,
            at=at,
            family_name=person.family_name,
            given_name=person.given_name,
            patronymic=person.patronymic,
            email=f"{person.code}@example.org",
        )
        access.prove_address(user_id, kind=AddressKind.EMAIL, value=f"{person.code}@example.org", at=at)
        account_actions.grant_access(
            _account_id(home), user_id=user_id, role=GrantRole.OWNER, from_on=home.opened_on, at=at
        )
    for one in names.STAFF:
        family, given, patronymic = one.name
        user_id = access.create_user(
            one.username,
            password=names.PASSWORD,
            at=at,
            family_name=family,
            given_name=given,
            patronymic=patronymic,
            position=one.position,
            roles=[one.role],
        )
        access.set_up_authenticator(user_id, secret=one.secret, at=at)


def _open_sources(*, at: datetime) -> None:
    payments.open_source("sberbank", name="Сбербанк", kind=SourceKind.BANK_REGISTER, at=at)
    payments.open_source(
        "terminal",
        name="Терминалы «Светлогорье»",
        kind=SourceKind.TERMINAL,
        at=at,
        allowed_networks=["127.0.0.0/8", "::1/128"],
    )


def _open_tills(*, today: datetime) -> None:
    """Give the town's office a till with a shift of this morning: cash, a card, and one payment given back."""
    cashier = access_queries.person_by_username("cashier")
    if cashier is None:
        return
    at = today.replace(hour=9, minute=0, second=0, microsecond=0)
    at = min(at, today)
    till_id = payments.open_till("K1", name="Касса 1", office_code=hall.OFFICE, at=at)
    shift_id = payments.open_shift(
        till_id,
        cashier_id=cashier.user_id,
        opening_float=Decimal(3000),
        request_key="demo-shift",
        at=at,
        without_device=True,
    ).shift_id
    for place, (means, amount, slip) in enumerate(
        ((Means.CASH, "850.00", ""), (Means.CARD, "1240.60", "612345678901"), (Means.CASH, "500.00", "")), 1
    ):
        taken = payments.take_payment(
            shift_id,
            account_number=town.account_number(place),
            amount=Decimal(amount),
            means=means,
            cash_given=Decimal(1000) if means == Means.CASH else None,
            slip=slip,
            request_key=f"demo-{place}",
            by=cashier.user_id,
            at=at,
        )
    payments.give_back(
        taken.operation_id, reason="Ошиблись лицевым счётом", request_key="demo-back", by=cashier.user_id, at=at
    )


def _opening_balances(homes: list[town.Home], random: Random) -> None:
    """Some accounts came with a debt or an advance."""
    at = _moment(FIRST_MONTH, day=1)
    for number, home in enumerate(homes):
        if home.opened_on > FIRST_MONTH.first_on or random.random() > 0.2:
            continue
        ledger.post(
            account_id=_account_id(home),
            kind=EntryKind.OPENING,
            amount=Decimal(random.randint(-30_000, 90_000)).scaleb(-2),
            month=FIRST_MONTH,
            concerns=FIRST_MONTH.previous,
            posted_on=FIRST_MONTH.first_on,
            source_kind="opening",
            source_id=number + 1,
            line=1,
            recorded_at=at,
        )


def _live(homes: list[town.Home], month: Month, random: Random) -> None:
    """Let a month pass: meters are replaced, people read them, files arrive."""
    rows = months.live(homes, month, random)
    replaced = [home for home in homes if _is_replaced(home, month, random)]
    at = _moment(month, day=28)
    readings_file.take_readings(pl.DataFrame(rows, infer_schema_length=None), at=at)
    if month < LAST_MONTH:
        _review(homes, at=at)
    day = month.first_on + timedelta(days=26)
    rest = acts.replace_some(replaced, account_of=_account_id, on=day, at=at)
    if rest:
        _replace_meters(rest, day, at=at)


def _review(homes: list[town.Home], *, at: datetime) -> None:
    """Let the operator look at the held readings: what the meter really shows is accepted, a slip is refused."""
    shown = {home.account: home.values for home in homes}
    for one in metering_queries.held(limit=1000):
        right = one.value == shown[one.account_number][one.position - 1]
        verdict = Verdict.ACCEPTED if right else Verdict.REFUSED
        reason = "" if right else "Ошибка при наборе, клиент подтвердил по телефону"
        with suppress(Conflict):  # decided together with another register, or replaced by a right one meanwhile
            metering.review_reading(
                one.reading_id, account_id=one.account_id, verdict=verdict, reason=reason, decided_by=None, at=at
            )


def _is_replaced(home: town.Home, month: Month, random: Random) -> bool:
    if home.story:
        return "заменён" in home.story and month.text == "2026-08"
    return home.serial is not None and home.opened_on < month.first_on and random.random() < 0.004


def _replace_meters(homes: list[town.Home], day: date, *, at: datetime) -> None:
    """Take meters down on the day, after the month's reading, and hang new ones that start at zero."""
    old = [town.meter_row(home, removed_on=day, removed=home.values) for home in homes]
    for home in homes:
        home.serial, home.installed_on = f"7{home.serial}", day
        home.opening = home.values = [0] * len(home.values)
    region_files.load_frame("meters", pl.DataFrame(old, infer_schema_length=None), at=at)
    new = [town.meter_row(home) for home in homes]
    region_files.load_frame("meters", pl.DataFrame(new, infer_schema_length=None), at=at)


def _bill(month: Month, *, show: bool, say: Say) -> int:
    """Calculate the month, check the totals, issue the bills; close it unless it is the last one."""
    at = _moment(month.next, day=1)
    run_id = billing.start_run(month=month, scope="all", dry=False, started_by=None, at=at, shard_size=250)
    progress = _progress_bar(say) if show else None
    billing_jobs.work_off(run_id, at=at, workers=2, progress=progress)
    _vouch_for_rates(month, at=at)
    penalties.issue_bills(run_id, by=None, at=at)
    billing_jobs.work_off(run_id, at=at, workers=2)
    return run_id


def _vouch_for_rates(month: Month, *, at: datetime) -> None:
    """Say that the key rate is known to the end of the month, as somebody at the desk would have."""
    if debts_of.known_until() < month.last_on:
        debts.confirm_key_rates(month.last_on, source="Показательные данные: ставка не менялась", by=None, at=at)


def _close(month: Month) -> None:
    """Close a month after its payments came; parked accounts are known and wait for the next bill."""
    billing.close_month(month, at=_moment(month.next, day=25), by=None, leave_parked=True)


def _progress_bar(say: Say) -> Callable[[bills.RunProgress], None]:
    def show(run: bills.RunProgress) -> None:
        bar = "█" * (run.percent // 4) + "·" * (25 - run.percent // 4)
        say(f"  {bar} {run.percent:>3} %  счетов {run.billed}, отложено {run.parked}, {_roubles(run.amount)}")

    return show


def _summary(run_id: int) -> str:
    run = bills.run_progress(run_id)
    return (
        f"рассчитано {run.billed}, отложено {run.parked}, начислено {_roubles(run.amount)}, счета: {run.bills_issued}"
    )


def _roubles(amount: Decimal) -> str:
    return f"{amount:,.2f} ₽".replace(",", " ").replace(".", ",")


def _pay(homes: list[town.Home], month: Month, random: Random) -> None:
    """Let people pay the month's bills: most through the bank's registry, some at a terminal."""
    owed = _owed(homes)
    paid = months.pay(homes, owed, month, random)
    at_terminal = [one for one in paid if random.random() < 0.05]
    through_bank = [one for one in paid if one not in at_terminal]
    number = month.first_on.year * 100 + month.first_on.month
    bank_register.post_bank_register(
        months.registry(through_bank, number=number, spoil=random),
        format_name="sberbank",
        file_name=f"8611_{number}_001.txt",
        at=_moment(month.next, day=20),
    )
    for place, one in enumerate(at_terminal, 1):
        moment = datetime.combine(one.on, time(18, 30), tzinfo=clock.MOSCOW)
        payments.accept_payment(
            source_code="terminal",
            external_id=f"{number}{place:06d}",
            account_number=one.account,
            amount=one.amount,
            paid_at=moment,
            received_at=moment,
        )


def _second_thoughts(homes: list[town.Home]) -> None:
    """One terminal takes a payment back, one household asks for its advance, the cashier finds an owner of money."""
    at = _moment(LAST_MONTH, day=26)
    payer = next(home for home in homes[len(names.CAST) :] if home.pays == "in_full")
    moment = _moment(LAST_MONTH, day=24)
    mistaken = payments.accept_payment(
        source_code="terminal",
        external_id="90000001",
        account_number=payer.account,
        amount=Decimal("500.00"),
        paid_at=moment,
        received_at=moment,
    )
    payments.reverse_payment(mistaken.payment_id, reason="Терминал сообщил об ошибочном платеже", at=at)
    balances = _owed(homes)
    ahead = min(homes, key=lambda home: balances.get(home.account, Decimal(0)))
    payments.refund(
        _account_id(ahead),
        amount=-balances[ahead.account],
        request_key="demo-1",
        reason="Заявление о возврате переплаты",
        by=None,
        at=at,
    )
    lost = next(iter(payment_queries.unidentified(limit=1)), None)
    if lost is not None:
        reason = "Плательщик показал квитанцию"
        payments.assign_payment(lost.payment.payment_id, account_number=payer.account, reason=reason, by=None, at=at)


def _owed(homes: list[town.Home]) -> dict[str, Decimal]:
    known = accounts.ids_by_number(pl.Series([home.account for home in homes]))
    numbers = dict(known.select("account_id", "account_number").iter_rows())
    return {numbers[account_id]: amount for account_id, amount in ledger_queries.balances(numbers).items()}
