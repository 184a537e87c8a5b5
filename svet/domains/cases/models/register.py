"""The register of appeals: cases with their applicants, events and whom they complain about; the subjects.

A case is its events (`CaseEvent`, never rewritten). Its row is what they come to, changed in the same transaction by
`actions.events.append` alone, so it keeps no history of its own.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.access.models import Unit
from svet.domains.accounts.models import Account
from svet.domains.cases.models.matters import Matter
from svet.domains.cases.rules.matters import Field
from svet.domains.cases.rules.register import (
    OPEN_STATES,
    ApplicantKind,
    CaseChannel,
    CaseKind,
    CaseState,
    EventKind,
    Resolution,
)
from svet.domains.customers.models import Customer
from svet.infra.appendonly import append_only
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history

OPEN = models.Q(state__in=OPEN_STATES)
OWED = OPEN | models.Q(due_at__isnull=False)
"""Somebody owes something: an answer, or the reading of a letter that came after it."""


@keep_history()
class CaseSubject(models.Model):
    """What appeals are about: a tree, each row with its validity and source. `needs_more`: quality and reliability."""

    code = models.CharField(max_length=40)
    parent = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=120)
    field = models.CharField(max_length=16, choices=[(f.value, f.value) for f in Field])
    needs_more = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField(default=0)
    valid = ValidityField()
    source = models.CharField(max_length=300)

    class Meta:
        db_table = "cases_subject"
        constraints = [
            never_two_at_once("a_subject_is_valid_once_at_a_time", "code"),
            models.CheckConstraint(
                name="a_subject_does_not_stand_below_itself", condition=~models.Q(parent=models.F("code"))
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CaseOffice(models.Model):
    """The place of an office in case numbers, given with its first case; 0 is no office (letters, site, mail)."""

    code = models.CharField(max_length=60, unique=True, blank=True)
    place = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        db_table = "cases_office"

    def __str__(self) -> str:
        return f"{self.place:02d} {self.code}"


class Case(models.Model):
    """An appeal in the register: one number, whatever way it came (clause A2)."""

    number = models.CharField(max_length=16, unique=True)
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in CaseChannel])
    office_code = models.CharField(max_length=60, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True)
    receipt = models.TextField()

    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    title = models.CharField(max_length=300, blank=True)
    incoming_number = models.CharField(max_length=60, blank=True)
    envelope_on = models.DateField(null=True)
    bill_month = models.DateField(null=True)
    bill_number = models.CharField(max_length=24, blank=True)
    violated_at = models.CharField(max_length=200, blank=True)
    demands = models.CharField(max_length=1000, blank=True)

    # what the events come to
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in CaseState])
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in CaseKind])
    subject = models.CharField(max_length=40)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    resolution = models.CharField(max_length=24, choices=[(r.value, r.value) for r in Resolution], blank=True)
    missing = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", null=True)
    is_unread = models.BooleanField(default=False)
    is_escalated = models.BooleanField(default=False)
    reopened = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    events_count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "cases_case"
        constraints = [
            models.CheckConstraint(
                name="a_case_is_registered_after_it_came",
                condition=models.Q(registered_at__gte=models.F("received_at")),
            ),
            models.CheckConstraint(
                name="a_case_is_not_merged_into_itself", condition=~models.Q(merged_into=models.F("pk"))
            ),
            models.CheckConstraint(
                name="an_ended_case_says_how_it_ended",
                condition=models.Q(state__in=OPEN_STATES, resolution="")
                | (~models.Q(state__in=OPEN_STATES) & ~models.Q(resolution="")),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-registered_at"], name="case_by_account"),
            models.Index(fields=["registered_at"], name="case_by_registration"),
            models.Index(fields=["assignee", "due_at"], condition=OWED, name="owed_case_by_assignee"),
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="case_by_due"),
            models.Index(fields=["subject", "-id"], name="case_by_subject"),
            models.Index(fields=["channel", "-id"], name="case_by_channel"),
            models.Index(fields=["assignee", "-id"], name="case_by_assignee"),
            models.Index(fields=["matter"], name="case_by_matter"),
            models.Index(fields=["id"], condition=OPEN, name="open_case"),
            models.Index(fields=["id"], condition=models.Q(is_unread=True), name="unread_case"),
            models.Index(fields=["id"], condition=models.Q(is_escalated=True), name="escalated_case"),
            models.Index(fields=["kind", "-id"], name="case_by_kind"),
            models.Index(fields=["state", "-id"], name="case_by_state"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseEvent(models.Model):
    """One thing that happened to a case. `by` is empty where no person did it: a job, a gate, the applicant."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    position = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in EventKind])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "cases_event"
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="events_of_a_case_stand_in_a_row"),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="case_event_by_kind")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.case_id} #{self.position} {self.kind}"


@keep_history()
class CaseApplicant(models.Model):
    """Who applies, as he says it; `place` 1 is who is answered. `secrets` are sealed (birth, passport)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="applicants")
    place = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ApplicantKind])
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    postal_address = models.CharField(max_length=300, blank=True)
    account_number = models.CharField(max_length=40, blank=True)
    contract_number = models.CharField(max_length=60, blank=True)
    supply_address = models.CharField(max_length=300, blank=True)
    secrets = models.TextField(blank=True)

    class Meta:
        db_table = "cases_applicant"
        constraints = [
            models.UniqueConstraint(fields=["case", "place"], name="an_applicant_has_a_place_of_his_own"),
        ]
        indexes = [
            models.Index(fields=["customer"], condition=models.Q(customer__isnull=False), name="applicant_by_customer"),
            models.Index(fields=["user"], condition=models.Q(user__isnull=False), name="applicant_by_user"),
            models.Index(fields=["email"], condition=~models.Q(email=""), name="applicant_by_email"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.name}"


class CaseAbout(models.Model):
    """An employee or a unit that a case complains about; they and those below them never see it (clause A7)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="about")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_about"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=models.Q(user__isnull=False), name="an_employee_is_named_once"
            ),
            models.UniqueConstraint(
                fields=["case", "unit"], condition=models.Q(unit__isnull=False), name="a_unit_is_named_once"
            ),
            models.CheckConstraint(
                name="a_complaint_is_about_an_employee_or_a_unit",
                condition=models.Q(user__isnull=False, unit__isnull=True)
                | models.Q(user__isnull=True, unit__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="about_by_user"),
            models.Index(fields=["unit"], name="about_by_unit"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.case_id} about {self.user_id or self.unit_id}"
