"""Registry files of banks as plain rows: what came, what became of it, what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from svet.domains.payments.models import PaymentRegister
from svet.domains.payments.rules import RegisterState
from svet.kernel.errors import NotFound
from svet.kernel.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A registry file; money in roubles."""

    register_id: int
    source_code: str
    source_name: str
    file_name: str
    form: str
    state: RegisterState
    lines: int
    amount: Decimal
    transferred: Decimal
    fee: Decimal
    received_at: datetime
    findings: tuple[Finding, ...]


def registers(limit: int = 100) -> list[RegisterRow]:
    """Return the registry files that came, latest first."""
    rows = PaymentRegister.objects.select_related("source").order_by("-received_at", "-id")
    return [_row(row) for row in rows[:limit]]


def register(register_id: int) -> RegisterRow:
    """Return one registry file; raise NotFound."""
    found = PaymentRegister.objects.select_related("source").filter(pk=register_id).first()
    if found is None:
        raise NotFound("payment_register_not_found", register_id=register_id)
    return _row(found)


def _row(row: PaymentRegister) -> RegisterRow:
    return RegisterRow(
        register_id=row.pk,
        source_code=row.source.code,
        source_name=row.source.name,
        file_name=row.file_name,
        form=row.form,
        state=RegisterState(row.state),
        lines=row.lines,
        amount=row.amount,
        transferred=row.transferred,
        fee=row.fee,
        received_at=row.received_at,
        findings=tuple(Finding(f["code"], Level(f["level"]), f["facts"]) for f in row.findings),
    )
