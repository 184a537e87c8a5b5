"""A payment at a terminal, as the check/pay protocol asks for it, and the day's comparison with the agent.

The answers are the protocol's outcomes, without its words: the gate writes them down. A check never credits
and tells nothing about the customer; a payment is booked once per transaction of the agent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum

from svet.domains.ledger import queries as ledger
from svet.domains.payments import actions, queries
from svet.domains.payments.queries import PaymentRow, SourceRow
from svet.domains.payments.rules import SourceKind
from svet.domains.payments.rules.register import RegisterLine, is_possible_day
from svet.flows import register_formats
from svet.infra.clock import MOSCOW
from svet.kernel.errors import Conflict, DomainError
from svet.kernel.findings import Finding, Level
from svet.kernel.money import from_kopecks


class Outcome(IntEnum):
    """The protocol's result codes. OK, TEMPORARY and NOT_FINISHED are asked again, all others are final."""

    OK = 0
    TEMPORARY = 1
    BAD_ACCOUNT = 4
    UNKNOWN_ACCOUNT = 5
    FORBIDDEN = 7
    FORBIDDEN_TECHNICAL = 8
    INACTIVE_ACCOUNT = 79
    NOT_FINISHED = 90
    TOO_SMALL = 241
    TOO_LARGE = 242
    CANNOT_CHECK = 243
    CANNOT_CANCEL = 251
    OTHER = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terminal is told: the outcome, our id of the payment, the booked sum, why (a code for words)."""

    outcome: Outcome
    why: str
    payment_id: int | None = None
    amount: Decimal | None = None


def check_account(*, source_code: str, account_number: str, amount: Decimal | None, at: datetime) -> Answer:
    """Say whether money for this account would be taken now; nothing is booked and nothing told about the customer.

    A closed account still takes money while something is owed on it (79 otherwise).
    """
    channel = queries.source(source_code)
    stop = _refused(channel, amount=amount)
    if stop is not None:
        return stop
    account = queries.payable_account(account_number)
    if account is None:
        return Answer(Outcome.UNKNOWN_ACCOUNT, "unknown_account")
    closed = account.closed_on is not None and account.closed_on <= _day(at)
    if closed and ledger.balance(account.account_id) <= 0:
        return Answer(Outcome.INACTIVE_ACCOUNT, "inactive_account")
    return Answer(Outcome.OK, "account_found", amount=amount)


def pay_account(
    *, source_code: str, txn_id: str, account_number: str, amount: Decimal, paid_at: datetime, at: datetime
) -> Answer:
    """Book the payment, or say again what was said when this transaction came first.

    1. A transaction that is booked is answered with its payment, whatever has changed since.
    2. The same transaction with another sum or account is final: 300, nothing is booked.
    3. Limits, the channel's state and the account are checked; then it is booked once.
    """
    known = queries.payment_by_external_id(source_code, external_id=txn_id)
    if known is None:
        stop = _refused(queries.source(source_code), amount=amount)
        if stop is not None:
            return stop
        if queries.account_id_of(account_number) is None:
            return Answer(Outcome.UNKNOWN_ACCOUNT, "unknown_account")
        if not is_possible_day(_day(paid_at), received_on=_day(at)):
            return Answer(Outcome.OTHER, "impossible_date")
    try:
        result = actions.accept_payment(
            source_code=source_code,
            external_id=txn_id,
            account_number=account_number,
            amount=amount,
            paid_at=paid_at,
            received_at=at,
        )
    except Conflict as conflict:
        if conflict.code == "payment_differs":
            return Answer(Outcome.OTHER, "payment_differs")
        return Answer(Outcome.NOT_FINISHED, "not_finished")
    except DomainError as error:
        return Answer(Outcome.OTHER, error.code)
    return Answer(Outcome.OK, "accepted", payment_id=result.payment_id, amount=amount)


def _refused(channel: SourceRow, *, amount: Decimal | None) -> Answer | None:
    if channel.kind is not SourceKind.TERMINAL:
        return Answer(Outcome.FORBIDDEN_TECHNICAL, "not_a_terminal")
    if not channel.active:
        return Answer(Outcome.FORBIDDEN, "source_closed")
    if amount is not None and amount < channel.min_amount:
        return Answer(Outcome.TOO_SMALL, "too_small")
    if amount is not None and amount > channel.max_amount:
        return Answer(Outcome.TOO_LARGE, "too_large")
    return None


def _day(moment: datetime) -> date:
    return moment.astimezone(MOSCOW).date()


@dataclass(frozen=True, slots=True)
class Different:
    """A payment that both have, with another sum or account."""

    theirs: RegisterLine
    ours: PaymentRow


@dataclass(frozen=True, slots=True)
class Comparison:
    """The agent's day against ours: what we miss, what they miss, what differs; money in roubles."""

    matched: int
    amount: Decimal
    missing: tuple[RegisterLine, ...]
    extra: tuple[PaymentRow, ...]
    different: tuple[Different, ...]
    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether there is nothing to clear up."""
        return not (self.missing or self.extra or self.different or self.findings)


def compare_with_agent(raw: bytes, *, source_code: str, format_name: str = "osmp") -> Comparison:
    """Compare the agent's registry with our payments of the days it covers; nothing is written.

    A file that cannot be read compares nothing and carries the findings. Raises NotFound for the source.
    """
    queries.source(source_code)
    parsed = register_formats.read(format_name, raw=raw)
    if not parsed.lines or any(finding.level is Level.REFUSE for finding in parsed.findings):
        return Comparison(0, Decimal("0.00"), (), (), (), parsed.findings)
    days = [_day(line.paid_at) for line in parsed.lines]
    since = datetime(min(days).year, min(days).month, min(days).day, tzinfo=MOSCOW)
    until = datetime(max(days).year, max(days).month, max(days).day, tzinfo=MOSCOW) + timedelta(days=1)
    ours = {
        row.external_id: row
        for row in (
            *queries.payments_by_external_ids(source_code, external_ids=[line.external_id for line in parsed.lines]),
            *queries.payments_between(source_code, since=since, until=until),
        )
        if not row.is_reversed
    }
    return _compare(parsed.lines, ours=ours, findings=parsed.findings)


def _compare(
    lines: tuple[RegisterLine, ...], *, ours: dict[str, PaymentRow], findings: tuple[Finding, ...]
) -> Comparison:
    theirs = {line.external_id for line in lines}
    both = [Different(line, ours[line.external_id]) for line in lines if line.external_id in ours]
    same = [pair for pair in both if _same(pair)]
    return Comparison(
        matched=len(same),
        amount=sum((pair.ours.amount for pair in same), Decimal("0.00")),
        missing=tuple(line for line in lines if line.external_id not in ours),
        extra=tuple(row for external_id, row in ours.items() if external_id not in theirs),
        different=tuple(pair for pair in both if not _same(pair)),
        findings=findings,
    )


def _same(pair: Different) -> bool:
    return (from_kopecks(pair.theirs.kopecks), pair.theirs.account_number) == (
        pair.ours.amount,
        pair.ours.account_given,
    )
