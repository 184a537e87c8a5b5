"""What a computation of penalties needs: which accounts may have any, their debts in pieces, what is accrued already.

The first is one bounded read: whoever owed nothing on some day since the charge of two months ago, and whose past was
not changed, cannot have a new penalty, for money never lies beside an open debt. Of the others, whoever has an accrual
is read since the last day on which nothing was owed (docs/algorithms/penalties.md), the rest whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from svet.domains.debts.queries.terms import NEVER, due_days, load_terms
from svet.domains.debts.rules.frames import PIECES, Penalties
from svet.domains.debts.rules.penalty import amounts, penalties
from svet.domains.ledger import queries as ledger
from svet.domains.payments import queries as payments
from svet.domains.payments.rules.allocation import Allocation
from svet.domains.payments.rules.closings import EVEN
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra.copying import copy_out
from svet.kernel.period import Month

KEY = ["account_id", "debt_on", "due_on", "from_on", "until_on", "share", "percent_e2"]
STANDING = {
    "account_id": pl.Int64,
    "debt_on": pl.Date,
    "due_on": pl.Date,
    "from_on": pl.Date,
    "until_on": pl.Date,
    "share": pl.Int64,
    "percent_e2": pl.Int64,
    "base_kop": pl.Int64,
}
ACCRUED = {
    # `even_on`, `kept_kop`: of the last accrual, which was for the month `changed_from`; null when it may not be used.
    "account_id": pl.Int64,
    "version": pl.Int64,
    "accrued_kop": pl.Int64,
    "even_on": pl.Date,
    "kept_kop": pl.Int64,
    "changed_from": pl.Date,
}


@dataclass(frozen=True, slots=True)
class Span:
    """Accounts with first <= id <= last."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Penalties of accounts and the intervals that stand for the same debts (`STANDING`).

    `since_even`: the accounts whose debts before an even day are not among them, with what those of `standing` come to
    (account_id, before_kop). `even`: account_id, even_on, kept_kop.
    """

    found: Penalties
    standing: pl.DataFrame
    since_even: pl.DataFrame
    even: pl.DataFrame


def accounts_to_compute(span: Span, *, as_of: date, whole: bool) -> list[int]:
    """Return the accounts whose penalties may have changed; `whole`: all that have entries."""
    month = Month.of(as_of)
    since, until = month.plus(-2).last_on, month.previous.last_on
    closed = min(ledger.first_open_month().previous, month.plus(-2))
    open_months = ledger.months_after(closed)
    parameters = {
        "first": span.first,
        "last": span.last,
        "closed": closed.first_on,
        "open": [one.first_on for one in open_months],
        "since": since,
        "late": [one.first_on for one in open_months if one > month.plus(-2)],
        "until": until,
    }
    query = _WITH_ENTRIES if whole else _CHANGED
    return copy_out(query, parameters, schema={"account_id": pl.Int64})["account_id"].to_list()


_WITH_ENTRIES = """
SELECT DISTINCT account_id FROM ledger_entry
 WHERE account_id BETWEEN %(first)s AND %(last)s AND service <> 'costs' ORDER BY account_id
"""
_CHANGED = """
WITH moved AS (
    SELECT account_id, greatest(posted_on, %(since)s::date) AS day, sum(amount) AS amount FROM ledger_entry
     WHERE account_id BETWEEN %(first)s AND %(last)s AND month = ANY(%(open)s::date[]) AND posted_on <= %(until)s
       AND service <> 'costs'
     GROUP BY 1, 2
    UNION ALL
    SELECT account_id, %(since)s::date, closing FROM ledger_turnover
     WHERE account_id BETWEEN %(first)s AND %(last)s AND month = %(closed)s AND service <> 'costs'),
running AS (
    SELECT account_id, day, sum(sum(amount)) OVER (PARTITION BY account_id ORDER BY day) AS balance
      FROM moved GROUP BY account_id, day)
SELECT account_id FROM running GROUP BY account_id HAVING min(balance) > 0 AND min(day) <= %(since)s::date
UNION
SELECT account_id FROM debts_accrual WHERE account_id BETWEEN %(first)s AND %(last)s
UNION
SELECT account_id FROM debts_run_issue WHERE account_id BETWEEN %(first)s AND %(last)s AND solved_by_id IS NULL
UNION
SELECT account_id FROM ledger_entry
 WHERE account_id BETWEEN %(first)s AND %(last)s AND month = ANY(%(late)s::date[])
   AND (kind NOT IN ('charge', 'payment', 'penalty') OR kind = 'charge' AND concerns < month)
ORDER BY account_id
"""


def compute(account_ids: Sequence[int], *, as_of: date, policies: Policies) -> Penalties:
    """Return the penalties of these accounts at the end of a day, by all that is known now."""
    pieces = pieces_of(account_ids, policies=policies)
    return penalties(pieces, terms=load_terms(policies), as_of=as_of, policies=policies)


def recompute(
    accrued: pl.DataFrame, *, as_of: date, policies: Policies, since_even: bool, even_until: date | None
) -> Recomputed:
    """Compute the accounts of `accrued` (`ACCRUED`), since their even days where that is enough.

    `since_even`: the terms of the past are those that the accruals were computed by. New even days are looked for up
    to `even_until`; None: a month before that of `as_of` is open, so that no day is even for good.
    """
    usable = since_even and policies.penalty_rounding == "debt"
    known = accrued.filter(pl.lit(usable), pl.col("even_on") < as_of.replace(day=1)).select(list(EVEN))
    later = payments.books_after(known, even_until=even_until)
    short = known.filter(~pl.col("account_id").is_in(later.others))
    rest = accrued.join(short, on="account_id", how="anti")
    whole = payments.whole_books(rest["account_id"].to_list(), even_until=even_until)
    parts = pl.concat([whole.parts, later.parts.join(short, on="account_id", how="semi")])
    found = penalties(_with_terms(parts, policies=policies), terms=load_terms(policies), as_of=as_of, policies=policies)
    lines = standing(rest["account_id"].to_list())
    short_lines = _standing_since(short).join(
        later.parts.select("account_id", debt_on="month_on"), on=["account_id", "debt_on"], how="semi"
    )
    even = pl.concat([whole.even, later.even, short.select(later.even.columns)])
    before = amounts(short_lines, policies=policies).group_by("account_id").agg(before_kop=pl.col("amount_kop").sum())
    return Recomputed(
        found=found,
        standing=pl.concat([lines, short_lines]),
        since_even=short.select("account_id").join(before, on="account_id", how="left").fill_null(0),
        even=even.unique("account_id", keep="first", maintain_order=True) if even_until else even.clear(),
    )


def policies_on(day: date) -> Policies:
    """Return the policies in force on a day."""
    return Policies.from_values(tariffs.policy_values(day))


def pieces_of(account_ids: Sequence[int], *, policies: Policies) -> pl.DataFrame:
    """Return the accounts' debts for energy in pieces, each closed on one day or open (`PIECES`)."""
    return _with_terms(payments.closed_parts(account_ids), policies=policies)


def pieces_from(
    allocations: Iterable[tuple[int, Allocation]], *, policies: Policies, paid_on: date | None = None
) -> pl.DataFrame:
    """Return the pieces of these allocations, as though all that is open were paid on `paid_on` when it is given."""
    closed_on = pl.col("closed_on").fill_null(pl.lit(paid_on, dtype=pl.Date))
    return _with_terms(payments.parts_of(allocations).with_columns(closed_on), policies=policies)


def _with_terms(parts: pl.DataFrame, *, policies: Policies) -> pl.DataFrame:
    """Return the parts with the terms of their bills; what was surely closed in time is left out."""
    bill = "month_on" if policies.penalty_late_bill == "own_month" else "presented_on"
    due = due_days((Month.of(day) for day in parts[bill].unique()), policies=policies)
    terms = pl.DataFrame(
        [(month.first_on, term, term or month.next.first_on + timedelta(days=9)) for month, term in due.items()],
        schema={bill: pl.Date, "due_on": pl.Date, "in_time_until": pl.Date},
        orient="row",
    )
    in_time = pl.col("closed_on").is_not_null() & (pl.col("closed_on") <= pl.col("in_time_until"))
    return parts.join(terms, on=bill).filter(~in_time).rename({"month_on": "debt_on"}).select(list(PIECES))


def standing(account_ids: Sequence[int]) -> pl.DataFrame:
    """Return the intervals accrued and not taken back (`STANDING`)."""
    return copy_out(_STANDING, {"ids": list(account_ids), "since": [NEVER] * len(account_ids)}, schema=STANDING)


def _standing_since(even: pl.DataFrame) -> pl.DataFrame:
    """Return those of debts of the month of an account's even day and later."""
    since = even["even_on"].dt.month_start()
    return copy_out(_STANDING, {"ids": even["account_id"].to_list(), "since": since.to_list()}, schema=STANDING)


_STANDING = """
SELECT l.account_id, debt_month AS debt_on, due_on, from_on, until_on, share, (percent * 100)::bigint AS percent_e2,
       (sum(base) * 100)::bigint AS base_kop
  FROM unnest(%(ids)s::bigint[], %(since)s::date[]) w (account_id, since)
  JOIN debts_accrual_line l ON l.account_id = w.account_id AND l.debt_month >= w.since
 GROUP BY l.account_id, debt_month, due_on, from_on, until_on, share, percent HAVING sum(base) <> 0
"""


def accrued(account_ids: Sequence[int]) -> pl.DataFrame:
    """Return a row for each of the accounts: its last accrual, if any, and the sum of all (`ACCRUED`)."""
    ids = list(account_ids)
    return copy_out(_ACCRUED, [ids, ids], schema=ACCRUED)


_ACCRUED = """
SELECT w.account_id, coalesce(a.version, 0) AS version, coalesce(a.accrued_kop, 0) AS accrued_kop,
       CASE WHEN NOT EXISTS (
           SELECT FROM debts_run_issue i WHERE i.account_id = w.account_id AND i.solved_by_id IS NULL) THEN a.even_on
       END AS even_on, (a.kept * 100)::bigint AS kept_kop, a.month AS changed_from
  FROM unnest(%s::bigint[]) w (account_id)
  LEFT JOIN (
      SELECT DISTINCT ON (account_id) account_id, version, even_on, kept, month,
             (sum(amount) OVER (PARTITION BY account_id) * 100)::bigint AS accrued_kop
        FROM debts_accrual WHERE account_id = ANY(%s::bigint[]) ORDER BY account_id, version DESC) a USING (account_id)
 ORDER BY account_id
"""
