"""One submission to one account, judged in plain Python: the rules R01 to R22 without frames.

Frames judge a file of a million in one pass (`checks`), and cost tens of milliseconds for a single submission, which
people wait for. Both are the same rules: the tests judge everything both ways and compare.
"""

from __future__ import annotations

from dataclasses import dataclass

from svet.domains.metering.rules import Verdict
from svet.domains.metering.rules.single import rule_table
from svet.domains.metering.rules.single.known import (
    KnownAccount,
    KnownReading,
    KnownRegister,
    Place,
    Submission,
)
from svet.domains.metering.rules.single.rows import Row, find_meter, rows_at, rows_of
from svet.kernel.findings import Finding, Level

__all__ = ["Judged", "KnownAccount", "KnownReading", "KnownRegister", "Place", "Row", "Submission", "judge", "rows_at"]

_VERDICTS = {Level.NOTE: Verdict.ACCEPTED, Level.HOLD: Verdict.HELD, Level.REFUSE: Verdict.REFUSED}
_GRAVITY = list(_VERDICTS)


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, its rows, and the findings, each with the register it is about (None: the whole submission)."""

    verdict: Verdict
    rows: tuple[Row, ...]
    found: tuple[tuple[int | None, Finding], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone, by code and register."""
        return tuple(finding for _, finding in self.found)


def judge(asked: Submission, known: KnownAccount) -> Judged:
    """Judge a submission by all rules, R01 to R22."""
    meter = find_meter(asked, known)
    rows, strays = rows_of(asked, meter, known)
    found: list[tuple[int | None, Finding]] = [(None, one) for one in rule_table.of_meter(asked, meter)]
    found += [(None, rule_table.of_stray(key, text)) for key, text in strays]
    for row in rows:
        found += [(row.register.register_id, one) for one in rule_table.of_value(row)]
        found += [(row.register.register_id, one) for one in rule_table.of_use(row, asked, known.policies)]
    gravest = max((_GRAVITY.index(one.level) for _, one in found), default=0)
    ordered = sorted(found, key=lambda pair: (pair[1].code, pair[0] or 0))
    return Judged(_VERDICTS[_GRAVITY[gravest]], tuple(rows), tuple(ordered))
