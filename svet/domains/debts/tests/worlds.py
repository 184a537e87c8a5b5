"""Terms and pieces for tests, and the independent oracle: a plain loop over days with exact fractions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from svet.domains.debts.rules.frames import CAPS, MORATORIA, PIECES, RATES, Terms

KEY_RATES = [(date(2019, 12, 16), 625), (date(2020, 7, 27), 425), (date(2021, 12, 20), 850), (date(2022, 2, 14), 950),
             (date(2022, 2, 28), 2000), (date(2022, 7, 25), 800), (date(2023, 7, 24), 850), (date(2023, 8, 15), 1200),
             (date(2024, 7, 29), 1800), (date(2025, 6, 9), 2000), (date(2026, 7, 27), 1400)]  # fmt: skip
CAP = [(date(2000, 1, 1), date(2022, 2, 28), None), (date(2022, 2, 28), date(2027, 1, 1), 950)]


@dataclass(frozen=True)
class Piece:
    account_id: int
    debt_on: date
    due_on: date | None
    kop: int
    closed_on: date | None = None


def owed(roubles: int, due_on: date, *, paid_on: date | None = None, account_id: int = 1) -> Piece:
    return Piece(account_id, due_on.replace(day=1), due_on, roubles * 100, paid_on)


def frame(pieces: list[Piece]) -> pl.DataFrame:
    rows = [(p.account_id, p.debt_on, p.due_on, p.kop, p.closed_on) for p in pieces]
    return pl.DataFrame(rows, schema=PIECES, orient="row")


def terms(
    rates: list[tuple[date, int]] = KEY_RATES,
    caps: list[tuple[date, date | None, int | None]] = CAP,
    moratoria: list[tuple[date, date, date | None]] = (),
    known_until: date = date(2026, 12, 31),
) -> Terms:
    ends = [start for start, _ in rates[1:]] + [None]
    return Terms(
        rates=pl.DataFrame(
            [(start, end, rate) for (start, rate), end in zip(rates, ends, strict=True)], schema=RATES, orient="row"
        ),
        caps=pl.DataFrame(list(caps), schema=CAPS, orient="row"),
        moratoria=pl.DataFrame(list(moratoria), schema=MORATORIA, orient="row"),
        rates_known_until=known_until,
    )


class Unknown(Exception):
    pass


def oracle(
    pieces: list[Piece],
    *,
    as_of: date,
    each_day: bool = False,
    rates: list[tuple[date, int]] = KEY_RATES,
    caps: list[tuple[date, date | None, int | None]] = CAP,
    moratoria: list[tuple[date, date, date | None]] = (),
    known_until: date = date(2026, 12, 31),
) -> dict[tuple[int, date, date], Fraction]:
    """The exact penalty in kopecks of each debt, day by day; raises Unknown."""

    def rate_of(day: date) -> Fraction:
        known = [percent for start, percent in rates if start <= day <= known_until]
        cap = [percent for start, end, percent in caps if start <= day and (end is None or day < end)]
        if not known or not cap:
            raise Unknown(day)
        return Fraction(min([known[-1]] + [one for one in cap if one is not None]), 10_000)

    sums: dict[tuple[int, date, date], Fraction] = defaultdict(Fraction)
    for piece in pieces:
        last = as_of if piece.closed_on is None else min(as_of, piece.closed_on)
        day = piece.due_on + timedelta(days=1)
        while day <= last:
            number = (day - piece.due_on).days
            free = any(
                start <= day < end and (before is None or piece.due_on < before) for start, end, before in moratoria
            )
            if number > 30 and not free:
                rate = rate_of(day if each_day else last)
                sums[piece.account_id, piece.debt_on, piece.due_on] += piece.kop * rate / (300 if number <= 90 else 130)
            day += timedelta(days=1)
    return {key: value for key, value in sums.items() if value}
