"""Post a bank's registry: whole or not at all, in one transaction, by sets of rows.

The same file twice posts once (its hash), the same operation in another file too (its code); an operation that
was booked with another amount or account refuses the file. What was refused is kept with its findings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from svet.domains.payments.actions.booking import day_of, impatient_transaction
from svet.domains.payments.actions.register_rows import Booked, book_lines, post_entries
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
from svet.infra.copying import reserve_ids
from svet.kernel.findings import Finding, Level
from svet.kernel.money import from_kopecks

_LARGEST = 10**14 - 1


@dataclass(frozen=True, slots=True)
class _File:
    """The file as it came, beside what is in it."""

    source: SourceRow
    sha256: str
    name: str
    received_at: datetime
    inbox_id: int | None


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
    file = _File(source(source_code), sha256, file_name, received_at, inbox_id)
    known = _posted_before(file, dry_run=dry_run)
    if known is not None:
        return known
    findings = check_register(parsed, received_on=day_of(received_at))
    report = _report(replace(parsed, findings=findings), dry_run=dry_run)
    if report.state is RegisterState.POSTED:
        report = _post_or_refuse(parsed, report=report, file=file)
    if report.state is RegisterState.POSTED or dry_run:
        return report
    with transaction.atomic():
        return _keep(report, file=file)


def _post_or_refuse(parsed: ParsedRegister, *, report: RegisterReport, file: _File) -> RegisterReport:
    try:
        with impatient_transaction(seconds=60):
            return _post(parsed, report=report, file=file)
    except _DryRun as done:
        return done.report
    except _Refused as refused:
        findings = shortened([*report.findings, *refused.findings])
        return replace(report, state=RegisterState.REFUSED, findings=findings)
    except IntegrityError:
        # Somebody posted the very same file at this moment: theirs counts.
        known = _posted_before(file, dry_run=report.dry_run)
        if known is None:
            raise
        return known


def _post(parsed: ParsedRegister, *, report: RegisterReport, file: _File) -> RegisterReport:
    """Book everything inside the caller's transaction; raise _Refused or _DryRun to undo it."""
    # The register's row comes last, with all findings: nothing is rewritten later, and its key is checked then.
    register_id = int(reserve_ids("payments_register", 1)[0])
    booked = book_lines(parsed, source_id=file.source.source_id, register_id=register_id, received_at=file.received_at)
    otherwise = [
        refusal(
            BOOKED_OTHERWISE,
            line=line.number,
            operation=line.external_id,
            amount=str(line.amount),
            account=line.account_given,
        )
        for line in booked.before
        if not line.same
    ]
    if otherwise:
        raise _Refused(otherwise)
    report = replace(
        report,
        register_id=register_id,
        posted=booked.posted,
        repeated=len(booked.before),
        unidentified=len(booked.unidentified),
        unidentified_amount=sum((line.amount for line in booked.unidentified), Decimal("0.00")),
        findings=shortened([*report.findings, *_notes(booked)]),
    )
    post_entries(register_id, source_code=file.source.code, at=file.received_at)
    report = _keep(report, file=file)
    if report.dry_run:
        raise _DryRun(replace(report, register_id=None))
    return report


def _notes(booked: Booked) -> list[Finding]:
    """Return the notes on lines that were booked before and on lines that are nobody's."""
    return [
        *(
            Finding(BOOKED_BEFORE, Level.NOTE, {"line": line.number, "operation": line.external_id})
            for line in booked.before
        ),
        *(
            Finding(
                UNKNOWN_ACCOUNT,
                Level.NOTE,
                {
                    "line": line.number,
                    "operation": line.external_id,
                    "account": line.account_given,
                    "amount": str(line.amount),
                },
            )
            for line in booked.unidentified
        ),
    ]


def _report(parsed: ParsedRegister, *, dry_run: bool) -> RegisterReport:
    """Return the report of a file before anything is booked: by its totals, else by its lines."""
    said = parsed.totals
    kopecks, transfer, fee = (
        (said.kopecks, said.transfer_kopecks, said.fee_kopecks)
        if said
        else (
            sum(line.kopecks for line in parsed.lines),
            sum(line.transfer_kopecks for line in parsed.lines),
            sum(line.fee_kopecks for line in parsed.lines),
        )
    )
    return RegisterReport(
        register_id=None,
        state=RegisterState.REFUSED if parsed.refused else RegisterState.POSTED,
        is_new=True,
        dry_run=dry_run,
        form=parsed.form,
        lines=len(parsed.lines),
        amount=from_kopecks(min(kopecks, _LARGEST)),
        transferred=from_kopecks(min(transfer, _LARGEST)),
        fee=from_kopecks(min(fee, _LARGEST)),
        findings=parsed.findings,
    )


def _posted_before(file: _File, *, dry_run: bool) -> RegisterReport | None:
    row = PaymentRegister.objects.filter(
        source_id=file.source.source_id, sha256=file.sha256, state=RegisterState.POSTED
    ).first()
    if row is None:
        return None
    return RegisterReport(
        register_id=row.pk,
        state=RegisterState.POSTED,
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


def _keep(report: RegisterReport, *, file: _File) -> RegisterReport:
    """Store the register with its findings, audit it and record the fact."""
    row = PaymentRegister.objects.create(
        id=report.register_id,
        source_id=file.source.source_id,
        sha256=file.sha256,
        file_name=file.name.replace("\x00", "")[-255:],
        form=report.form,
        inbox_id=file.inbox_id,
        state=report.state,
        lines=report.lines,
        amount=report.amount,
        transferred=report.transferred,
        fee=report.fee,
        findings=[finding.as_json() for finding in report.findings],
        received_at=file.received_at,
    )
    facts = {
        "register_id": row.pk,
        "source": file.source.code,
        "lines": report.lines,
        "amount": str(report.amount),
        "posted": report.posted,
        "unidentified": report.unidentified,
    }
    audit.record(
        "payments.post_register",
        target_kind="payment_register",
        target_id=row.pk,
        at=file.received_at,
        data={**facts, "state": report.state.value},
    )
    outbox.record(f"payments.register_{report.state.value}", at=file.received_at, payload=facts)
    return replace(report, register_id=row.pk)
