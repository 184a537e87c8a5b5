"""Terms of cases: the reference table they come from, the clocks that run. A stopped clock is never touched again."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.cases.models.register import Case
from svet.domains.cases.rules.clocks import Awaited, ClockKind, ClockState, CountedFrom, Roll, TermUnit
from svet.domains.cases.rules.register import ApplicantKind, CaseChannel, CaseKind
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history


@keep_history()
class CaseTerm(models.Model):
    """How long something may take, for whom, from when to when, and by which act. An empty selector means any."""

    code = models.CharField(max_length=40)
    clock = models.CharField(max_length=24, choices=[(k.value, k.value) for k in ClockKind])
    subject = models.CharField(max_length=40, blank=True)
    case_kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in CaseKind], blank=True)
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in CaseChannel], blank=True)
    applicant_kind = models.CharField(max_length=20, choices=[(a.value, a.value) for a in ApplicantKind], blank=True)

    days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16, choices=[(u.value, u.value) for u in TermUnit])
    counted_from = models.CharField(max_length=20, choices=[(c.value, c.value) for c in CountedFrom])
    roll = models.CharField(max_length=24, choices=[(r.value, r.value) for r in Roll])
    warn_before = models.PositiveSmallIntegerField()
    most_extension = models.PositiveSmallIntegerField(default=0)
    valid = ValidityField()
    source = models.CharField(max_length=300)

    class Meta:
        db_table = "cases_term"
        constraints = [
            never_two_at_once("a_term_is_valid_once_at_a_time", "code"),
            models.CheckConstraint(name="a_term_lasts", condition=models.Q(days__gt=0)),
        ]

    def __str__(self) -> str:
        return self.code


class CaseClock(models.Model):
    """A term that runs in a case. `because` says step by step why it ends when it ends.

    A pause ends by itself after the day `paused_until`, earlier when who is awaited answers; `resume_notice` is what
    the applicant is told then, `NEW_TERM` in it stands for the new day.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in ClockKind])
    term = models.ForeignKey(CaseTerm, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=16, choices=[(u.value, u.value) for u in TermUnit])
    started_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    because = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    address = models.CharField(max_length=254, blank=True)

    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in ClockState], default=ClockState.RUNNING)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateField(null=True)
    awaits = models.CharField(max_length=20, choices=[(a.value, a.value) for a in Awaited], blank=True)
    resume_notice = models.TextField(blank=True)
    stopped_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    extended_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "cases_clock"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=~models.Q(state=ClockState.STOPPED),
                name="a_clock_of_a_kind_runs_once_in_a_case",
            ),
            models.CheckConstraint(
                name="a_stopped_clock_says_when",
                condition=models.Q(state=ClockState.STOPPED, stopped_at__isnull=False)
                | (~models.Q(state=ClockState.STOPPED) & models.Q(stopped_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_paused_clock_says_since_when",
                condition=~models.Q(state=ClockState.PAUSED) | models.Q(paused_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["warn_at"],
                condition=models.Q(state=ClockState.RUNNING, escalated_at__isnull=True),
                name="clock_to_warn_of",
            ),
            models.Index(
                fields=["paused_until"], condition=models.Q(state=ClockState.PAUSED), name="clock_that_stands_until"
            ),
            models.Index(fields=["stopped_at"], name="clock_by_stop"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_stopped_clock_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ClockState.STOPPED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id} until {self.due_at:%Y-%m-%d}"


@keep_history()
class Absence(models.Model):
    """An employee is away, and who takes over his open cases (nobody: they go back to the queue)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    valid = ValidityField()
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_absence"
        constraints = [
            never_two_at_once("an_employee_is_away_once_at_a_time", "user"),
            models.CheckConstraint(name="nobody_is_his_own_deputy", condition=~models.Q(user=models.F("deputy"))),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} away"
