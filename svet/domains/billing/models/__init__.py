"""Bill runs with their shards and parked accounts; charges with their lines; bills.

Charges, lines and bills are append-only. A charge is unique by account, supply point, month and version;
a correction is a new version that names what it reverses.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.billing.models.perks import (
    ChargeBenefit,
    UnmeteredAct,
    UnmeteredLine,
    UnmeteredScan,
    UnmeteredUndone,
)
from svet.domains.billing.models.revisions import RevisedAccount, RevisedMonth, Revision
from svet.domains.billing.rules import IssueState, RunKind, RunState, ShardState, Why
from svet.domains.metering.rules import VolumeBasis
from svet.domains.supply.models import SupplyPoint
from svet.domains.tariffs.models import TariffVersion
from svet.infra.appendonly import append_only
from svet.infra.fields import KwhField, MoneyField, MonthField, RateField
from svet.infra.history import keep_history
from svet.infra.references import Reference, References, never_deleted
from svet.kernel.energy import TimeBand

__all__ = [
    "Bill",
    "BillRun",
    "BillRunIssue",
    "BillRunShard",
    "Charge",
    "ChargeBenefit",
    "ChargeLine",
    "ChargePreview",
    "ChargeVolume",
    "Recalculation",
    "RevisedAccount",
    "RevisedMonth",
    "Revision",
    "UnmeteredAct",
    "UnmeteredLine",
    "UnmeteredScan",
    "UnmeteredUndone",
]

OF_A_CHARGE = Reference("charge_id account_id", "billing_charge", "id account_id")


class BillRun(models.Model):
    """One calculation of a month for a scope of accounts; a dry run writes previews instead of charges."""

    month = MonthField()
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in RunKind], default=RunKind.REGULAR)
    scope = models.CharField(max_length=120, default="all")
    dry = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in RunState], default=RunState.NEW)
    shard_size = models.PositiveIntegerField(default=5000)
    account_count = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    policies = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    started_at = models.DateTimeField()
    started_by = models.BigIntegerField(null=True)
    rated_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_run"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "scope"],
                name="one_real_run_per_month_and_scope",
                condition=models.Q(dry=False) & ~models.Q(state=RunState.CANCELLED),
            )
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind} {self.scope}{' (dry)' if self.dry else ''}"


class BillRunShard(models.Model):
    """A piece of a run: the accounts with first_account_id <= id <= last_account_id."""

    run = models.ForeignKey(BillRun, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    first_account_id = models.BigIntegerField()
    last_account_id = models.BigIntegerField()

    state = models.CharField(max_length=6, choices=[(s.value, s.value) for s in ShardState], default=ShardState.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    accounts = models.PositiveIntegerField(default=0)
    billed = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    amount = MoneyField(default=0)
    first_bill_number = models.BigIntegerField(null=True)
    bill_count = models.PositiveIntegerField(default=0)
    bills_issued_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_run_shard"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="shards_are_numbered")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number} {self.state}"


class BillRunIssue(models.Model):
    """An account that a run could not rate, with the findings that say why; it waits for a person."""

    run = models.ForeignKey(BillRun, on_delete=models.CASCADE, related_name="issues")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    findings = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=6, choices=[(s.value, s.value) for s in IssueState], default=IssueState.PARKED)
    parked_at = models.DateTimeField()
    solved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "billing_run_issue"
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="an_account_is_parked_once_per_run")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.account_id} {self.state}"


class Charge(models.Model):
    """What one supply point of an account owes for a month, made of lines."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    supply_point = models.ForeignKey(
        SupplyPoint, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    month = MonthField()
    version = models.PositiveSmallIntegerField(default=1)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    run = models.ForeignKey(
        BillRun, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )

    kwh = KwhField()
    amount = MoneyField()
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    vat = MoneyField()
    basis = models.CharField(max_length=8, choices=[(b.value, b.value) for b in VolumeBasis])
    estimated_months = models.PositiveSmallIntegerField(default=0)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # with the policies where no run keeps them
    calculated_at = models.DateTimeField()

    class Meta:
        db_table = "billing_charge"
        constraints = [
            models.UniqueConstraint(
                fields=["month", "account", "supply_point", "version"], name="one_charge_per_month_and_version"
            ),
        ]
        indexes = [
            models.Index(fields=["account"], name="charge_by_account"),
            BrinIndex(fields=["run", "month"], name="charge_by_run", autosummarize=True, pages_per_range=32),
        ]
        triggers = [
            *append_only(),
            References(
                Reference("account_id", "accounts_account"),
                Reference("supply_point_id", "supply_point"),
                Reference("run_id", "billing_run"),
                Reference("reverses_id account_id", "billing_charge", "id account_id"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m} v{self.version}: {self.amount}"


class ChargeLine(models.Model):
    """One line of a charge: so much energy of one register in one band and step at one rate, and why.

    It names charge and account together, so that no line stands under another account's charge.
    """

    pk = models.CompositePrimaryKey("charge", "account", "number")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    charge = models.ForeignKey(
        Charge, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    number = models.PositiveSmallIntegerField()
    zoning = models.CharField(max_length=1, default="", blank=True)  # empty: written before it was kept
    band = models.CharField(max_length=10, choices=[(b.value, b.value) for b in TimeBand])
    step = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    until_on = models.DateField()

    kwh = KwhField()
    rate = RateField()
    amount = MoneyField()

    basis = models.CharField(max_length=8, choices=[(b.value, b.value) for b in VolumeBasis])
    rule = models.CharField(max_length=12)
    tariff_version = models.ForeignKey(
        TariffVersion, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    subject_id = models.BigIntegerField(null=True)  # an entitlement (B01, B02, B03) or an act (U01)

    class Meta:
        db_table = "billing_line"
        triggers = [*append_only(), References(OF_A_CHARGE, Reference("tariff_version_id", "tariffs_version"))]

    def __str__(self) -> str:
        return f"{self.charge_id}/{self.number}: {self.kwh} × {self.rate} = {self.amount}"


class ChargeVolume(models.Model):
    """From which readings a charge's energy came: one row per register, or per estimate, of a charge.

    It names charge and account together, so that no volume stands under another account's charge.
    """

    pk = models.CompositePrimaryKey("charge", "account", "number")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    charge = models.ForeignKey(
        Charge, on_delete=models.PROTECT, related_name="volumes", db_index=False, db_constraint=False
    )
    number = models.PositiveSmallIntegerField()
    register_id = models.BigIntegerField(null=True)
    band = models.CharField(max_length=10, choices=[(b.value, b.value) for b in TimeBand])
    from_on = models.DateField()
    until_on = models.DateField()
    start_reading_id = models.BigIntegerField(null=True)
    end_reading_id = models.BigIntegerField(null=True)
    start_value = KwhField(null=True)
    end_value = KwhField(null=True)
    multiplier = models.DecimalField(max_digits=10, decimal_places=4, default=1)

    kwh = KwhField()
    basis = models.CharField(max_length=8, choices=[(b.value, b.value) for b in VolumeBasis])
    rule = models.CharField(max_length=12)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "billing_volume"
        triggers = [*append_only(), References(OF_A_CHARGE)]

    def __str__(self) -> str:
        return f"{self.charge_id}/{self.number}: {self.kwh}"


class ChargePreview(models.Model):
    """What a dry run would charge, beside what the month before cost."""

    run = models.ForeignKey(BillRun, on_delete=models.CASCADE, related_name="previews", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kwh = KwhField()
    amount = MoneyField()
    previous_amount = MoneyField(default=0)
    difference = MoneyField(default=0)

    class Meta:
        db_table = "billing_preview"
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="one_preview_per_run_and_account")]
        indexes = [models.Index(fields=["run", "difference"], name="preview_by_difference")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.account_id}: {self.amount}"


class Bill(models.Model):
    """A payment document: numbered without gaps, frozen.

    `snapshot` holds what is mutable elsewhere (names, address, residents).
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    month = MonthField()
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    number = models.BigIntegerField()
    issued_on = models.DateField()
    due_on = models.DateField()

    opening = MoneyField()
    charged = MoneyField()
    corrected = MoneyField()
    penalties = MoneyField()
    paid = MoneyField()
    closing = MoneyField()
    snapshot = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "billing_bill"
        constraints = [
            models.UniqueConstraint(fields=["month", "account", "run"], name="one_bill_per_month_and_run"),
            models.UniqueConstraint(fields=["month", "number"], name="bill_numbers_are_unique"),
            models.CheckConstraint(
                name="bill_adds_up",
                condition=models.Q(
                    closing=models.F("opening")
                    + models.F("charged")
                    + models.F("corrected")
                    + models.F("penalties")
                    - models.F("paid")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["account"], name="bill_by_account"),
            BrinIndex(fields=["run"], name="bill_by_run", autosummarize=True, pages_per_range=32),
        ]
        triggers = [
            *append_only(),
            References(Reference("account_id", "accounts_account"), Reference("run_id", "billing_run")),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}/{self.number}"


@keep_history()
class Recalculation(models.Model):
    """Charged months of an account under which something changed: waits until an engineer says what came of it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    months = ArrayField(models.DateField())
    why = models.CharField(max_length=20, choices=[(w.value, w.value) for w in Why])
    reason = models.TextField()

    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        db_table = "billing_recalculation"
        constraints = [
            models.CheckConstraint(name="a_recalculation_is_of_some_month", condition=models.Q(months__len__gt=0)),
            models.CheckConstraint(
                name="a_settled_recalculation_says_what_came_of_it",
                condition=models.Q(settled_at=None, outcome="")
                | (models.Q(settled_at__isnull=False) & ~models.Q(outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="recalculation_waits", condition=models.Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.why}"
