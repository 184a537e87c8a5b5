"""A contact with a customer at the desk, and identifications. A contact is closed once; an identification stands."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from svet.domains.accounts.models import Account
from svet.domains.cases.rules.contacts import ContactChannel, Ending, Settled, Subject
from svet.domains.cases.rules.identity import DocumentKind, Outcome, Way
from svet.infra.appendonly import append_only
from svet.infra.history import keep_history


@keep_history()
class ServiceContact(models.Model):
    """A visit, call or letter served by one operator (clause G3). `account` is empty until it is known."""

    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=[(c.value, c.value) for c in ContactChannel])
    office_code = models.CharField(max_length=60, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    caller_name = models.CharField(max_length=300, blank=True)

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=24, choices=[(e.value, e.value) for e in Ending], blank=True)
    subjects = ArrayField(
        models.CharField(max_length=20, choices=[(s.value, s.value) for s in Subject]), default=list, blank=True
    )
    settled = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Settled], blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        db_table = "cases_service_contact"
        constraints = [
            models.UniqueConstraint(
                fields=["operator"],
                condition=models.Q(ended_at__isnull=True),
                name="an_operator_serves_one_contact_at_a_time",
            ),
            models.CheckConstraint(
                name="an_ended_contact_says_how_it_ended",
                condition=models.Q(ended_at__isnull=True, ending="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ending="")),
            ),
            models.CheckConstraint(
                name="a_contact_ends_after_it_began",
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("began_at")),
            ),
            models.CheckConstraint(
                name="a_finished_contact_says_whether_it_settled",
                condition=~models.Q(ending=Ending.FINISHED) | (~models.Q(settled="") & ~models.Q(subjects=[])),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-began_at"], name="contact_by_account"),
            models.Index(fields=["began_at"], name="contact_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} by {self.operator_id} at {self.began_at:%Y-%m-%d %H:%M}"


class Identification(models.Model):
    """How it was made sure to whom the account is opened: what the caller said and only whether each item agreed."""

    at = models.DateTimeField()
    operator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(
        ServiceContact, on_delete=models.PROTECT, related_name="identifications", null=True, blank=True
    )
    way = models.CharField(max_length=16, choices=[(w.value, w.value) for w in Way], blank=True)
    purpose = models.CharField(max_length=60)
    document_kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in DocumentKind], blank=True)
    document_tail = models.CharField(max_length=4, blank=True)
    said_name = models.CharField(max_length=300, blank=True)
    said_number = models.CharField(max_length=40, blank=True)
    said_address = models.CharField(max_length=300, blank=True)
    power_of_attorney = models.CharField(max_length=200, blank=True)
    name_agrees = models.BooleanField(null=True)
    number_agrees = models.BooleanField(null=True)
    address_agrees = models.BooleanField(null=True)
    outcome = models.CharField(max_length=20, choices=[(o.value, o.value) for o in Outcome])
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "cases_identification"
        constraints = [
            models.CheckConstraint(
                name="inner_work_has_no_contact_and_the_rest_has_one",
                condition=models.Q(way=Way.INNER, contact__isnull=True)
                | (~models.Q(way=Way.INNER) & models.Q(contact__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_refusal_says_why", condition=~models.Q(outcome=Outcome.REFUSED) | ~models.Q(reason="")
            ),
            models.CheckConstraint(
                name="a_document_seen_is_named", condition=~models.Q(way=Way.DOCUMENT) | ~models.Q(document_kind="")
            ),
        ]
        indexes = [
            models.Index(fields=["account", "at"], name="identification_by_account"),
            models.Index(fields=["operator", "at"], name="identification_by_operator"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.operator_id} at {self.account_id}: {self.outcome}"
