"""Which debts each payment went to: recomputed from the whole history whenever it is asked, never stored.

Oldest debt first unless the payer named the period: then the named month first, then the oldest (Civil Code,
art. 319.1; dossier 2.7). Penalties come after the price of energy, costs of reconnection are never touched.
Money that meets no debt stays as an advance and closes later charges. Plus = the customer owes.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter

from svet.domains.ledger.rules import Service
from svet.kernel.period import Month

NOTHING = Decimal("0.00")
_Turn = tuple[date, int, int, str, Decimal]
"""When an event has its turn: its day, its kind (charges, credits, payments, refunds), then what it says itself."""
_RANK = {Service.ENERGY: 0, Service.PENALTY: 1}
_AGE = attrgetter("age")
_TURN = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Charged:
    """A movement of the debt of `month` in roubles: plus a charge, minus a correction, owed from `charged_on`.

    `presented` is the month with whose bill it came (None: with that of `month`): what came later is a debt of its own.
    """

    month: Month
    amount: Decimal
    charged_on: date
    service: Service = Service.ENERGY
    presented: Month | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """A payment as it stands (moved and reversed parts taken off), in positive roubles, paid on `paid_on`."""

    payment_id: int | None
    amount: Decimal
    paid_on: date
    named: Month | None = None


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund of a credit balance in positive roubles."""

    amount: Decimal
    refunded_on: date


@dataclass(frozen=True, slots=True)
class Part:
    """What part of a payment closed what debt; `on` is the first day on which both were there.

    `payment_id` is None when a correction, not a payment, closed the debt; `presented` as in `Charged`.
    """

    payment_id: int | None
    month: Month
    service: Service
    amount: Decimal
    paid_on: date
    on: date
    presented: Month


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A debt that is still open; `presented` as in `Charged`."""

    month: Month
    service: Service
    amount: Decimal
    presented: Month


@dataclass(frozen=True, slots=True)
class Advance:
    """Money that has met no debt yet."""

    payment_id: int | None
    amount: Decimal
    paid_on: date


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where the money went: parts in the order of payment, open debts in order of age, advances kept."""

    parts: tuple[Part, ...]
    unpaid: tuple[Unpaid, ...]
    advances: tuple[Advance, ...]

    @property
    def owed(self) -> Decimal:
        """The sum of open debts."""
        return sum((row.amount for row in self.unpaid), NOTHING)

    @property
    def credit(self) -> Decimal:
        """The sum of advances."""
        return sum((row.amount for row in self.advances), NOTHING)


@dataclass(slots=True)
class _Debt:
    month: Month
    service: Service
    since: date
    amount: Decimal
    presented: Month
    age: tuple[int, str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.age = (_RANK[self.service], self.month.text, self.presented.text)


@dataclass(slots=True)
class _Purse:
    payment_id: int | None
    amount: Decimal
    paid_on: date
    named: Month | None


@dataclass(slots=True)
class _Book:
    debts: list[_Debt] = field(default_factory=list)
    purses: list[_Purse] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def charge(self, debt: _Debt) -> None:
        insort(self.debts, debt, key=_AGE)
        if self.purses:
            for purse in self.purses:
                self._close(debt, purse, on=max(debt.since, purse.paid_on))
            self._forget()

    def pay(self, purse: _Purse) -> None:
        if self.debts:
            for debt in self._in_turn(purse.named):
                self._close(debt, purse, on=purse.paid_on)
                if not purse.amount:
                    break
            self.debts = [debt for debt in self.debts if debt.amount > 0]
        if purse.amount > 0:
            self.purses.append(purse)

    def _in_turn(self, named: Month | None) -> list[_Debt]:
        """Return the open debts, those of the named month first, then the oldest."""
        if named is None or len(self.debts) == 1:
            return self.debts
        first = [debt for debt in self.debts if debt.month == named and debt.service is Service.ENERGY]
        if not first:
            return self.debts
        return first + [debt for debt in self.debts if debt.month != named or debt.service is not Service.ENERGY]

    def give_back(self, row: GivenBack) -> None:
        left = row.amount
        for purse in reversed(self.purses):
            taken = min(left, purse.amount)
            purse.amount -= taken
            left -= taken
        self._forget()
        if left > 0:
            # More was given back than there is now (a payment was reversed since): it is owed again.
            month = Month.of(row.refunded_on)
            self.charge(_Debt(month, Service.ENERGY, row.refunded_on, left, month))

    def _forget(self) -> None:
        """Drop what is closed or spent: the open ones are few, however long the history."""
        self.debts = [debt for debt in self.debts if debt.amount > 0]
        self.purses = [purse for purse in self.purses if purse.amount > 0]

    def _close(self, debt: _Debt, purse: _Purse, *, on: date) -> None:
        amount = min(debt.amount, purse.amount)
        if amount > 0:
            debt.amount -= amount
            purse.amount -= amount
            self.parts.append(
                Part(purse.payment_id, debt.month, debt.service, amount, purse.paid_on, on, debt.presented)
            )


def allocate(charges: Iterable[Charged], payments: Iterable[Money], refunds: Sequence[GivenBack] = ()) -> Allocation:
    """Return which debts each payment closed, what is still owed and what is kept as an advance.

    Corrections count with the month they correct, as though it had been charged right at once; a month
    corrected below nothing leaves an advance. What was presented with a later bill than its month's is owed since then;
    a correction takes off what was presented last. The order of rows of one day does not matter (ids decide).

    >>> january, february = (Charged(Month(m), Decimal(100), date(2024, 1, 1)) for m in ("2023-12", "2024-01"))
    >>> kept = allocate([january, february], [Money(1, Decimal(150), date(2024, 5, 1))])
    >>> [(str(p.month), p.amount) for p in kept.parts], kept.owed
    ([('2023-12', Decimal('100.00')), ('2024-01', Decimal('50.00'))], Decimal('50.00'))
    """
    book = _Book()
    debts, credits_left = _net(charges)
    purses = [_Purse(row.payment_id, row.amount, row.paid_on, row.named) for row in payments]
    events: list[tuple[_Turn, _Debt | _Purse | GivenBack]] = []
    events += [
        ((debt.since, 0, _RANK[debt.service], debt.month.text + debt.presented.text, debt.amount), debt)
        for debt in debts
    ]
    events += [((purse.paid_on, 1, *_name(purse)), purse) for purse in credits_left]
    events += [((purse.paid_on, 2, *_name(purse)), purse) for purse in purses]
    events += [((row.refunded_on, 3, 0, "", row.amount), row) for row in refunds]
    for _, event in sorted(events, key=_TURN):
        if isinstance(event, _Debt):
            book.charge(event)
        elif isinstance(event, _Purse):
            book.pay(event)
        else:
            book.give_back(event)
    unpaid = tuple(Unpaid(debt.month, debt.service, debt.amount, debt.presented) for debt in book.debts)
    advances = tuple(Advance(row.payment_id, row.amount, row.paid_on) for row in book.purses)
    return Allocation(parts=tuple(book.parts), unpaid=unpaid, advances=advances)


def _name(purse: _Purse) -> tuple[int, str, Decimal]:
    return purse.payment_id or 0, purse.named.text if purse.named else "", purse.amount


def _net(charges: Iterable[Charged]) -> tuple[list[_Debt], list[_Purse]]:
    """Return the debts of each service and month, one per bill they came with, and what corrections left as credit."""
    by_month: dict[tuple[Service, Month], dict[Month, list[Charged]]] = defaultdict(lambda: defaultdict(list))
    for row in charges:
        if row.service in _RANK:
            by_month[row.service, row.month][row.presented or row.month].append(row)
    debts, left = [], []
    for (service, month), bills in by_month.items():
        lots, credit = _lots(service, month, bills)
        debts += lots
        if credit > 0:
            last = max(row.charged_on for rows in bills.values() for row in rows)
            left.append(_Purse(None, credit, last, month))
    return debts, left


def _lots(service: Service, month: Month, bills: Mapping[Month, list[Charged]]) -> tuple[list[_Debt], Decimal]:
    """Return a month's debts in the order of bills, corrected from the last one back, and what is left to take off."""
    lots: list[_Debt] = []
    credit = NOTHING
    for presented in sorted(bills) if len(bills) > 1 else bills:
        rows = bills[presented]
        amount = (rows[0].amount if len(rows) == 1 else sum((row.amount for row in rows), NOTHING)) - credit
        credit = max(-amount, NOTHING)
        if amount > 0:
            lots.append(_Debt(month, service, min(row.charged_on for row in rows), amount, presented))
        while credit > 0 and lots:
            taken = min(credit, lots[-1].amount)
            lots[-1].amount -= taken
            credit -= taken
            if lots[-1].amount == 0:
                lots.pop()
    return lots, credit
