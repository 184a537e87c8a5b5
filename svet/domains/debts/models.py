"""Dated terms of penalties with their sources; runs that accrue them; accruals with the intervals they are made of.

Accruals and their lines are append-only: what turned out wrong is taken back by lines with the base turned, in a later
accrual of the account, and its amount is the difference of two computations.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.debts.rules import RunState, ShardState
from svet.infra.appendonly import append_only
from svet.infra.fields import MoneyField, MonthField, ValidityField, never_two_at_once
from svet.infra.history import keep_history
from svet.infra.references import Reference, References, never_deleted


@keep_history()
class KeyRate(models.Model):
    """The key rate of the Bank of Russia from a day on, until the next one."""

    from_on = models.DateField(unique=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    source = models.TextField()

    class Meta:
        db_table = "debts_key_rate"
        constraints = [models.CheckConstraint(name="key_rate_is_positive", condition=models.Q(percent__gt=0))]

    def __str__(self) -> str:
        return f"{self.percent} % from {self.from_on}"


class KeyRateCheck(models.Model):
    """Somebody made sure that the key rates are known up to a day; beyond the last such day nothing is guessed."""

    known_until = models.DateField()
    source = models.TextField()
    checked_at = models.DateTimeField()
    checked_by = models.BigIntegerField(null=True)

    class Meta:
        db_table = "debts_key_rate_check"
        triggers = append_only()

    def __str__(self) -> str:
        return f"known until {self.known_until}"


class RateCap(models.Model):
    """The percent above which the rate of penalties is not taken, over time; null says that there was no cap."""

    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    valid = ValidityField()
    source = models.TextField()

    class Meta:
        db_table = "debts_rate_cap"
        constraints = [never_two_at_once("one_cap_of_the_rate_at_a_time")]

    def __str__(self) -> str:
        return f"{self.percent} % from {self.valid.lower}"


class Moratorium(models.Model):
    """Days without penalties, as one reading of the act has them: a policy named `code` chooses the `variant`."""

    code = models.CharField(max_length=60)
    variant = models.CharField(max_length=60)
    valid = ValidityField()
    due_before = models.DateField(null=True)
    source = models.TextField()

    class Meta:
        db_table = "debts_moratorium"
        constraints = [models.UniqueConstraint(fields=["code", "variant"], name="one_moratorium_per_reading")]

    def __str__(self) -> str:
        return f"{self.code} ({self.variant})"


class PenaltyRun(models.Model):
    """One computation of penalties as of a day, posted into a month; a dry run writes previews instead.

    `past` is a digest of the terms of all days up to `as_of`. When they are what the run of the month before had,
    books are read since their last even day (`reads_since_even`).
    """

    month = MonthField()
    as_of = models.DateField()
    scope = models.CharField(max_length=120, default="all")
    dry = models.BooleanField(default=False)

    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RunState], default=RunState.ACCRUING)
    account_count = models.PositiveIntegerField(default=0)
    is_whole = models.BooleanField(default=False)
    past = models.CharField(max_length=64, blank=True)
    reads_since_even = models.BooleanField(default=False)
    policies = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    totals = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    started_at = models.DateTimeField()
    started_by = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "debts_run"
        constraints = [
            models.UniqueConstraint(
                fields=["scope"],
                name="one_accruing_run_per_scope",
                condition=models.Q(dry=False, state=RunState.ACCRUING),
            )
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} as of {self.as_of} {self.scope}{' (dry)' if self.dry else ''}"


class PenaltyShard(models.Model):
    """A piece of a run: the accounts with first_account_id <= id <= last_account_id."""

    run = models.ForeignKey(PenaltyRun, on_delete=models.CASCADE, related_name="shards")
    number = models.PositiveIntegerField()
    first_account_id = models.BigIntegerField()
    last_account_id = models.BigIntegerField()

    state = models.CharField(max_length=6, choices=[(s.value, s.value) for s in ShardState], default=ShardState.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    accounts = models.PositiveIntegerField(default=0)
    computed = models.PositiveIntegerField(default=0)
    accrued = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    amount = MoneyField(default=0)

    class Meta:
        db_table = "debts_run_shard"
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="penalty_shards_are_numbered")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number} {self.state}"


class PenaltyIssue(models.Model):
    """An account whose penalty a run could not compute, with the finding that says why; a later run solves it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(PenaltyRun, on_delete=models.CASCADE, related_name="issues")
    code = models.CharField(max_length=8)
    day = models.DateField()
    solved_by = models.ForeignKey(PenaltyRun, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        db_table = "debts_run_issue"
        constraints = [models.UniqueConstraint(fields=["account", "run"], name="penalties_are_parked_once_per_run")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.account_id} {self.code}"


class Accrual(models.Model):
    """What one run added to an account's penalties (minus: took off): `total` now, `amount` more than before.

    `even_on`: the last day, in a month closed then, on which nothing was owed; `kept` was kept on it.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    version = models.PositiveIntegerField()
    run = models.ForeignKey(
        PenaltyRun, on_delete=models.PROTECT, related_name="accruals", db_index=False, db_constraint=False
    )
    month = MonthField()
    as_of = models.DateField()
    total = MoneyField()
    amount = MoneyField()
    even_on = models.DateField(null=True)
    kept = MoneyField(default=0)
    accrued_at = models.DateTimeField()

    class Meta:
        db_table = "debts_accrual"
        constraints = [
            models.UniqueConstraint(fields=["account", "version"], name="accruals_of_an_account_are_numbered"),
            models.UniqueConstraint(fields=["run", "account"], name="a_run_accrues_once_per_account"),
        ]
        triggers = [
            *append_only(),
            References(Reference("account_id", "accounts_account"), Reference("run_id", "debts_run")),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} v{self.version} as of {self.as_of}: {self.amount}"


class AccrualLine(models.Model):
    """An interval that an accrual adds (base > 0) or takes back (base < 0): base × days × percent / share."""

    pk = models.CompositePrimaryKey("account", "accrual", "number")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    accrual = models.ForeignKey(
        Accrual, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField()
    debt_month = MonthField()
    due_on = models.DateField()
    from_on = models.DateField()
    until_on = models.DateField()
    base = MoneyField()
    share = models.PositiveSmallIntegerField()
    percent = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        db_table = "debts_accrual_line"
        constraints = [
            models.CheckConstraint(
                name="an_interval_holds_a_day", condition=models.Q(from_on__lt=models.F("until_on"))
            ),
        ]
        triggers = [
            *append_only(),
            References(Reference("accrual_id account_id", "debts_accrual", "id account_id")),
        ]

    def __str__(self) -> str:
        return f"{self.accrual_id}/{self.number}: {self.base} at {self.percent} % / {self.share}"


class Preview(models.Model):
    """What a dry run would add to an account's penalties."""

    run = models.ForeignKey(PenaltyRun, on_delete=models.CASCADE, related_name="previews")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    total = MoneyField()
    amount = MoneyField()

    class Meta:
        db_table = "debts_preview"
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="one_preview_of_penalties_per_account")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.account_id}: {self.amount}"
