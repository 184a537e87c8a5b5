"""Customers, how to reach them, what they agreed to and how they want to be told. No accounts: those point here."""

from __future__ import annotations

from django.db import models

from svet.domains.customers.rules import ConsentPurpose, ContactKind, CustomerKind, Subject, Way, full_name
from svet.infra.appendonly import append_only
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history


@keep_history()
class Customer(models.Model):
    """A person, sole trader, company or utility service provider (clause G1)."""

    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in CustomerKind])
    code = models.CharField(max_length=40, unique=True)

    family_name = models.CharField(max_length=80, blank=True)
    given_name = models.CharField(max_length=80, blank=True)
    patronymic = models.CharField(max_length=80, blank=True)
    organisation_name = models.CharField(max_length=255, blank=True)

    inn = models.CharField(max_length=12, blank=True)
    kpp = models.CharField(max_length=9, blank=True)
    ogrn = models.CharField(max_length=15, blank=True)

    class Meta:
        db_table = "customers_customer"
        constraints = [
            models.CheckConstraint(
                name="a_person_has_a_name_and_a_firm_has_a_title",
                condition=(
                    models.Q(kind__in=[CustomerKind.PERSON, CustomerKind.SOLE_TRADER]) & ~models.Q(family_name="")
                )
                | (
                    models.Q(kind__in=[CustomerKind.COMPANY, CustomerKind.UTILITY_PROVIDER])
                    & ~models.Q(organisation_name="")
                ),
            )
        ]
        indexes = [models.Index(fields=["family_name", "given_name"], name="customer_by_name")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name for letters and bills."""
        person = full_name(family_name=self.family_name, given_name=self.given_name, patronymic=self.patronymic)
        return self.organisation_name or person


@keep_history()
class Contact(models.Model):
    """A phone (E.164), an e-mail or a postal address of a customer, with its time of validity."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in ContactKind])
    value = models.CharField(max_length=255)

    valid = ValidityField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "customers_contact"
        constraints = [never_two_at_once("a_contact_is_valid_once_at_a_time", "customer", "kind", "value")]
        indexes = [models.Index(fields=["kind", "value"], name="contact_by_value")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind} {self.value}"


class Consent(models.Model):
    """What a customer agreed to, or no longer does: the latest row of a purpose is the one in force."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in ConsentPurpose])
    is_given = models.BooleanField()
    at = models.DateTimeField()
    text_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)

    class Meta:
        db_table = "customers_consent"
        constraints = [
            models.CheckConstraint(name="a_consent_says_to_which_text", condition=~models.Q(text_version="")),
        ]
        indexes = [models.Index(fields=["customer", "purpose", "-id"], name="consent_by_purpose")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.purpose} {'given' if self.is_given else 'withdrawn'} {self.at:%Y-%m-%d}"


@keep_history()
class Preference(models.Model):
    """By which way a customer wants to be told of a subject; without a row he is not told."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="preferences")
    subject = models.CharField(max_length=20, choices=[(s.value, s.value) for s in Subject])
    way = models.CharField(max_length=8, choices=[(w.value, w.value) for w in Way])

    class Meta:
        db_table = "customers_preference"
        constraints = [
            models.UniqueConstraint(name="a_customer_prefers_one_way_for_a_subject", fields=["customer", "subject"])
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.subject} by {self.way}"
