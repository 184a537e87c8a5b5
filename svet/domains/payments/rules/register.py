"""A bank's or an agent's registry as it came: lines, control totals, and the checks that let it in or refuse it.

How each bank writes its file is the business of its gate; here is what all of them mean. A registry is taken
whole or refused whole: one finding of level REFUSE is enough. Codes P01..P16; words in `surfaces/web`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from svet.domains.payments.rules import RegisterState
from svet.kernel.findings import Finding, Level
from svet.kernel.money import from_kopecks
from svet.kernel.period import Month

ENCODING = "P01"
NO_TOTALS = "P02"
WRONG_COUNT = "P03"
WRONG_SUM = "P04"
BAD_LINE = "P05"
OPERATION_TWICE = "P06"
AFTER_TOTALS = "P07"
ARCHIVE = "P08"
TOO_LARGE = "P09"
BOOKED_BEFORE = "P10"
BOOKED_OTHERWISE = "P11"
UNKNOWN_ACCOUNT = "P12"
IMPOSSIBLE_DATE = "P13"
NOT_XML = "P14"
FEE_DIFFERS = "P15"
UNKNOWN_FORM = "P16"

MAX_LISTED = 100
"""So many findings of one code are listed one by one; the rest is counted."""
MAX_AMOUNT = 10**11
"""Kopecks: more in one line is a slip, not a payment (and the column holds 14 digits)."""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One payment of a registry. Money in kopecks; `number` counts the file's lines from 1."""

    number: int
    external_id: str
    account_number: str
    kopecks: int
    fee_kopecks: int
    transfer_kopecks: int
    paid_at: datetime
    named_month: Month | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """What the registry's last line says about itself; money in kopecks."""

    count: int
    kopecks: int
    transfer_kopecks: int
    fee_kopecks: int
    order_number: str = ""
    order_on: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """What became of a registry file: state, sums in roubles, how many lines were new, known before, unidentified.

    `is_new` is False when the very same file was posted before; `dry_run` when nothing was kept.
    """

    register_id: int | None
    state: RegisterState
    is_new: bool
    dry_run: bool
    form: str
    lines: int
    amount: Decimal
    transferred: Decimal
    fee: Decimal
    posted: int = 0
    repeated: int = 0
    unidentified: int = 0
    unidentified_amount: Decimal = Decimal("0.00")
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedRegister:
    """A file that was read, with what is wrong with it. `form` names the variant ("sberbank-12")."""

    form: str
    lines: tuple[RegisterLine, ...] = ()
    totals: ControlTotals | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the file must not be posted."""
        return any(finding.level is Level.REFUSE for finding in self.findings)


def refusal(code: str, **facts: Any) -> Finding:
    """Return a finding that refuses the whole file; texts from the file are cut and freed of what JSON cannot keep."""
    clean = {name: _storable(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return Finding(code, Level.REFUSE, clean)


def _storable(text: str) -> str:
    return text.replace("\x00", "\ufffd")[:300]


def bad_line(number: int, raw: str, *, what: str) -> Finding:
    """Return the finding that line `number` cannot be read because of `what` (a field's name)."""
    return refusal(BAD_LINE, line=number, raw=raw, field=what)


def check_register(parsed: ParsedRegister, *, received_on: date) -> tuple[Finding, ...]:
    """Return the findings of the parser and of the checks that every registry must pass.

    P02 no control totals (a truncated file); P03, P04 their count or sums differ from the lines; P06 an
    operation twice in the file; P13 paid after tomorrow or more than
    three years ago; P15 (a note) sum − fee is not the transfer.
    """
    findings = list(parsed.findings)
    if not parsed.refused or parsed.lines:
        findings += _check_totals(parsed)
        findings += _check_lines(parsed.lines, received_on=received_on)
    return shortened(findings)


def _check_totals(parsed: ParsedRegister) -> list[Finding]:
    totals, lines = parsed.totals, parsed.lines
    if totals is None:
        if any(finding.facts.get("field") == "totals" for finding in parsed.findings):
            return []
        return [refusal(NO_TOTALS, lines=len(lines))]
    # Lines that could not be read are counted too: otherwise one bad line would be told twice.
    unread = sum(finding.code == BAD_LINE for finding in parsed.findings)
    findings = []
    if totals.count != len(lines) + unread:
        findings.append(refusal(WRONG_COUNT, said=totals.count, found=len(lines) + unread))
    if unread:
        return findings
    sums = {
        "amount": (totals.kopecks, sum(line.kopecks for line in lines)),
        "transfer": (totals.transfer_kopecks, sum(line.transfer_kopecks for line in lines)),
        "fee": (totals.fee_kopecks, sum(line.fee_kopecks for line in lines)),
    }
    findings += [
        refusal(WRONG_SUM, which=which, said=str(from_kopecks(said)), found=str(from_kopecks(found)))
        for which, (said, found) in sums.items()
        if said != found
    ]
    return findings


def is_possible_day(paid_on: date, *, received_on: date) -> bool:
    """Say whether a payment heard of on `received_on` can have been made on `paid_on`: three years back, a day ahead.

    An agent's clock may run ahead; an older date is a slip that would reach into accounting of years ago.

    >>> is_possible_day(date(2026, 6, 5), received_on=date(2026, 6, 4))
    True
    """
    return received_on - timedelta(days=3 * 366) <= paid_on <= received_on + timedelta(days=1)


def _check_lines(lines: Iterable[RegisterLine], *, received_on: date) -> list[Finding]:
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for line in lines:
        first = seen.setdefault(line.external_id, line.number)
        if first != line.number:
            facts = {"line": line.number, "first_line": first, "operation": line.external_id}
            findings.append(refusal(OPERATION_TWICE, **facts))
        if not is_possible_day(line.paid_at.date(), received_on=received_on):
            findings.append(refusal(IMPOSSIBLE_DATE, line=line.number, paid_on=line.paid_at.date().isoformat()))
        if line.kopecks - line.fee_kopecks != line.transfer_kopecks and line.kopecks != line.transfer_kopecks:
            findings.append(Finding(FEE_DIFFERS, Level.NOTE, {"line": line.number, "operation": line.external_id}))
    return findings


def shortened(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `findings` with at most MAX_LISTED of each code; the last one listed tells how many more there are.

    >>> kept = shortened([refusal("P05", line=n) for n in range(150)])
    >>> len(kept), kept[-1].facts
    (100, {'line': 99, 'more': 50})
    """
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    kept: list[Finding] = []
    for rows in by_code.values():
        kept += rows[:MAX_LISTED]
        if len(rows) > MAX_LISTED:
            last = rows[MAX_LISTED - 1]
            kept[-1] = Finding(last.code, last.level, {**last.facts, "more": len(rows) - MAX_LISTED})
    return tuple(kept)
