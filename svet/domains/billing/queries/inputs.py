"""Loads what rating a month needs, for a range of accounts, in few set queries by COPY, however many accounts.

Only what the month can use is read: the last readings, 13 months of them where an average may be asked for, and of
the charges so far the few that decide where billing stands (`history`). So the cost of an account does not grow with
its history, but for the few whose last months do not tell where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from svet.domains.billing.queries.history import load_history
from svet.domains.billing.queries.loading import load_frame
from svet.domains.billing.queries.perk_inputs import load_entitlements, load_given, load_unmetered
from svet.domains.billing.queries.prior_inputs import load_prior_gaps, load_prior_lines
from svet.domains.billing.rules import frames
from svet.domains.billing.rules.frames import Inputs
from svet.domains.billing.rules.state import billing_state, outstanding
from svet.domains.houses import queries as houses
from svet.domains.metering.rules.volumes.plain import LATE_MONTHS, plainly_read
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra.copying import copy_out
from svet.kernel.errors import DomainError
from svet.kernel.period import Month

HISTORY_MONTHS = 13
REPLACED = {"reading_id": pl.Int64, "by_id": pl.Int64, "by_wh": pl.Int64}
STANDING = (
    "c.reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM billing_charge n"
    " WHERE n.account_id = c.account_id AND n.month = c.month AND n.reverses_id = c.id)"
)
"""Of the charges `c`, those that are neither reversed nor reversals: only they say that a month is charged."""


class UnknownScope(DomainError):
    """A run is for "all", "postal:<code>", "category:<code>" or "account:<number>"."""

    code = "unknown_scope"


@dataclass(frozen=True, slots=True)
class Span:
    """A range of account ids, both ends inside, within the scope of a run."""

    first: int
    last: int
    scope: str = "all"


_SCOPES = {
    "all": "(%(word)s = '')",
    "account": "(a.number = %(word)s)",
    "category": "(EXISTS (SELECT 1 FROM accounts_agreement g JOIN supply_point_category k USING (supply_point_id)"
    " WHERE g.account_id = a.id AND g.valid && daterange(%(first_on)s, %(next_on)s) AND k.category = %(word)s"
    " AND k.valid && daterange(%(first_on)s, %(next_on)s)))",
    "postal": "(EXISTS (SELECT 1 FROM accounts_agreement g JOIN supply_point p ON p.id = g.supply_point_id"
    " JOIN supply_premises s ON s.id = p.premises_id"
    " WHERE g.account_id = a.id AND g.valid && daterange(%(first_on)s, %(next_on)s) AND s.postal_code = %(word)s))",
}


def accounts_sql(scope: str) -> tuple[str, str]:
    """Return the WHERE clause (alias `a`) of the accounts of a month within `scope`, and the scope's word."""
    kind, _, word = scope.partition(":")
    if kind not in _SCOPES or (kind == "all") == bool(word):
        raise UnknownScope(scope=scope)
    open_then = "a.opened_on < %(next_on)s AND (a.closed_on IS NULL OR a.closed_on >= %(first_on)s)"
    return f"{open_then} AND {_SCOPES[kind]}", word


_CHARGED = """
SELECT c.account_id FROM billing_charge c WHERE c.month = %(first_on)s AND c.account_id BETWEEN %(first)s AND %(last)s
 GROUP BY c.account_id
HAVING NOT array_agg(c.id) FILTER (WHERE c.reverses_id IS NULL)
           <@ coalesce(array_agg(c.reverses_id) FILTER (WHERE c.reverses_id IS NOT NULL), '{{}}')
"""
"""The accounts with a charge that stands (`STANDING`), in one reading of the month: as a join of charges to their
reversals it goes through the whole month for each of them when the planner takes a new month for empty."""


def accounts_to_rate(span: Span, *, month: Month) -> pl.DataFrame:
    """Return the accounts of the span (`account_id`) that have no charge for the month yet."""
    where, word = accounts_sql(span.scope)
    query = (
        f"SELECT a.id AS account_id FROM accounts_account a WHERE a.id BETWEEN %(first)s AND %(last)s AND {where}"  # noqa: S608
        f" AND a.id NOT IN ({_CHARGED}) ORDER BY a.id"
    )
    return copy_out(query, _parameters(span, month) | {"word": word}, schema={"account_id": pl.Int64})


@dataclass(slots=True)
class Pricing:
    """What prices months whose energy is known: frames of `rules.frames`."""

    categories: pl.DataFrame
    households: pl.DataFrame
    tariffs: pl.DataFrame
    social_norms: pl.DataFrame


def load_pricing(span: Span, *, since: Month, until: Month) -> Pricing:
    """Return what prices the months from `since` to `until`."""
    parameters = _parameters(span, until) | {"first_on": since.first_on, "prior_on": since.first_on}
    return Pricing(
        categories=load_frame(_CATEGORIES, parameters, schema=frames.CATEGORIES),
        households=load_frame(_HOUSEHOLDS, parameters, schema=frames.HOUSEHOLDS),
        tariffs=tariffs.tariff_frame(until, since=since),
        social_norms=tariffs.social_norm_frame(until, since=since),
    )


def load_inputs(
    span: Span,
    *,
    month: Month,
    accounts: pl.DataFrame | None = None,
    as_charged: bool = False,
    foretelling: bool = False,
) -> Inputs:
    """Return all that rating `accounts` (default: those of `accounts_to_rate`) needs.

    `as_charged`: the month is charged already, and the readings are those that were in force for it then.
    What stands charged for earlier months is loaded where a reading has come that settles them; `foretelling`
    loads it wherever one would.
    """
    wanted = accounts_to_rate(span, month=month) if accounts is None else accounts
    parameters = _parameters(span, month)
    supplies = load_frame(_SUPPLIES, parameters, schema=frames.SUPPLIES).join(wanted, on="account_id", how="semi")
    registers = load_frame(_REGISTERS, parameters, schema=frames.REGISTERS)
    conditions = load_frame(_CONDITIONS, parameters, schema=frames.CONDITIONS)
    billed, estimates = _billed(supplies, registers, parameters, as_charged=as_charged)
    if as_charged or foretelling:
        readings = _readings(_ALL, parameters, as_charged=as_charged)
    else:
        late = _readings(_LATE, parameters)
        plain = plainly_read(
            supplies=supplies,
            registers=registers,
            conditions=conditions,
            billed=billed,
            late=late,
            month=month,
            cutoff_day=parameters["cutoff_day"],
        )
        others = wanted.join(plain, on="account_id", how="anti")["account_id"].to_list()
        readings = pl.concat([late, _readings(_EARLIER, {**parameters, "accounts": others})])
    settled = estimates if foretelling else estimates.join(_closing(billed, readings), on="account_id", how="semi")
    prior_lines = load_prior_lines(settled, parameters)
    unmetered = load_unmetered(parameters)
    vats = tariffs.vat_frame(month, since=_first_month(settled, unmetered, month))
    prior_lines = prior_lines.join(vats, left_on=pl.col("from_on").dt.month_start(), right_on="month_on", how="semi")
    since = Month.of(min(prior_lines["from_on"].to_list(), default=month.first_on))
    parameters["prior_on"] = since.first_on
    return Inputs(
        supplies=supplies,
        categories=load_frame(_CATEGORIES, parameters, schema=frames.CATEGORIES),
        households=load_frame(_HOUSEHOLDS, parameters, schema=frames.HOUSEHOLDS),
        registers=registers,
        conditions=conditions,
        readings=readings,
        billed=billed,
        estimates=estimates,
        prior_lines=prior_lines,
        prior_gaps=load_prior_gaps(prior_lines, parameters),
        interruptions=load_frame(_INTERRUPTIONS, parameters, schema=frames.INTERRUPTIONS),
        tariffs=tariffs.tariff_frame(month, since=since),
        social_norms=tariffs.social_norm_frame(month, since=since),
        consumption_norms=tariffs.consumption_norm_frame(month),
        vats=vats,
        common_needs=houses.common_needs_frame(span.first, span.last, month=month, schema=frames.COMMON_NEEDS),
        entitlements=load_entitlements(parameters),
        given=load_given(prior_lines, parameters),
        unmetered=unmetered,
    )


def _closing(billed: pl.DataFrame, readings: pl.DataFrame) -> pl.DataFrame:
    """Return the accounts with a reading later than the one that a register was billed up to."""
    stands = billed.filter(pl.col("register_id").is_not_null()).select("account_id", "register_id", since="taken_on")
    later = (pl.col("taken_on") > pl.col("since")) | pl.col("since").is_null()
    return readings.join(stands, on=["account_id", "register_id"], how="left").filter(later).select("account_id")


def _first_month(settled: pl.DataFrame, unmetered: pl.DataFrame, month: Month) -> Month:
    return Month.of(min([*settled["month_on"].to_list(), *unmetered["from_on"].to_list()], default=month.first_on))


def _billed(
    supplies: pl.DataFrame, registers: pl.DataFrame, parameters: Mapping[str, Any], *, as_charged: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return where billing stands, and the estimates that wait for a reading."""
    stays = registers.join(supplies, on="supply_point_id").filter(
        (pl.col("removed_on") > pl.col("agreement_from_on")).fill_null(True)
    )
    history = load_history(stays.select("account_id", "register_id"), supplies, parameters)
    state = billing_state(history)
    replaced = load_frame(_in_force(_REPLACED, as_charged), parameters, schema=REPLACED)
    now = state.join(replaced.unique("reading_id"), on="reading_id", how="left", maintain_order="left")
    told = now.with_columns(now_reading_id="by_id", now_value_wh="by_wh").select(list(frames.BILLED))
    return told, outstanding(history)


def _readings(which: str, parameters: Mapping[str, Any], *, as_charged: bool = False) -> pl.DataFrame:
    return load_frame(_in_force(_READINGS + which, as_charged), parameters, schema=frames.READINGS)


def _in_force(query: str, as_charged: bool) -> str:
    return query.replace("metering_reading_in_force f", f"({_IN_FORCE_THEN}) f") if as_charged else query


def _parameters(span: Span, month: Month) -> dict[str, Any]:
    return {
        "first": span.first,
        "last": span.last,
        "first_on": month.first_on,
        "next_on": month.next.first_on,
        "since_on": month.plus(-HISTORY_MONTHS).first_on,
        "late_on": month.plus(-LATE_MONTHS).first_on,
        "cutoff_day": Policies.from_values(tariffs.policy_values(month.first_on)).reading_cutoff_day,
    }


# What belongs to supplies is looked up for each (`OFFSET 0`): the planner would go through the whole region's for each
# shard. `IS TRUE` keeps it off the GiST index, whose look-up costs four times that of the plain one.
_SUPPLIES = """
SELECT g.account_id, g.supply_point_id, greatest(lower(g.valid), %(first_on)s), least(upper(g.valid), %(next_on)s),
       lower(g.valid), upper(g.valid), s.rooms, s.electric_stove, s.electric_heating
  FROM accounts_agreement g
 CROSS JOIN LATERAL (
    SELECT s.rooms, s.electric_stove, s.electric_heating
      FROM supply_point p JOIN supply_premises s ON s.id = p.premises_id
     WHERE p.id = g.supply_point_id OFFSET 0) s
 WHERE g.account_id BETWEEN %(first)s AND %(last)s AND g.valid && daterange(%(first_on)s, %(next_on)s)
"""
_MY_POINTS = (
    "SELECT DISTINCT g.supply_point_id FROM accounts_agreement g WHERE g.account_id BETWEEN %(first)s AND %(last)s"
    " AND g.valid && daterange(%(first_on)s, %(next_on)s)"
)
_CATEGORIES = f"""
WITH mine AS ({_MY_POINTS})
SELECT supply_point_id, territory, category, lower(valid), upper(valid)
  FROM mine CROSS JOIN LATERAL (
    SELECT territory, category, valid FROM supply_point_category c
     WHERE c.supply_point_id = mine.supply_point_id
       AND (valid && daterange(%(prior_on)s, %(next_on)s)) IS TRUE OFFSET 0) c
"""  # noqa: S608
_HOUSEHOLDS = """
SELECT account_id, registered, temporary, owners, privileged, lower(valid), upper(valid)
  FROM accounts_household
 WHERE account_id BETWEEN %(first)s AND %(last)s AND valid && daterange(%(prior_on)s, %(next_on)s)
"""
_REGISTERS = f"""
WITH mine AS ({_MY_POINTS})
SELECT i.supply_point_id, m.id, r.id, r.position, r.band, m.zoning, m.digits, (m.multiplier * 10000)::bigint,
       lower(i.valid), upper(i.valid), m.verification_due_on
  FROM mine
  JOIN metering_installation i USING (supply_point_id)
  JOIN metering_meter m ON m.id = i.meter_id
  JOIN metering_register r ON r.meter_id = m.id
 WHERE i.valid && daterange(%(since_on)s, %(next_on)s)
"""  # noqa: S608
_INTERRUPTIONS = f"""
WITH mine AS ({_MY_POINTS}),
     local AS (SELECT i.id, supply_point_id, kind, independent_sources, from_at AT TIME ZONE 'Europe/Moscow' AS from_at,
                      until_at AT TIME ZONE 'Europe/Moscow' AS until_at
                 FROM mine JOIN supply_interruption i USING (supply_point_id))
SELECT supply_point_id, kind, independent_sources, (extract(epoch FROM from_at) / 60)::bigint,
       (extract(epoch FROM until_at) / 60)::bigint
  FROM local l
 WHERE from_at < %(next_on)s AND until_at > %(prior_on)s
   AND NOT EXISTS (SELECT 1 FROM supply_interruption_undone u WHERE u.interruption_id = l.id)
"""  # noqa: S608
_CONDITIONS = f"""
WITH mine AS ({_MY_POINTS})
SELECT c.supply_point_id, c.meter_id, c.kind, c.from_on, l.lifted_on
  FROM mine JOIN metering_condition c USING (supply_point_id)
  LEFT JOIN metering_condition_lift l ON l.condition_id = c.id
 WHERE c.from_on < %(next_on)s AND (l.lifted_on IS NULL OR (l.lifted_on > c.from_on AND l.lifted_on > %(since_on)s))
"""  # noqa: S608
_READINGS = """
SELECT f.account_id, f.register_id, f.id, (f.value * 1000)::bigint, f.taken_on,
       -- Metering decided for which month a reading counts; one of a meter that tells itself is never late.
       CASE WHEN f.kind = 'regular' AND extract(day FROM f.taken_on) > %(cutoff_day)s
             AND f.counts_from <= date_trunc('month', f.taken_on) THEN 'control' ELSE f.kind END
  FROM metering_reading_in_force f
 WHERE f.taken_on <= %(next_on)s
   AND ((f.taken_on < %(next_on)s AND f.counts_from <= %(first_on)s)
        OR (f.taken_on = %(next_on)s AND EXISTS (
            SELECT 1 FROM accounts_agreement g
             WHERE g.account_id = f.account_id AND upper(g.valid) = %(next_on)s)))
"""
_ALL = " AND f.account_id BETWEEN %(first)s AND %(last)s AND f.taken_on >= %(since_on)s"
_LATE = " AND f.account_id BETWEEN %(first)s AND %(last)s AND f.taken_on >= %(late_on)s"
_EARLIER = " AND f.account_id = ANY(%(accounts)s::bigint[]) AND f.taken_on >= %(since_on)s AND f.taken_on < %(late_on)s"
_IN_FORCE_THEN = """
SELECT r.id, r.account_id, r.register_id, r.value, r.taken_on, r.kind,
       coalesce(r.counts_from, date_trunc('month', r.taken_on)::date) AS counts_from
  FROM metering_reading r
 WHERE r.account_id BETWEEN %(first)s AND %(last)s
   AND (r.verdict = 'accepted' OR (r.verdict = 'held' AND EXISTS (
            SELECT 1 FROM metering_review v WHERE v.reading_id = r.id AND v.verdict = 'accepted'
               AND v.decided_at <= (SELECT min(c.calculated_at) FROM billing_charge c
                                     WHERE c.account_id = r.account_id AND c.month = %(first_on)s))))
   AND NOT EXISTS (SELECT 1 FROM metering_withdrawn t WHERE t.reading_id = r.id)
   AND NOT EXISTS (
        SELECT 1 FROM metering_reading x
         WHERE x.replaces_id IS NOT NULL AND x.replaces_id = r.id AND x.account_id = r.account_id
           AND coalesce(x.counts_from, date_trunc('month', x.taken_on)::date) <= %(first_on)s
           AND NOT EXISTS (SELECT 1 FROM metering_withdrawn t WHERE t.reading_id = x.id)
           AND (x.verdict = 'accepted' OR (x.verdict = 'held' AND EXISTS (
                    SELECT 1 FROM metering_review w WHERE w.reading_id = x.id AND w.verdict = 'accepted'))))
"""
"""The readings in force when the month was charged: what came or was decided later counts for later months, which took
it by corrections of their own. What was withdrawn was charged nowhere, or it could not have been."""
_REPLACED = """
WITH RECURSIVE chain AS (
    SELECT account_id, replaces_id AS reading_id, id AS by_id FROM metering_reading
     WHERE replaces_id IS NOT NULL AND account_id BETWEEN %(first)s AND %(last)s AND taken_on >= %(since_on)s
    UNION ALL
    SELECT c.account_id, c.reading_id, x.id FROM chain c JOIN metering_reading x
        ON x.replaces_id = c.by_id AND x.account_id = c.account_id)
SELECT c.reading_id, f.id, (f.value * 1000)::bigint
  FROM chain c JOIN metering_reading_in_force f ON f.id = c.by_id AND f.account_id = c.account_id
 WHERE f.counts_from <= %(first_on)s
"""
