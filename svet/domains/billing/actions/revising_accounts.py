"""The work of a revision, a piece of accounts at a time: count them, release them, take them back.

Each piece is one transaction; what it did is in its rows, so a kill loses only the piece at hand and the next worker
goes on behind it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction

from svet.domains.billing import queries
from svet.domains.billing.actions import results
from svet.domains.billing.actions.results import Target
from svet.domains.billing.actions.revising import locked
from svet.domains.billing.actions.turning import turn
from svet.domains.billing.models import RevisedAccount, RevisedMonth, Revision
from svet.domains.billing.queries.inputs import Span
from svet.domains.billing.rules.frames import CHARGES, Rated
from svet.domains.billing.rules.parking import PARKED, park
from svet.domains.billing.rules.rating import rate
from svet.domains.billing.rules.revising import DIFFERENCES, RevisedState, RevisionState, differences, is_of_stage
from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.tariffs import queries as tariffs
from svet.domains.tariffs.rules.policies import Policies
from svet.infra import outbox
from svet.infra.clock import MOSCOW
from svet.infra.copying import copy_in, kwh, roubles
from svet.infra.locking import lock_rows
from svet.kernel.money import to_kopecks
from svet.kernel.period import Month

PIECE = 1000
LOCK_MS = 60_000
KEY = ["account_id", "supply_point_id"]
MONTHS = {**DIFFERENCES, "reversal_id": pl.Int64, "charge_id": pl.Int64}


class _Undone(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Revised:
    """What charging anew did to a piece: its months (`MONTHS`), and the accounts that cannot be rated, with why."""

    months: pl.DataFrame
    held: dict[int, str]


def revise_piece(revision_id: int, *, at: datetime) -> bool:
    """Do the next piece of what the revision waits for; return whether there may be more.

    Raises Conflict("busy") when somebody works on one of the accounts for long.
    """
    with transaction.atomic():
        revision = locked(revision_id)
        if revision.state == RevisionState.COUNTING:
            return _count_piece(revision, at=at)
        if revision.state == RevisionState.RELEASING:
            return _release_piece(revision, at=at)
        if revision.state == RevisionState.TAKING_BACK:
            return _take_back_piece(revision, at=at)
    return False


def _count_piece(revision: Revision, *, at: datetime) -> bool:
    accounts = queries.next_to_revise(revision.pk, limit=PIECE)
    if not accounts:
        return _finish(revision, RevisionState.COUNTED, at=at)
    lock_rows("accounts_account", accounts, timeout_ms=LOCK_MS)
    revised = _tried(revision, accounts, at=at)
    _keep_counted(revision, accounts, revised)
    return True


def _release_piece(revision: Revision, *, at: datetime) -> bool:
    counted = dict(
        RevisedAccount.objects.filter(revision=revision, state=RevisedState.COUNTED)
        .order_by("account_id")
        .values_list("account_id", "difference")
    )
    accounts = [one for one in counted if is_of_stage(one, percent=revision.percent)][:PIECE]
    if not accounts:
        return _finish(revision, RevisionState.RELEASED, at=at)
    lock_rows("accounts_account", accounts, timeout_ms=LOCK_MS)
    months = _charged_as_counted(revision, {one: to_kopecks(counted[one]) for one in accounts}, at=at)
    sound = _sums(months)
    rows = RevisedAccount.objects.filter(revision=revision)
    rows.filter(account_id__in=set(accounts) - set(sound)).update(state=RevisedState.CHANGED)
    _keep_months(revision, list(sound), months)
    rows.filter(account_id__in=list(sound)).update(state=RevisedState.RELEASED, released_at=at)
    _tell("billing.account_revised", revision, sound, at=at)
    return True


def _charged_as_counted(revision: Revision, counted: dict[int, int], *, at: datetime) -> pl.DataFrame:
    """Charge anew those accounts that still come out as they were counted (kopecks); return their months."""
    sound = dict(counted)
    while True:
        try:
            with transaction.atomic():
                months = _charge_anew(revision, list(sound), at=at).months
                found = _sums(months)
                changed = [one for one, kopecks in sound.items() if found.get(one) != kopecks]
                if changed:
                    raise _Undone
        except _Undone:
            sound = {one: kopecks for one, kopecks in sound.items() if one not in changed}
            continue
        return months


def _take_back_piece(revision: Revision, *, at: datetime) -> bool:
    rows = RevisedAccount.objects.filter(revision=revision)
    accounts = list(
        rows.filter(state=RevisedState.RELEASED).order_by("account_id").values_list("account_id", flat=True)[:PIECE]
    )
    if not accounts:
        return _finish(revision, RevisionState.TAKEN_BACK, at=at)
    lock_rows("accounts_account", accounts, timeout_ms=LOCK_MS)
    relied_on = queries.relied_on(revision.pk, accounts)
    rows.filter(account_id__in=relied_on).update(state=RevisedState.RELIED_ON)
    free = sorted(set(accounts) - set(relied_on))
    months = list(RevisedMonth.objects.filter(revision=revision, account_id__in=free))
    by_charge = {one.charge_id: Month.of(one.month) for one in months if one.charge_id}
    by_reversal = {one.reversal_id: Month.of(one.month) for one in months if one.reversal_id}
    for months_of, reversing in ((by_charge, True), (by_reversal, False)):
        pairs = turn(list(months_of), reversing=reversing, at=at)
        _post(pairs, {new: months_of[old] for _, old, new, _ in pairs.iter_rows()}, at=at)
    rows.filter(account_id__in=free).update(state=RevisedState.TAKEN_BACK)
    _tell("billing.account_revision_taken_back", revision, dict.fromkeys(free, 0), at=at)
    return True


def _tried(revision: Revision, accounts: Sequence[int], *, at: datetime) -> _Revised:
    """Charge the accounts anew and undo it; return what it would have done."""
    revised: list[_Revised] = []
    try:
        with transaction.atomic():
            revised.append(_charge_anew(revision, accounts, at=at))
            raise _Undone
    except _Undone:
        return revised[0]


def _charge_anew(revision: Revision, accounts: Sequence[int], *, at: datetime) -> _Revised:
    """Reverse and charge anew every month of these accounts that comes out differently, in the order of months.

    An account that cannot be rated for one of its months is not revised at all.
    """
    held: dict[int, str] = {}
    while True:
        free = [one for one in accounts if one not in held]
        found: dict[int, str] = {}
        months: list[pl.DataFrame] = []
        try:
            with transaction.atomic():
                for month in queries.charged_since(Month.of(revision.first_month), free):
                    changed, parked = _month_anew(revision, free, month=month, at=at)
                    months.append(changed)
                    found |= dict(parked.iter_rows())
                if found:
                    raise _Undone
        except _Undone:
            held |= found
            continue
        return _Revised(pl.concat([pl.DataFrame(schema=MONTHS), *months]), held)


def _month_anew(
    revision: Revision, accounts: Sequence[int], *, month: Month, at: datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    standing = queries.standing_charges(accounts, month=month)
    if standing.is_empty():
        return pl.DataFrame(schema=MONTHS), pl.DataFrame(schema=PARKED)
    there = standing.select("account_id").unique().sort("account_id")
    span = Span(int(there["account_id"][0]), int(there["account_id"][-1]))
    inputs = queries.load_inputs(span, month=month, accounts=there, as_charged=True)
    policies = Policies.from_values(tariffs.policy_values(month.first_on))
    rated, parked = park(inputs.supplies, rate(inputs, month=month, policies=policies))
    standing = standing.join(parked, on="account_id", how="anti")
    changed = differences(standing, rated.charges, month=month)
    target = Target(
        run_id=None,
        month=month,
        dry=False,
        vat_percent_e2=inputs.vat_percent_e2(month),
        at=at,
        posted_on=at.astimezone(MOSCOW).date(),
    )
    reversals = turn(changed["original_id"].drop_nulls().to_list(), reversing=True, at=at)
    charges = results.write_charges(_only(rated, changed, revision, policies=policies), target=target)
    new = charges.select(*KEY, "amount_kop", charge_id="id")
    _post(reversals, dict.fromkeys(reversals["new_id"], month), at=at)
    _post(new.rename({"charge_id": "new_id"}), dict.fromkeys(new["charge_id"], month), at=at)
    kept = changed.join(
        reversals.select(original_id="old_id", reversal_id="new_id"), on="original_id", how="left"
    ).join(new.select(*KEY, "charge_id"), on=KEY, how="left")
    return kept.select(pl.col(name).cast(dtype) for name, dtype in MONTHS.items()), parked


def _only(rated: Rated, changed: pl.DataFrame, revision: Revision, *, policies: Policies) -> Rated:
    """Return what was rated of the charges that change, with the revision and, as no run keeps them, the policies."""
    keys = changed.select(KEY)
    note = f', "policies": {json.dumps(policies.as_values())}, "revision": {revision.pk}}}'
    charges = rated.charges.join(keys, on=KEY, how="semi").with_columns(facts=pl.col("facts").str.replace(r"\}$", note))
    return Rated(
        charges=charges.select(list(CHARGES)),
        volumes=rated.volumes.join(keys, on=KEY, how="semi"),
        lines=rated.lines.join(keys, on=KEY, how="semi"),
        findings=rated.findings,
        benefits=rated.benefits.join(keys, on=KEY, how="semi"),
    )


def _post(charges: pl.DataFrame, months: dict[int, Month], *, at: datetime) -> None:
    """Post charges (`account_id`, `new_id`, `amount_kop`) as corrections into the first open month."""
    if charges.is_empty():
        return
    today = at.astimezone(MOSCOW).date()
    into = ledger_queries.open_month(Month.of(today))
    ledger.post_frame(
        charges.filter(pl.col("amount_kop") != 0).select(
            "account_id",
            "amount_kop",
            kind=pl.lit(EntryKind.CORRECTION.value),
            service=pl.lit(Service.ENERGY.value),
            month=pl.lit(into.first_on),
            concerns=pl.col("new_id").replace_strict(
                {one: month.first_on for one, month in months.items()}, return_dtype=pl.Date
            ),
            posted_on=pl.lit(max(today, into.first_on)),
            source_kind=pl.lit("charge"),
            source_id="new_id",
            line=1,
        ),
        recorded_at=at,
    )


def _keep_counted(revision: Revision, accounts: Sequence[int], revised: _Revised) -> None:
    _keep_months(revision, accounts, revised.months.with_columns(reversal_id=None, charge_id=None))
    changes = revised.months.group_by("account_id").agg(
        kop=(pl.col("becomes_kop") - pl.col("was_kop")).sum(), wh=(pl.col("becomes_wh") - pl.col("was_wh")).sum()
    )
    held = pl.DataFrame(
        list(revised.held.items()), schema={"account_id": pl.Int64, "findings": pl.String}, orient="row"
    )
    rows = (
        pl.DataFrame({"account_id": accounts}, schema={"account_id": pl.Int64})
        .join(changes, on="account_id", how="left")
        .join(held, on="account_id", how="left")
        .with_columns(
            state=pl.when(pl.col("findings").is_not_null())
            .then(pl.lit(RevisedState.HELD.value))
            .when(pl.col("kop").is_null())
            .then(pl.lit(RevisedState.SAME.value))
            .otherwise(pl.lit(RevisedState.COUNTED.value)),
            findings=pl.col("findings").fill_null(json.dumps([])),
            kop=pl.col("kop").fill_null(0),
            wh=pl.col("wh").fill_null(0),
            revision_id=pl.lit(revision.pk),
        )
    )
    copy_in(
        "billing_revised_account",
        rows.select("revision_id", "account_id", "state", "findings", roubles("kop", "difference"), kwh("wh", "kwh")),
    )


def _keep_months(revision: Revision, accounts: Sequence[int], months: pl.DataFrame) -> None:
    RevisedMonth.objects.filter(revision=revision, account_id__in=list(accounts)).delete()
    copy_in(
        "billing_revised_month",
        months.select(
            *KEY,
            "month",
            "original_id",
            "reversal_id",
            "charge_id",
            kwh("was_wh", "was_kwh"),
            roubles("was_kop", "was"),
            kwh("becomes_wh", "becomes_kwh"),
            roubles("becomes_kop", "becomes"),
            revision_id=pl.lit(revision.pk),
        ),
    )


def _sums(months: pl.DataFrame) -> dict[int, int]:
    """Return the difference of each account in kopecks."""
    return dict(months.group_by("account_id").agg((pl.col("becomes_kop") - pl.col("was_kop")).sum()).iter_rows())


def _tell(name: str, revision: Revision, kopecks: dict[int, int], *, at: datetime) -> None:
    rows = [
        (account, name, json.dumps({"revision": revision.pk, "kopecks": sum_kop}))
        for account, sum_kop in sorted(kopecks.items())
    ]
    schema = {"account_id": pl.Int64, "name": pl.String, "payload": pl.String}
    outbox.record_frame(pl.DataFrame(rows, schema=schema, orient="row"), at=at)


def _finish(revision: Revision, state: RevisionState, *, at: datetime) -> bool:
    revision.state = state
    if state == RevisionState.COUNTED:
        revision.counted_at, revision.totals = at, queries.revision_impact(revision.pk).as_totals()
    revision.save(update_fields=["state", "counted_at", "totals"])
    return False
