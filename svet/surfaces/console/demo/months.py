"""What the people of the town do in a month: use energy, read meters, pay. Pure and seeded.

Rows come out in the documented columns of the readings file and of the bank's registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from svet.kernel.period import Month
from svet.surfaces.console.demo.town import Home

READING_CHANNELS = {"cabinet": 40, "phone": 20, "desk": 15, "meter_reader": 15, "website": 10}


def live(homes: list[Home], month: Month, random: Random) -> list[dict[str, object]]:
    """Let everybody use energy for a month and give (or forget) readings; return the rows of the readings file."""
    rows: list[dict[str, object]] = []
    for home in homes:
        if not home.serial or home.opened_on > month.last_on:
            continue
        share = _days_there(home, month)
        used = home.month_of_use(random, month.first_on.month)
        before = list(home.values)
        home.values = [
            (value + round(kwh * share)) % 10**home.digits for value, kwh in zip(home.values, used, strict=True)
        ]
        if random.random() >= home.forgets or month.first_on < home.forgets_from:
            rows += _readings(home, before, month, random)
    return rows


def _days_there(home: Home, month: Month) -> float:
    first = max(home.opened_on, month.first_on)
    return ((month.last_on - first).days + 1) / month.days


def _readings(home: Home, before: list[int], month: Month, random: Random) -> list[dict[str, object]]:
    """Return the month's readings of one home: mostly one, sometimes late, wrong or corrected."""
    day = date(month.first_on.year, month.first_on.month, random.randint(17, 25))
    chance = 1.0 if home.story else random.random()
    if chance < 0.03:  # too late for this month: kept and used for the next
        day = month.first_on + timedelta(days=26 - 1)
    if day < home.opened_on:
        day = month.last_on
    values = list(home.values)
    if chance > 0.03 and chance < 0.035:  # a slip of the finger, put right two days later
        slip = [value * 10 for value in values]
        return [_row(home, slip, day, random), _row(home, values, min(day + timedelta(days=2), month.last_on), random)]
    if chance > 0.035 and chance < 0.04:  # last month's figure with two digits swapped: lower than before
        return [_row(home, [max(0, value - 400) for value in before], day, random)]
    return [_row(home, values, day, random)]


def _row(home: Home, values: list[int], day: date, random: Random) -> dict[str, object]:
    channel = random.choices(list(READING_CHANNELS), weights=list(READING_CHANNELS.values()))[0]
    cells = {f"t{place}": values[place - 1] if place <= len(values) else None for place in (1, 2, 3)}
    return {
        "account_number": home.account,
        "meter_serial": home.serial,
        "taken_on": day,
        **cells,
        "channel": channel,
        "source_id": f"{channel}-{home.account}-{day:%Y%m%d}-{values[0]}",
    }


@dataclass(frozen=True)
class Paid:
    """Money a household brought to a bank."""

    account: str
    amount: Decimal
    on: date


def pay(homes: list[Home], owed: dict[str, Decimal], month: Month, random: Random) -> list[Paid]:
    """Return what people pay in the month after `month`, by their habits and what their bills say."""
    paid = []
    for home in homes:
        due = owed.get(home.account, Decimal(0))
        day = month.next.first_on + timedelta(days=random.randint(4, 18))
        amount = {
            "in_full": due,
            "in_part": (due * Decimal("0.6")).quantize(Decimal("0.01")),
            "never": Decimal(0),
            "ahead": due + 200 if due > 0 else Decimal(0),
        }[home.pays]
        if amount > 1 and random.random() < 0.97:
            paid.append(Paid(home.account, amount, day))
    return paid


def registry(paid: list[Paid], *, number: int, spoil: Random) -> bytes:
    """Return a bank's registry of twelve fields (cp1251) with control totals; one payer in 300 mistypes his account."""
    lines, total, fee = [], Decimal(0), Decimal(0)
    for place, one in enumerate(paid, 1):
        account = one.account
        if spoil.random() < 1 / 300:
            account = account[:4] + str((int(account[4]) + 3) % 10) + account[5:]
        charge = (one.amount * Decimal("0.01")).quantize(Decimal("0.01"))
        total, fee = total + one.amount, fee + charge
        money = [f"{value:.2f}".replace(".", ",") for value in (one.amount, one.amount - charge, charge)]
        cells = [f"{one.on:%d-%m-%Y}", "12-00-00", "8611", "00041", f"{number:04d}{place:06d}", account, "", "", ""]
        lines.append(";".join([*cells, *money]))
    sums = [f"{value:.2f}".replace(".", ",") for value in (total, total - fee, fee)]
    return ("\r\n".join([*lines, "=" + ";".join([str(len(paid)), *sums, str(number), ""])]) + "\r\n").encode("cp1251")
