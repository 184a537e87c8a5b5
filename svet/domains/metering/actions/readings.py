"""Submissions of readings, by every channel: one by one, or a file's worth at once with the same checks.

A submission is known by account, channel and source id: the same again changes nothing and gets the same
receipt. Until its month is billed a later reading replaces the earlier one; afterwards the next bill corrects.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import transaction

from svet.domains.metering import queries
from svet.domains.metering.actions.writing import DETAILS, write
from svet.domains.metering.actions.writing_one import Origin, write_one
from svet.domains.metering.rules import Channel, ReadingKind, Verdict
from svet.domains.metering.rules.checks import check
from svet.domains.metering.rules.context import SUBMISSIONS, VALUES
from svet.domains.metering.rules.receipts import Receipt
from svet.domains.metering.rules.single import Submission, judge
from svet.domains.metering.rules.values import as_text, storable
from svet.infra import audit, outbox
from svet.infra.clock import MOSCOW
from svet.infra.locking import lock_row, lock_rows
from svet.kernel.energy import TimeBand
from svet.kernel.errors import DomainError, NotFound

FILE_TIMEOUT_MS = 60_000
_FACTS = {verdict.value: f"metering.reading_{verdict.value}" for verdict in Verdict}


class SourceNeeded(DomainError):
    """A submission needs an id of its own (1 to 120 characters), so that its repetition is seen."""

    code = "source_id_needed"


class OddReading(DomainError):
    """The values would not simply be accepted: ask the giver before they are given."""

    code = "reading_is_odd"


def submit_reading(
    *,
    account_id: int,
    values: Mapping[str | int | TimeBand, Decimal | int | str],
    taken_on: date,
    received_at: datetime,
    channel: Channel,
    source_id: str,
    meter_serial: str | None = None,
    kind: ReadingKind = ReadingKind.REGULAR,
    raw: Mapping[str, Any] | None = None,
    unless: Collection[Verdict] = (),
) -> Receipt:
    """Take a submission of all registers of one meter; return its receipt, whatever the verdict.

    `values` are keyed by band, by position ("1", "T1") or by register id. The same (account, channel, source id)
    again returns the first receipt. Where the verdict would be one of `unless` nothing is written, so that the giver
    can be asked first. Raises NotFound for an unknown account, Conflict("busy") when somebody else works on the
    account, SourceNeeded, OddReading.
    """
    if not 1 <= len(source_id) <= 120 or storable(source_id) != source_id:
        raise SourceNeeded(source_id=source_id[:120])
    given_on = received_at.astimezone(MOSCOW).date()
    with transaction.atomic():
        lock_row("accounts_account", account_id)
        asked = Submission.of(
            values,
            taken_on=taken_on,
            given_on=given_on,
            channel=channel,
            kind=kind,
            meter_serial=storable(meter_serial) if meter_serial else None,
        )
        judged = judge(asked, queries.known_account(account_id, on=given_on))
        if judged.verdict in unless:
            return _earlier(account_id, channel, source_id, none=OddReading(account_id=account_id))
        came = {**(raw or {}), "values": {str(key): as_text(value) for key, value in values.items()}}
        origin = Origin(account_id, source_id, received_at, _storable(came))
        receipt = write_one(asked, judged, origin)
        if receipt is None:
            return _earlier(account_id, channel, source_id, none=NotFound(source_id=source_id))
        _record(account_id, receipt.number, receipt.verdict.value, channel=str(channel), at=received_at)
        return receipt


def _earlier(account_id: int, channel: Channel, source_id: str, *, none: DomainError) -> Receipt:
    """Return the receipt that the submission got when it came first; raise `none` where it did not."""
    earlier = queries.receipt_for_source(account_id, channel=channel, source_id=source_id)
    if earlier is None:
        raise none
    return earlier


def submit_readings(
    submissions: pl.DataFrame, values: pl.DataFrame, details: pl.DataFrame, *, at: datetime, dry: bool = False
) -> pl.DataFrame:
    """Take many submissions at once, all or none; return `submission`, `number`, `verdict`, `findings`, `is_repeat`.

    1. Lock the accounts, in order. 2. Set repetitions aside. 3. Judge and write wave by wave: the first
    submission of every account, then the second, so that each sees those before it (by `taken_on`).
    A dry run is the same and leaves nothing behind. Raises NotFound when an account does not exist.
    """
    with transaction.atomic():
        accounts = submissions["account_id"].unique().to_list()
        if lock_rows("accounts_account", accounts, timeout_ms=FILE_TIMEOUT_MS) != len(accounts):
            raise NotFound(table="accounts_account")
        fresh, repeats = _repetitions(submissions.join(details.select("submission", "source_id"), on="submission"))
        written = [_take_wave(wave, values, details, on=at.astimezone(MOSCOW).date()) for wave in _waves(fresh)]
        outcome = pl.concat([frame.drop("receipt_id") for frame in written]) if written else None
        result = _with_repeats(outcome, repeats, submissions)
        if outcome is not None:
            _record_many(outcome, submissions, at=at)
        if dry:
            transaction.set_rollback(True)
    return result


def _storable(value: object) -> object:
    """Return a JSON-safe copy that PostgreSQL can keep."""
    if isinstance(value, Mapping):
        return {storable(str(key)): _storable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int) else storable(str(value))


def _take_wave(wave: pl.DataFrame, values: pl.DataFrame, details: pl.DataFrame, *, on: date) -> pl.DataFrame:
    asked = wave.select(list(SUBMISSIONS))
    given = values.join(asked.select("submission"), on="submission", how="semi")
    known = queries.known_about(asked["account_id"].to_list(), on=on)
    return write(check(asked, given.select(list(VALUES)), known), details.select(list(DETAILS)))


def _waves(fresh: pl.DataFrame) -> list[pl.DataFrame]:
    """Cut submissions into frames that hold each account at most once, earlier days first."""
    ordered = fresh.sort("account_id", "taken_on", "submission")
    ordered = ordered.with_columns(wave=pl.col("submission").cum_count().over("account_id"))
    return ordered.partition_by("wave", maintain_order=True, include_key=False) if ordered.height else []


def _repetitions(submissions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split submissions into new ones and repetitions (of stored ones, or of an earlier one in this frame)."""
    key = ["account_id", "channel", "source_id"]
    stored = queries.submissions_stored(submissions.select(key))
    new = submissions.join(stored, on=key, how="anti").unique(key, keep="first", maintain_order=True)
    return new, submissions.join(new.select("submission"), on="submission", how="anti")


def _with_repeats(outcome: pl.DataFrame | None, repeats: pl.DataFrame, submissions: pl.DataFrame) -> pl.DataFrame:
    """Return the outcome of every submission, repetitions with the receipt of the first."""
    key = ["account_id", "channel", "source_id"]
    told = ["submission", "number", "verdict", "findings"]
    stored = queries.submissions_stored(repeats.select(key))
    frames = [repeats.join(stored, on=key).select(*told, is_repeat=pl.lit(True))]
    if outcome is not None:
        frames.append(outcome.select(*told, is_repeat=pl.lit(False)))
    return submissions.select("submission").join(pl.concat(frames), on="submission", maintain_order="left")


def _record(account_id: int, number: str, verdict: str, *, channel: str, at: datetime) -> None:
    told = {"receipt": number, "verdict": verdict, "channel": channel}
    audit.record(
        "metering.submit_reading",
        target_kind="receipt",
        target_id=number,
        at=at,
        account_id=account_id,
        data=told,
        fact=_FACTS[verdict],
    )


def _record_many(outcome: pl.DataFrame, submissions: pl.DataFrame, *, at: datetime) -> None:
    counts = dict(outcome.group_by("verdict").len().iter_rows())
    audit.record("metering.submit_readings", target_kind="readings", target_id="file", at=at, data=counts)
    told = pl.struct("verdict", "channel", receipt="number").struct.json_encode()
    facts = outcome.join(submissions.select("submission", "account_id", "channel"), on="submission")
    outbox.record_frame(facts.select("account_id", name=pl.col("verdict").replace_strict(_FACTS), payload=told), at=at)
