"""What benefits came to: in one charge, line by line, and in a month, for the authority that pays for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from svet.domains.benefits import queries as entitled
from svet.domains.benefits.queries import EntitlementView, KindView
from svet.domains.billing.models import ChargeBenefit
from svet.kernel.period import Month


@dataclass(frozen=True, slots=True)
class ExplainedBenefit:
    """What an entitlement is worth in a charge and out of what; `line_number` is None where it is only reported.

    `base` is what the covered `kwh` cost; `persons` who live there. `amount`: plus = so much less to pay. `out_on` is
    the first day without the entitlement as it is known now, None while nobody knows of an end.
    """

    line_number: int | None
    month: Month
    kind: KindView
    holder: str
    document: str
    from_on: date
    until_on: date
    kwh: Decimal
    base: Decimal
    percent: Decimal | None
    limit_kwh: Decimal | None
    people: int | None
    persons: int | None
    amount: Decimal
    out_on: date | None

    @property
    def shares(self) -> tuple[int, int] | None:
        """For how many of how many residents it is; None where it is for all."""
        if not self.kind.terms.is_share or not self.people or not self.persons or self.people >= self.persons:
            return None
        return self.people, self.persons


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What one entitlement came to in a month."""

    kind_name: str
    law: str
    account_number: str
    holder: str
    document: str
    people: int
    kwh: Decimal
    amount: Decimal
    is_on_the_bill: bool


@dataclass(frozen=True, slots=True)
class BenefitReport:
    """The benefits of a month with all corrections so far; `on_bills` equals `control`, the sum of the bills' lines."""

    month: Month
    rows: tuple[ReportRow, ...]
    control: Decimal

    @property
    def total(self) -> Decimal:
        """What they came to."""
        return sum((one.amount for one in self.rows), Decimal("0.00"))

    @property
    def on_bills(self) -> Decimal:
        """What came off the bills."""
        return sum((one.amount for one in self.rows if one.is_on_the_bill), Decimal("0.00"))

    @property
    def kwh(self) -> Decimal:
        """The energy that they covered."""
        return sum((one.kwh for one in self.rows), Decimal("0.000"))


def benefits_of_charge(account_id: int, charge_id: int) -> tuple[ExplainedBenefit, ...]:
    """Return the benefits of a charge in the order of its lines."""
    rows = list(ChargeBenefit.objects.filter(account_id=account_id, charge_id=charge_id).order_by("number"))
    if not rows:
        return ()
    known = {one.id: one for one in entitled.entitlements_of(account_id)}
    return tuple(_explained(row, known[row.entitlement_id]) for row in rows)


def _explained(row: ChargeBenefit, of: EntitlementView) -> ExplainedBenefit:
    same = ("line_number", "from_on", "until_on", "kwh", "base", "percent", "limit_kwh", "people", "persons", "amount")
    return ExplainedBenefit(
        **{name: getattr(row, name) for name in same},
        month=Month.of(row.month),
        kind=of.kind,
        holder=of.holder,
        document=of.document,
        out_on=of.out_on,
    )


def benefit_report(month: Month) -> BenefitReport:
    """Return what benefits came to in a month, by kind and account, corrections included; nothing comes to nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORT, {"month": month.first_on})
        rows = tuple(ReportRow(*row) for row in cursor.fetchall())
        cursor.execute(_CONTROL, {"month": month.first_on})
        return BenefitReport(month, rows, cursor.fetchone()[0])


_REPORT = """
SELECT coalesce(k.name, x.kind_code), coalesce(k.law, ''), a.number, x.holder, x.document, x.people, sum(b.kwh),
       sum(b.amount), b.method = 'reduces_bill'
  FROM billing_benefit b
  JOIN benefits_entitlement x ON x.id = b.entitlement_id
  JOIN accounts_account a ON a.id = b.account_id
  LEFT JOIN benefits_kind k ON k.code = x.kind_code AND k.valid @> greatest(%(month)s, x.from_on)
 WHERE b.month = %(month)s
 GROUP BY k.name, k.law, a.number, x.id, b.method
HAVING sum(b.amount) <> 0 OR sum(b.kwh) <> 0
 ORDER BY 1, a.number, x.id
"""
_CONTROL = """
SELECT -coalesce(sum(l.amount), 0.00)
  FROM billing_benefit b
  JOIN billing_line l ON l.account_id = b.account_id AND l.charge_id = b.charge_id AND l.number = b.line_number
 WHERE b.month = %(month)s
"""
