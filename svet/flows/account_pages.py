"""What the pages of an account show, gathered from ledger, metering, billing and payments: one call per page.

The account comes opened (accounts.queries.open_for, accounts.actions.open_for_staff); nothing here asks who looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from svet.domains.accounts import queries as accounts
from svet.domains.accounts.queries import AccountCard, AccountView
from svet.domains.billing import queries as billing
from svet.domains.billing.queries import BillDocument, BillRow, Explanation, ForetoldCharge
from svet.domains.billing.rules.comparing import Comparison, compare
from svet.domains.debts import queries as debts_of
from svet.domains.debts.queries import AccountDebts
from svet.domains.ledger import queries as ledger
from svet.domains.ledger.queries import MonthTurnover
from svet.domains.metering import queries as metering
from svet.domains.metering.queries import HistoryRow, MeterForm, ReadingPreview
from svet.domains.metering.rules import Channel, ReadingKind, Verdict, VolumeBasis
from svet.domains.metering.rules.receipts import Receipt
from svet.domains.offices import queries as offices
from svet.domains.offices.queries import CompanyView
from svet.domains.payments import queries as payments
from svet.domains.payments.queries import PaymentRow
from svet.domains.payments.rules.allocation import Part
from svet.domains.supply import queries as supply
from svet.domains.supply.queries import OngoingView
from svet.flows import penalties
from svet.kernel.energy import TimeBand
from svet.kernel.errors import NotFound
from svet.kernel.period import Month

AT_ONCE = 50
"""How many payments a page shows before somebody asks for more."""
MOST = 1000
YEAR = 12


@dataclass(frozen=True, slots=True)
class MyAccount:
    """One of a person's accounts in the list to choose from: plus in `balance` means the customer owes."""

    account: AccountView
    address: str
    balance: Decimal


@dataclass(frozen=True, slots=True)
class MonthOfUse:
    """A month's energy as it was charged, and that of the same month a year before; None: nothing was charged."""

    month: Month
    kwh: Decimal | None
    is_estimated: bool
    year_before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class AccountHome:
    """The first page: plus in `balance` means the customer owes; `failing` is where supply fails now."""

    card: AccountCard
    balance: Decimal
    meters: tuple[MeterForm, ...]
    last_bill: BillRow | None
    is_overdue: bool
    months: tuple[MonthOfUse, ...]
    failing: tuple[OngoingView, ...]

    @property
    def is_reading_due(self) -> bool:
        """Whether the window is open and some register has no reading for the month yet."""
        return any(
            meter.window.is_open and any(register.given is None for register in meter.registers)
            for meter in self.meters
        )

    @property
    def has_given(self) -> bool:
        """Whether every register has a reading for the month."""
        return bool(self.meters) and all(
            register.given is not None for meter in self.meters for register in meter.registers
        )

    @property
    def reading_until(self) -> date | None:
        """The last day of the window of the month."""
        return self.meters[0].window.until_on if self.meters else None


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A submission and, while it is in force and its month is not charged, what that month comes to by now.

    `withdrawn_at`: since when it counts for nothing, None while it was not taken back. `is_ordinary`: it is in force
    and came by itself, not with an act or a contract, so it is what staff may take back.
    """

    receipt: Receipt
    foretold: ForetoldCharge | None
    withdrawn_at: datetime | None
    is_ordinary: bool


@dataclass(frozen=True, slots=True)
class ForetoldReading:
    """What values typed so far would come to: the checks, and the cost unless they would be refused."""

    preview: ReadingPreview
    foretold: ForetoldCharge | None

    @property
    def is_odd(self) -> bool:
        """Whether people should look once more before they give these values."""
        return self.preview.verdict is Verdict.HELD


@dataclass(frozen=True, slots=True)
class BillPage:
    """An issued bill, for each charge in it why it is so much, and why not as much as the month before."""

    document: BillDocument
    explanations: tuple[Explanation, ...]
    compared: Comparison | None


@dataclass(frozen=True, slots=True)
class Payable:
    """What a payment of today needs: the balance (plus = the customer owes), for which month, to whom, from where."""

    balance: Decimal
    month: Month
    company: CompanyView
    address: str


@dataclass(frozen=True, slots=True)
class PlacedPayment:
    """A payment with the months that it closed, what is left of it as an advance, what was given back of it."""

    payment: PaymentRow
    parts: tuple[Part, ...]
    advance: Decimal

    @property
    def given_back(self) -> Decimal:
        """What was refunded of it; nothing of a payment that its source took back whole."""
        if self.payment.is_reversed:
            return Decimal("0.00")
        return self.payment.amount - self.advance - sum((part.amount for part in self.parts), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Money:
    """Payments, where each went, and the turnover by months, the latest first.

    `more` is how many to ask for, 0 when all are there.
    """

    balance: Decimal
    payments: tuple[PlacedPayment, ...]
    turnovers: tuple[MonthTurnover, ...]
    more: int


@dataclass(frozen=True, slots=True)
class DeskAccount:
    """What staff see of an account on one page."""

    home: AccountHome
    bills: tuple[BillRow, ...]
    readings: tuple[HistoryRow, ...]
    money: Money
    moved_away: tuple[PaymentRow, ...]


def mine(user_id: int, *, on: date) -> list[MyAccount]:
    """Return the person's accounts with where they are and what they owe, in a constant number of queries."""
    views = accounts.accounts_of(user_id, on=on)
    ids = [view.id for view in views]
    places, balances = accounts.addresses(ids, on=on), ledger.balances(ids)
    return [MyAccount(view, places.get(view.id, ""), balances.get(view.id, Decimal("0.00"))) for view in views]


def home(
    account_id: int, *, on: date, opened: AccountView | None = None, bills: Sequence[BillRow] | None = None
) -> AccountHome:
    """Return what the first page of an account shows on the day.

    What was read already need not be read again: the account as its door opened it, its bills, the latest first.
    """
    balance = ledger.balance(account_id, on=on)
    last = next(iter(billing.bills_of(account_id, limit=1) if bills is None else bills), None)
    card = accounts.card(account_id, on=on, opened=opened)
    return AccountHome(
        card=card,
        balance=balance,
        meters=tuple(metering.form_for(account_id, on=on)),
        last_bill=last,
        is_overdue=balance > 0 and last is not None and last.due_on < on,
        months=_months(account_id, on=on),
        failing=supply.ongoing_at([one.id for one in card.supply_points]),
    )


def receipt(account_id: int, *, number: str) -> ReceiptPage:
    """Return the submission with this number and what the month it counts for would cost now; raise NotFound."""
    found = metering.receipt(account_id, number=number)
    rows = [row for row in metering.history(account_id) if row.receipt_number == number]
    used = next((row for row in rows if row.is_in_force), None)
    foretold = None if used is None else billing.preview_charge(account_id, month=used.counts_for)
    return ReceiptPage(
        receipt=found,
        foretold=foretold,
        withdrawn_at=next((row.withdrawn_at for row in rows), None),
        is_ordinary=used is not None and used.kind in (ReadingKind.REGULAR, ReadingKind.CONTROL),
    )


def foretell_reading(
    account_id: int,
    *,
    values: Mapping[str | int | TimeBand, Any],
    taken_on: date,
    on: date,
    meter_serial: str,
    channel: Channel,
) -> ForetoldReading:
    """Return what these values would come to if they were given by `channel` on the day `on`; write nothing."""
    preview = metering.preview_reading(
        account_id, values=values, taken_on=taken_on, given_on=on, channel=channel, meter_serial=meter_serial
    )
    if preview.verdict is Verdict.REFUSED or preview.counts_for is None:
        return ForetoldReading(preview, None)
    return ForetoldReading(
        preview, billing.preview_charge(account_id, month=preview.counts_for, unsaved=preview.unsaved)
    )


def payable(account_id: int, *, on: date) -> Payable:
    """Return what the account owes on the day and to whom; the month is the last billed one, or the one just ended."""
    last = next(iter(billing.bills_of(account_id, limit=1)), None)
    return Payable(
        balance=ledger.balance(account_id, on=on),
        month=last.month if last else Month.of(on).previous,
        company=offices.company(on),
        address=accounts.addresses([account_id], on=on).get(account_id, ""),
    )


def bills(account_id: int) -> list[BillRow]:
    """Return the account's bills, the latest first."""
    return billing.bills_of(account_id)


def document(account_id: int, *, month: Month) -> BillDocument:
    """Return the account's bill of the month for printing, with the reckoning of its penalties; raise NotFound."""
    (shown,) = penalties.with_penalties([billing.bill_document(account_id, _bill_of(account_id, month).bill_id)])
    return shown


def bill(account_id: int, *, month: Month) -> BillPage:
    """Return the account's bill of the month with its explanations; raise NotFound."""
    charges = reversed(billing.charges_of(account_id, month=month))
    shown, earlier = document(account_id, month=month), billing.bill_of_month(account_id, month=month.previous)
    before = None if earlier is None else billing.bill_document(account_id, earlier.bill_id)
    return BillPage(
        document=shown,
        explanations=tuple(billing.explain(account_id, charge.charge_id) for charge in charges),
        compared=None if before is None else compare(shown, before=before),
    )


def desk_account(account: AccountView, *, on: date, readings: Sequence[HistoryRow]) -> DeskAccount:
    """Return what staff see of an account; `readings` are its history, the latest first."""
    bills = billing.bills_of(account.id, limit=YEAR)
    ever_held = payments.ever_held(account.id, limit=MOST)
    held = [row for row in ever_held if row.account_id == account.id]
    first = home(account.id, on=on, opened=account, bills=bills)
    return DeskAccount(
        home=first,
        bills=tuple(bills),
        readings=tuple(readings[:YEAR]),
        money=_money(account.id, held[: AT_ONCE + 1], balance=first.balance, limit=AT_ONCE),
        moved_away=tuple(row for row in ever_held if row.account_id != account.id),
    )


def money(account_id: int, *, on: date, limit: int = AT_ONCE) -> Money:
    """Return the latest payments of an account, at most `limit`, and its turnover."""
    found = payments.payments_of(account_id, limit=limit + 1)
    return _money(account_id, found, balance=ledger.balance(account_id, on=on), limit=limit)


def _money(account_id: int, found: Sequence[PaymentRow], *, balance: Decimal, limit: int) -> Money:
    """Return the page of these payments, the latest first; there may be one more than `limit`."""
    allocation = payments.allocation_of(account_id)
    advances = {one.payment_id: one.amount for one in allocation.advances}
    parts: dict[int | None, list[Part]] = defaultdict(list)
    for part in allocation.parts:
        parts[part.payment_id].append(part)
    placed = (
        PlacedPayment(
            payment=row,
            parts=tuple(parts[row.payment_id]),
            advance=advances.get(row.payment_id, Decimal("0.00")),
        )
        for row in found[:limit]
    )
    return Money(
        balance=balance,
        payments=tuple(placed),
        turnovers=tuple(reversed(ledger.turnovers(account_id))),
        more=limit + AT_ONCE if len(found) > limit else 0,
    )


def debts(account_id: int, *, on: date) -> AccountDebts:
    """Return the account's debts by months and its penalties on the day."""
    return debts_of.account_debts(account_id, on=on)


def _bill_of(account_id: int, month: Month) -> BillRow:
    found = billing.bill_of_month(account_id, month=month)
    if found is None:
        raise NotFound(month=month.text)
    return found


def _months(account_id: int, *, on: date) -> tuple[MonthOfUse, ...]:
    """Return the last thirteen months that have ended, the oldest first, as they were charged.

    Thirteen, so that the last month stands in sight of the same month a year before.
    """
    last = Month.of(on).previous
    used: dict[Month, MonthOfUse] = {}
    for charge in billing.charges_of(account_id, since=last.plus(-2 * YEAR)):
        before = used.get(charge.month)
        energy = charge.kwh + (before.kwh if before and before.kwh else Decimal(0))
        estimated = charge.basis != VolumeBasis.MEASURED or bool(before and before.is_estimated)
        used[charge.month] = MonthOfUse(charge.month, energy, estimated)
    months = [last.plus(-back) for back in reversed(range(YEAR + 1))]
    none = MonthOfUse(last, None, is_estimated=False)
    return tuple(
        replace(used.get(month, none), month=month, year_before=used.get(month.plus(-YEAR), none).kwh)
        for month in months
    )
