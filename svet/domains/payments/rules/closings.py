"""On which day each part of each debt for energy was closed, for many accounts at once: `allocate` without its loop.

Frames of whole kopecks in and out. Money and debts of an account never lie beside one another, so how much is owed
for energy follows from running sums alone, and which debts that is from their order: docs/algorithms/penalties.md.
That holds while debts come in the order in which they are paid; whoever's book is not so is handed back, to be
allocated one by one.

On an even day an account owes nothing at all, so its later debts follow from what was kept then and what moved since:
the history before it need not be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from svet.domains.ledger.rules import EntryKind, Service
from svet.kernel.tables import peak, running, since_last, starts

MOVED = {
    # Entries in the order of days. `payment_id`, `paid_on`: the payment behind the entry, when there is one.
    "account_id": pl.Int64,
    "kind": pl.String,
    "service": pl.String,
    "kopecks": pl.Int64,
    "month": pl.Date,
    "concerns": pl.Date,
    "posted_on": pl.Date,
    "source_kind": pl.String,
    "source_id": pl.Int64,
    "payment_id": pl.Int64,
    "paid_on": pl.Date,
}
PARTS = {
    # A part of a debt for energy that was closed on one day (null: not yet); the bill of `presented_on` told it.
    "account_id": pl.Int64,
    "month_on": pl.Date,
    "presented_on": pl.Date,
    "kop": pl.Int64,
    "closed_on": pl.Date,
}
EVEN = {
    # On the evening of `even_on` nothing was owed and `kept_kop` was kept; entries from `changed_from` on are newer.
    "account_id": pl.Int64,
    "even_on": pl.Date,
    "kept_kop": pl.Int64,
    "changed_from": pl.Date,
}
MONEY_KINDS = frozenset({EntryKind.PAYMENT.value, EntryKind.REVERSAL.value})
NOT_CHARGED = MONEY_KINDS | {EntryKind.REFUND.value}
PLAIN_KINDS = frozenset({EntryKind.CHARGE.value, EntryKind.PENALTY.value, EntryKind.PAYMENT.value})
PLAIN_SERVICES = frozenset({Service.ENERGY.value, Service.PENALTY.value})
_NEVER = date(9999, 12, 31)
_DEBT = ["account_id", "service", "month_on", "presented_on"]
_PAYMENT = ["account_id", "named_kind", "named_id"]


@dataclass(frozen=True, slots=True)
class Closings:
    """The parts (`PARTS`) of whoever's book is plain, and the accounts whose book is not.

    `even` has the last day, up to the one that was asked for, on which an account with a plain book owed nothing.
    """

    parts: pl.DataFrame
    others: list[int]
    even: pl.DataFrame  # account_id, even_on, kept_kop


def after_even(moved: pl.DataFrame, even: pl.DataFrame) -> tuple[pl.DataFrame, list[int]]:
    """Return the books of `even` (`EVEN`) since their even days, and the accounts that have to be read whole.

    `moved` (`MOVED`) has their entries from the month of the even day on. What was kept becomes a payment of that
    day. To be read whole: what came later counts from a day before, or is not plain.
    """
    is_paid = pl.col("kind") == EntryKind.PAYMENT.value
    day = pl.when(is_paid).then(pl.coalesce("paid_on", "posted_on")).otherwise("posted_on")
    is_own = (pl.col("kopecks") > 0) & (pl.coalesce("concerns", "month") == pl.col("month"))
    is_plain = (
        pl.col("kind").is_in(PLAIN_KINDS)
        & pl.col("service").is_in(PLAIN_SERVICES)
        & pl.when(is_paid).then(pl.col("kopecks") < 0).otherwise(is_own)
    )
    rows = moved.join(even, on="account_id").with_columns(later=day > pl.col("even_on"))
    is_changed = ~pl.col("later") & (pl.col("month") >= pl.col("changed_from"))
    # What is charged for a month is one debt: an even day may not come between.
    is_split = ~is_paid & (pl.col("later").n_unique().over("account_id", "kind", "month") > 1)
    whole = rows.filter(~is_plain | is_changed | is_split)["account_id"].unique()
    since = pl.concat([_kept(even), rows.filter("later").select(list(MOVED))])
    return since.filter(~pl.col("account_id").is_in(whole.implode())), whole.sort().to_list()


def _kept(even: pl.DataFrame) -> pl.DataFrame:
    """Return what was kept on even days as payments of these days."""
    nothing = pl.lit(None)
    row = {
        "account_id": pl.col("account_id"),
        "kind": pl.lit(EntryKind.PAYMENT.value),
        "service": pl.lit(Service.ENERGY.value),
        "kopecks": -pl.col("kept_kop"),
        "month": pl.col("even_on").dt.month_start(),
        "concerns": nothing,
        "posted_on": pl.col("even_on"),
        "source_kind": pl.lit("even"),
        "source_id": pl.col("account_id"),
        "payment_id": nothing,
        "paid_on": nothing,
    }
    return even.filter(pl.col("kept_kop") > 0).select(
        row[name].cast(dtype).alias(name) for name, dtype in MOVED.items()
    )


def closings(moved: pl.DataFrame, *, even_until: date | None = None) -> Closings:
    """Return how the debts for energy of all accounts in `moved` (`MOVED`) were closed.

    Even days are looked for up to `even_until`; an account with an entry that counts from a month after its own has
    none. Not plain: refunds, corrections below nothing, older debts that came after younger ones, a payment that named
    a month and left an older one open.
    """
    debts, paid = _debts(moved), _paid(moved)
    energy = debts.filter(pl.col("service") == Service.ENERGY.value, pl.col("kop") > 0).sort(_DEBT)
    energy = energy.with_columns(first=starts("account_id")).with_columns(
        until=running(pl.col("kop"), first="first").cast(pl.Int64)
    )
    reached = _reached(debts, paid)
    apart = pl.concat(
        [
            moved.filter(pl.col("kind") == EntryKind.REFUND.value).select("account_id"),
            debts.filter(pl.col("kop") < 0).select("account_id"),
            energy.filter(~pl.col("first"), pl.col("since") < pl.col("since").shift(1)).select("account_id"),
            _turned_aside(paid, energy, reached),
        ]
    ).unique()
    plain = reached.join(apart, on="account_id", how="anti")
    parts = _cut(energy.join(apart, on="account_id", how="anti"), plain)
    even = _even(plain.join(_ahead(moved), on="account_id", how="anti"), until=even_until)
    return Closings(parts=parts, others=apart["account_id"].sort().to_list(), even=even)


def _even(reached: pl.DataFrame, *, until: date | None) -> pl.DataFrame:
    """Return the last day up to `until` on which an account owed nothing, and what it kept then."""
    days = reached.filter(pl.col("day") <= pl.lit(until, dtype=pl.Date), pl.col("in_all") <= 0)
    last = days.group_by("account_id", maintain_order=True).last()
    return last.select("account_id", even_on="day", kept_kop=-pl.col("in_all"))


def _ahead(moved: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts with an entry that counts from a day after its month."""
    last_on = pl.max_horizontal("posted_on", pl.col("paid_on").fill_null(pl.col("posted_on")))
    return moved.filter(last_on.dt.month_start() > pl.col("month")).select("account_id").unique()


def _debts(moved: pl.DataFrame) -> pl.DataFrame:
    """Return what was charged for each month with each bill, corrections with it, and since when (`since`)."""
    charged = moved.filter(
        ~pl.col("kind").is_in(NOT_CHARGED), pl.col("service").is_in([Service.ENERGY.value, Service.PENALTY.value])
    ).with_columns(month_on=pl.coalesce("concerns", "month"))
    came_with_own = pl.col("kind") == EntryKind.OPENING.value
    presented = charged.with_columns(
        presented_on=pl.when(came_with_own).then("month_on").otherwise(pl.max_horizontal("month_on", "month"))
    )
    return presented.group_by(_DEBT).agg(kop=pl.col("kopecks").sum(), since=pl.col("posted_on").min())


def _paid(moved: pl.DataFrame) -> pl.DataFrame:
    """Return a row per payment that is still here: what came less what was moved away or taken back."""
    rows = moved.filter(pl.col("kind").is_in(MONEY_KINDS)).with_columns(
        named_kind=pl.when(pl.col("payment_id").is_null()).then("source_kind").otherwise(pl.lit("payment")),
        named_id=pl.coalesce("payment_id", "source_id"),
    )
    left = rows.group_by(_PAYMENT).agg(kop=-pl.col("kopecks").sum()).filter(pl.col("kop") > 0)
    came = rows.filter(pl.col("kind") == EntryKind.PAYMENT.value).unique(_PAYMENT, keep="last")
    return came.join(left, on=_PAYMENT).select(
        "account_id", "kop", day=pl.coalesce("paid_on", "posted_on"), named_on="concerns"
    )


def _reached(debts: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """Return what is owed for energy (minus: kept) after each day on which an account's book moved, and `closed`.

    `closed` is how much of the debts for energy was closed until then. A payment lowers what is owed, but
    not below nothing while a penalty is owed: not below the least of nothing and what is owed in all.
    """
    is_energy = pl.col("service") == Service.ENERGY.value
    day = ["account_id", "day"]
    moves = pl.concat(
        [
            debts.filter(pl.col("kop") > 0).select("account_id", "kop", is_energy.alias("is_energy"), day="since"),
            paid.select("account_id", -pl.col("kop"), pl.lit(value=True).alias("is_energy"), "day"),
        ]
    ).with_columns(
        energy=pl.when("is_energy").then("kop").otherwise(0),
        charged=pl.when(pl.col("is_energy") & (pl.col("kop") > 0)).then("kop").otherwise(0),
    )
    days = moves.group_by(day).agg(pl.col("kop", "energy", "charged").sum()).sort(day)
    sums = days.with_columns(first=starts("account_id")).select(
        *day,
        "first",
        in_all=running(pl.col("kop"), first="first"),
        energy=running(pl.col("energy"), first="first"),
        charged=running(pl.col("charged"), first="first"),
    )
    lifted = sums.with_columns(
        lift=pl.max_horizontal(peak(pl.min_horizontal("in_all", 0) - pl.col("energy"), first="first"), 0)
    )
    owed = pl.col("energy") + pl.col("lift")
    return lifted.select(
        *day,
        "first",
        in_all=pl.col("in_all").cast(pl.Int64),
        owed=owed.cast(pl.Int64),
        closed=(pl.col("charged") - pl.max_horizontal(owed, 0)).cast(pl.Int64),
    )


def _turned_aside(paid: pl.DataFrame, energy: pl.DataFrame, reached: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts with a payment for a month that left something older open, by the plain order."""
    named = paid.filter(pl.col("named_on").is_not_null()).select("account_id", "day", "named_on")
    before = reached.with_columns(before=pl.col("closed") - since_last(pl.col("closed"), first="first"))
    left = named.join(before.filter(pl.col("owed") > 0), on=["account_id", "day"])
    passed = left.join(energy, on="account_id").filter(
        pl.col("until") > pl.col("before"), pl.col("month_on") < pl.col("named_on"), pl.col("since") <= pl.col("day")
    )
    return passed.select("account_id").unique()


def _cut(energy: pl.DataFrame, reached: pl.DataFrame) -> pl.DataFrame:
    """Return the debts, laid end to end, cut where a day's closing ended."""
    ends = energy.group_by("account_id").agg(at=pl.col("until").last())
    none = pl.lit(None, dtype=pl.Date)
    borders = pl.concat(
        [
            energy.select("account_id", "month_on", "presented_on", closed_on=none, at="until"),
            reached.filter(pl.col("closed") > 0).select(
                "account_id", none.alias("month_on"), none.alias("presented_on"), closed_on="day", at="closed"
            ),
            ends.select(
                "account_id",
                none.alias("month_on"),
                none.alias("presented_on"),
                pl.lit(_NEVER).alias("closed_on"),
                "at",
            ),
        ]
    ).sort("account_id", "at", "closed_on", nulls_last=True)
    told = borders.with_columns(
        pl.col("month_on", "presented_on", "closed_on").backward_fill(), starts("account_id").alias("first")
    )
    return (
        told.with_columns(kop=since_last(pl.col("at"), first="first"))
        .filter(pl.col("kop") > 0)
        .with_columns(closed_on=pl.when(pl.col("closed_on") < _NEVER).then("closed_on"))
        .select(list(PARTS))
    )
