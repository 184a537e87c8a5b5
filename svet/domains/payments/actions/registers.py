"""Post a bank's registry: whole or not at all, in one transaction, by sets of rows.

The same file twice posts once (its hash), the same operation in another file too (its code); an operation that
was booked with another amount or account refuses the file. What was refused is kept with its findings.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import polars as pl
from django.db import IntegrityError, connection, transaction

from svet.domains.ledger import actions as ledger
from svet.domains.ledger import queries as ledger_queries
from svet.domains.ledger.rules import EntryKind, Service
from svet.domains.payments.actions.booking import day_of, impatient_transaction
from svet.domains.payments.models import PaymentRegister
from svet.domains.payments.queries import SourceRow, source
from svet.domains.payments.rules import RegisterState
from svet.domains.payments.rules.register import (
    BOOKED_BEFORE,
    BOOKED_OTHERWISE,
    UNKNOWN_ACCOUNT,
    ParsedRegister,
    RegisterReport,
    check_register,
    refusal,
    shortened,
)
from svet.infra import audit, outbox
from svet.infra.copying import copy_in, copy_out, reserve_ids
from svet.kernel.findings import Finding, Level
from svet.kernel.money import from_kopecks

_LARGEST = 10**14 - 1

_INCOMING = """
DROP TABLE IF EXISTS payments_incoming;
CREATE TEMPORARY TABLE payments_incoming (
    line integer NOT NULL, external_id text NOT NULL, account_given text, kopecks bigint NOT NULL,
    fee_kopecks bigint NOT NULL, paid_at timestamptz NOT NULL, named_month date, details jsonb NOT NULL
) ON COMMIT DROP
"""
_BOOK = """
INSERT INTO payments_payment (source_id, external_id, account_id, account_given, amount, fee, paid_at, received_at,
                              named_month, register_id, details)
SELECT %s, i.external_id, a.id, coalesce(i.account_given, ''), i.kopecks / 100.0, i.fee_kopecks / 100.0, i.paid_at,
       %s, i.named_month, %s, i.details
FROM payments_incoming i LEFT JOIN accounts_account a ON a.number = i.account_given
ORDER BY i.external_id
ON CONFLICT (source_id, external_id) DO NOTHING
"""
_KNOWN_BEFORE = """
SELECT i.line, i.external_id, p.amount::text, p.account_given,
       p.amount = i.kopecks / 100.0 AND p.account_given = coalesce(i.account_given, '')
FROM payments_incoming i JOIN payments_payment p ON p.source_id = %s AND p.external_id = i.external_id
WHERE p.register_id IS DISTINCT FROM %s
ORDER BY i.line
"""
_UNIDENTIFIED = """
SELECT i.line, i.external_id, p.account_given, p.amount
FROM payments_incoming i JOIN payments_payment p ON p.source_id = %s AND p.external_id = i.external_id
WHERE p.register_id = %s AND p.account_id IS NULL
ORDER BY i.line
"""
_BOOKED = """
SELECT id, account_id, (amount * 100)::bigint AS kopecks, named_month,
       (paid_at AT TIME ZONE 'Europe/Moscow')::date AS paid_on
FROM payments_payment WHERE register_id = %s
"""


class _Refused(Exception):
    """The file contradicts what is booked: everything is rolled back."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings


class _DryRun(Exception):
    """Everything went well and must not be kept."""

    def __init__(self, report: RegisterReport) -> None:
        self.report = report


def post_register(
    parsed: ParsedRegister,
    *,
    source_code: str,
    sha256: str,
    file_name: str,
    received_at: datetime,
    inbox_id: int | None = None,
    dry_run: bool = False,
) -> RegisterReport:
    """Post the registry, or refuse it whole and keep why; return what became of it.

    1. Refuse it when the parser or the checks of totals say so (`rules.register`).
    2. Book its payments under their operation codes; unknown accounts give unidentified money.
    3. Post the ledger entries and the facts; all of it in one transaction.

    A file that was posted before returns its register with `is_new` False. Raises NotFound for the source.
    """
    channel = source(source_code)
    findings = check_register(parsed, received_on=day_of(received_at))
    known = PaymentRegister.objects.filter(
        source_id=channel.source_id, sha256=sha256, state=RegisterState.POSTED
    ).first()
    if known is not None:
        return _posted_before(known, dry_run=dry_run)
    report = _report(replace(parsed, findings=findings), dry_run=dry_run)
    if report.state is RegisterState.POSTED:
        try:
            with impatient_transaction():
                return _post(
                    parsed,
                    report=report,
                    channel=channel,
                    sha256=sha256,
                    file_name=file_name,
                    received_at=received_at,
                    inbox_id=inbox_id,
                )
        except _DryRun as done:
            return done.report
        except _Refused as refused:
            everything = shortened([*findings, *refused.findings])
            report = replace(report, state=RegisterState.REFUSED, findings=everything)
        except IntegrityError:
            # Somebody posted the very same file at this moment: theirs counts.
            row = PaymentRegister.objects.get(source_id=channel.source_id, sha256=sha256, state=RegisterState.POSTED)
            return _posted_before(row, dry_run=dry_run)
    if dry_run:
        return report
    with transaction.atomic():
        row = _register_row(
            report, channel=channel, sha256=sha256, file_name=file_name, received_at=received_at, inbox_id=inbox_id
        )
        _note(row, report=report, source_code=source_code, at=received_at)
    return replace(report, register_id=row.pk)


def _post(
    parsed: ParsedRegister,
    *,
    report: RegisterReport,
    channel: SourceRow,
    sha256: str,
    file_name: str,
    received_at: datetime,
    inbox_id: int | None,
) -> RegisterReport:
    """Book everything inside the caller's transaction; raise _Refused or _DryRun to undo it."""
    # The register's row comes last, with all findings: nothing is rewritten later, and its key is checked then.
    register_id = int(reserve_ids("payments_register", 1)[0])
    with connection.cursor() as cursor:
        cursor.execute(_INCOMING)
    copy_in("payments_incoming", _frame(parsed))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE payments_incoming")
        cursor.execute(_BOOK, [channel.source_id, received_at, register_id])
        posted = cursor.rowcount
        cursor.execute(_KNOWN_BEFORE, [channel.source_id, register_id])
        before = cursor.fetchall()
        cursor.execute(_UNIDENTIFIED, [channel.source_id, register_id])
        unidentified = cursor.fetchall()
    otherwise = [
        refusal(BOOKED_OTHERWISE, line=line, operation=code, amount=amount, account=given)
        for line, code, amount, given, same in before
        if not same
    ]
    if otherwise:
        raise _Refused(otherwise)
    findings = [*report.findings]
    findings += [Finding(BOOKED_BEFORE, Level.NOTE, {"line": line, "operation": code}) for line, code, *_ in before]
    findings += [
        Finding(UNKNOWN_ACCOUNT, Level.NOTE, {"line": line, "operation": code, "account": given, "amount": str(amount)})
        for line, code, given, amount in unidentified
    ]
    report = replace(
        report,
        register_id=register_id,
        posted=posted,
        repeated=len(before),
        unidentified=len(unidentified),
        unidentified_amount=sum((amount for *_, amount in unidentified), Decimal("0.00")),
        findings=shortened(findings),
    )
    _post_entries(register_id, source_code=channel.code, at=received_at)
    row = _register_row(
        report, channel=channel, sha256=sha256, file_name=file_name, received_at=received_at, inbox_id=inbox_id
    )
    _note(row, report=report, source_code=channel.code, at=received_at)
    if report.dry_run:
        raise _DryRun(replace(report, register_id=None))
    return report


def _frame(parsed: ParsedRegister) -> pl.DataFrame:
    lines = parsed.lines
    return pl.DataFrame(
        {
            "line": pl.Series([line.number for line in lines], dtype=pl.Int32),
            "external_id": pl.Series([line.external_id for line in lines], dtype=pl.String),
            "account_given": pl.Series([line.account_number for line in lines], dtype=pl.String),
            "kopecks": pl.Series([line.kopecks for line in lines], dtype=pl.Int64),
            "fee_kopecks": pl.Series([line.fee_kopecks for line in lines], dtype=pl.Int64),
            "paid_at": pl.Series([line.paid_at.isoformat() for line in lines], dtype=pl.String),
            "named_month": pl.Series(
                [line.named_month.first_on if line.named_month else None for line in lines], dtype=pl.Date
            ),
            "details": pl.Series([json.dumps(line.details, ensure_ascii=False) for line in lines], dtype=pl.String),
        }
    )


def _post_entries(register_id: int, *, source_code: str, at: datetime) -> None:
    """Post the ledger entries of the register's identified payments and record the facts of all of them."""
    schema = {"id": pl.Int64, "account_id": pl.Int64, "kopecks": pl.Int64, "named_month": pl.Date, "paid_on": pl.Date}
    booked = copy_out(_BOOKED, [register_id], schema=schema)
    identified = booked.filter(pl.col("account_id").is_not_null())
    try:
        ledger.post_frame(_entries(identified), recorded_at=at)
    except ledger.MonthIsClosed:
        # The month was being closed at this moment: the next one takes the money.
        ledger.post_frame(_entries(identified), recorded_at=at)
    outbox.record_frame(_facts(booked, source_code=source_code, register_id=register_id), at=at)


def _entries(payments: pl.DataFrame) -> pl.DataFrame:
    first_open = ledger_queries.first_open_month().first_on
    return payments.select(
        "account_id",
        pl.lit(EntryKind.PAYMENT.value).alias("kind"),
        pl.lit(Service.ENERGY.value).alias("service"),
        (-pl.col("kopecks")).alias("amount_kop"),
        pl.max_horizontal(pl.col("paid_on").dt.month_start(), pl.lit(first_open)).alias("month"),
        pl.col("named_month").alias("concerns"),
        pl.col("paid_on").alias("posted_on"),
        pl.lit("payment").alias("source_kind"),
        pl.col("id").alias("source_id"),
        pl.lit(1).alias("line"),
    )


def _facts(payments: pl.DataFrame, *, source_code: str, register_id: int) -> pl.DataFrame:
    payloads = [
        json.dumps(
            {
                "payment_id": payment_id,
                "source": source_code,
                "amount": str(from_kopecks(kopecks)),
                "register_id": register_id,
            }
        )
        for payment_id, kopecks in payments.select("id", "kopecks").iter_rows()
    ]
    name = pl.when(pl.col("account_id").is_null()).then(pl.lit("unidentified")).otherwise(pl.lit("accepted"))
    return payments.select(
        (pl.lit("payments.payment_") + name).alias("name"),
        "account_id",
        pl.Series("payload", payloads, dtype=pl.String),
    )


def _report(parsed: ParsedRegister, *, dry_run: bool) -> RegisterReport:
    said, lines = parsed.totals, parsed.lines
    sums = (
        (said.kopecks, said.transfer_kopecks, said.fee_kopecks)
        if said
        else tuple(
            min(sum(values), _LARGEST)
            for values in (
                [line.kopecks for line in lines],
                [line.transfer_kopecks for line in lines],
                [line.fee_kopecks for line in lines],
            )
        )
    )
    return RegisterReport(
        register_id=None,
        state=RegisterState.REFUSED if parsed.refused else RegisterState.POSTED,
        is_new=True,
        dry_run=dry_run,
        form=parsed.form,
        lines=len(lines),
        amount=from_kopecks(sums[0]),
        transferred=from_kopecks(sums[1]),
        fee=from_kopecks(sums[2]),
        findings=parsed.findings,
    )


def _posted_before(row: PaymentRegister, *, dry_run: bool) -> RegisterReport:
    return RegisterReport(
        register_id=row.pk,
        state=RegisterState(row.state),
        is_new=False,
        dry_run=dry_run,
        form=row.form,
        lines=row.lines,
        amount=row.amount,
        transferred=row.transferred,
        fee=row.fee,
        repeated=row.lines,
        findings=tuple(Finding(f["code"], Level(f["level"]), f["facts"]) for f in row.findings),
    )


def _register_row(
    report: RegisterReport,
    *,
    channel: SourceRow,
    sha256: str,
    file_name: str,
    received_at: datetime,
    inbox_id: int | None,
) -> PaymentRegister:
    return PaymentRegister.objects.create(
        id=report.register_id,
        source_id=channel.source_id,
        sha256=sha256,
        file_name=file_name.replace("\x00", "")[-255:],
        form=report.form,
        inbox_id=inbox_id,
        state=report.state,
        lines=report.lines,
        amount=report.amount,
        transferred=report.transferred,
        fee=report.fee,
        findings=[finding.as_json() for finding in report.findings],
        received_at=received_at,
    )


def _note(row: PaymentRegister, *, report: RegisterReport, source_code: str, at: datetime) -> None:
    facts = {
        "register_id": row.pk,
        "source": source_code,
        "lines": report.lines,
        "amount": str(report.amount),
        "posted": report.posted,
        "unidentified": report.unidentified,
    }
    audit.record("payments.post_register", target_kind="payment_register", target_id=row.pk, at=at, data=facts)
    outbox.record(f"payments.register_{report.state.value}", at=at, payload=facts)
